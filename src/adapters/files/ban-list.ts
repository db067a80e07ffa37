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
 * Reads NSE's fo_secban.csv: `Securities in Ban For Trade Date 15-JUL-2019:`, then `1,DHFL` a line, or `NIL` behind the date. A list
 * without either may have been cut off and is refused: a share that is not named would seem free.
 *
 * @throws DataError DATA_LAYOUT, DATA_EMPTY with file and line
 */
export function readBanList(file: string, content: Buffer): BanList {
  const lines = textBytes(file, content)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim());
  const head = /securities in ban for trade date\s+(\d{1,2})-([a-z]{3})-(\d{4})\s*:?\s*(.*)$/i.exec(
    lines[0] ?? '',
  );
  const month = months.indexOf(head?.[2]?.toUpperCase() ?? '') + 1;
  if (!head || month === 0)
    throw new DataError(
      'DATA_LAYOUT',
      `${file} does not begin with "Securities in Ban For Trade Date DD-MON-YYYY:".`,
      "Give NSE's fo_secban.csv as it is.",
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
