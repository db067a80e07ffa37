import { DataError } from '../../domain/errors.ts';
import { dayNumberOf, type IsoDate } from '../../domain/time.ts';
import { textBytes } from './text-bytes.ts';

/** Shares in which no new positions in futures and options may be taken on a day. */
export interface BanList {
  readonly day: IsoDate;
  readonly symbols: readonly string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * Reads the lists of a file: NSE's fo_secban.csv of one day, or a table with the columns `date,symbol` of any number of days, one line a
 * day and share, `NIL` for a day without any.
 *
 * @throws DataError DATA_LAYOUT, DATA_EMPTY with file and line
 */
export function readBanLists(file: string, content: Buffer): readonly BanList[] {
  const lines = linesOf(file, content);
  return /^date\s*,\s*symbol$/i.test(lines[0] ?? '') ? tableOf(file, lines) : [readBanList(file, lines)];
}

function linesOf(file: string, content: Buffer): readonly string[] {
  return textBytes(file, content)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim());
}

function tableOf(file: string, lines: readonly string[]): readonly BanList[] {
  const days = new Map<IsoDate, string[]>();
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line === '') continue;
    const [, day, symbol] = /^(\d{4}-\d{2}-\d{2})\s*,\s*([A-Z0-9][A-Z0-9&-]*)$/i.exec(line) ?? [];
    if (day === undefined || symbol === undefined)
      throw new DataError(
        'DATA_LAYOUT',
        `${file} line ${at + 1}: "${line}" is not a day and a share.`,
        'Write 2026-11-25,SAIL, and 2026-11-25,NIL for a day without bans.',
      );
    dayNumberOf(day);
    const symbols = days.get(day) ?? [];
    if (symbol.toUpperCase() !== 'NIL') symbols.push(symbol.toUpperCase());
    days.set(day, symbols);
  }
  if (days.size > 0) return [...days].map(([day, symbols]) => ({ day, symbols }));
  throw new DataError(
    'DATA_EMPTY',
    `${file} names no day.`,
    'Write one line a day and share: 2026-11-25,SAIL.',
  );
}

/**
 * Reads NSE's fo_secban.csv: `Securities in Ban For Trade Date 15-JUL-2019:`, then `1,DHFL` a line, or `NIL` behind the date. A list
 * without either may have been cut off and is refused: a share that is not named would seem free.
 */
function readBanList(file: string, lines: readonly string[]): BanList {
  const head = /securities in ban for trade date\s+(\d{1,2})-([a-z]{3})-(\d{4})\s*:?\s*(.*)$/i.exec(
    lines[0] ?? '',
  );
  const month = months.indexOf(head?.[2]?.toUpperCase() ?? '') + 1;
  if (!head || month === 0)
    throw new DataError(
      'DATA_LAYOUT',
      `${file} does not begin with "Securities in Ban For Trade Date DD-MON-YYYY:".`,
      "Give NSE's fo_secban.csv as it is, or a table with the columns date,symbol.",
    );
  const day = `${head[3]}-${String(month).padStart(2, '0')}-${head[1]?.padStart(2, '0')}`;
  dayNumberOf(day);
  const nothing = /^nil\.?$/i.test(head[4] ?? '') || lines.slice(1).some((line) => /^nil\.?$/i.test(line));
  const symbols = lines.slice(1).flatMap((line, at) => {
    if (line === '' || /^nil\.?$/i.test(line)) return [];
    const symbol = /^(?:\d+\s*,\s*)?"?([A-Z0-9][A-Z0-9&-]*)"?,?$/i.exec(line)?.[1];
    if (symbol) return [symbol.toUpperCase()];
    throw new DataError(
      'DATA_LAYOUT',
      `${file} line ${at + 2}: "${line}" is no share.`,
      'Download it again.',
    );
  });
  if (symbols.length > 0 || nothing) return { day, symbols };
  throw new DataError(
    'DATA_EMPTY',
    `${file} names no share of ${day} and does not say NIL.`,
    'Download it again; it may be cut off.',
  );
}
