import { z } from 'zod';
import { DataError } from '../../domain/errors.ts';
import { plainName } from './columns.ts';
import { delimiterOf, RowCutter } from './row-cutter.ts';
import { textBytes } from './text-bytes.ts';

/** One instrument of a list, as the file spells it, and its sector where the file has one. */
export interface ListedMember {
  readonly symbol: string;
  readonly sector?: string;
}

const symbolNames = ['instrument', 'tradingsymbol', 'symbol', 'ticker'];
const sectorNames = ['sector', 'industry'];
const comma = 44;

const scanSchema = z.object({ hits: z.array(z.object({ instrument: z.string().min(1) })) });

/**
 * Reads which instruments a list names: one a line with its sector behind a comma (lines that begin with # say nothing), a table with
 * a column of symbols such as NSE's lists of an index's members (Company Name, Industry, Symbol, Series, ISIN Code), or the document
 * of `algo scan --json`. Each symbol counts once.
 *
 * @throws DataError DATA_LAYOUT, DATA_SYMBOL, DATA_EMPTY with file and line
 */
export function readMemberList(file: string, content: Buffer): readonly ListedMember[] {
  const bytes = textBytes(file, content);
  const members = bytes.find((byte) => byte > 32) === 123 ? scanHits(file, bytes) : listed(file, bytes);
  if (members.size > 0) return [...members.values()];
  throw new DataError('DATA_EMPTY', `${file} names no instrument.`, 'Give one a line, such as NSE:INFY.');
}

function scanHits(file: string, bytes: Buffer): ReadonlyMap<string, ListedMember> {
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString('utf8'));
  } catch {
    document = undefined;
  }
  const scan = scanSchema.safeParse(document);
  if (scan.success)
    return new Map(scan.data.hits.map(({ instrument }) => [instrument, { symbol: instrument }]));
  throw new DataError(
    'DATA_LAYOUT',
    `${file} is JSON, but not what algo scan --json prints.`,
    'Give that document, a CSV with a column of symbols, or one instrument a line.',
  );
}

function listed(file: string, bytes: Buffer): ReadonlyMap<string, ListedMember> {
  const cutter = new RowCutter(file, bytes, delimiterOf(bytes) ?? comma);
  const members = new Map<string, ListedMember>();
  let place = { symbol: 0, sector: 1 };
  let first = true;
  let headed = false;
  while (cutter.next()) {
    if (cutter.text(0).startsWith('#')) continue;
    const header = first ? headerOf(cutter.texts()) : undefined;
    first = false;
    if (header) {
      place = header;
      headed = true;
      continue;
    }
    if (!headed && cutter.count > 2)
      throw new DataError(
        'DATA_LAYOUT',
        `${file} has no column of symbols; its columns are ${cutter.texts().join(', ')}.`,
        'Call the column "symbol", or write one instrument a line with its sector behind a comma.',
      );
    const symbol = place.symbol < cutter.count ? cutter.text(place.symbol).toUpperCase() : '';
    if (!/^[A-Z0-9][\w &:.*-]*$/.test(symbol))
      throw new DataError(
        'DATA_SYMBOL',
        `${file} line ${cutter.line}: "${symbol}" is no symbol.`,
        'Write one instrument a line, such as NSE:INFY, or give a CSV with a column "symbol".',
      );
    const sector = place.sector >= 0 && place.sector < cutter.count ? cutter.text(place.sector) : '';
    members.set(symbol, sector === '' ? { symbol } : { symbol, sector });
  }
  return members;
}

function headerOf(texts: readonly string[]): { symbol: number; sector: number } | undefined {
  const plain = texts.map(plainName);
  const symbol = plain.findIndex((name) => symbolNames.includes(name));
  if (symbol < 0) return undefined;
  return {
    symbol,
    sector: plain.findIndex((name) => sectorNames.includes(name)),
  };
}
