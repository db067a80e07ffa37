import { type ContractTerms, contractTradingsymbol } from '../../domain/contract-symbol.ts';
import { DataError } from '../../domain/errors.ts';
import { dayNumberOf, type IsoDate, istDate } from '../../domain/time.ts';
import type { Columns } from './columns.ts';
import { RowCutter } from './row-cutter.ts';
import { StampReader } from './stamp.ts';
import { zoneOf } from './zone.ts';

/** What is known of contracts and codes beyond the file that is read. Undefined where nothing is. */
export interface ContractFacts {
  /** Is it the last expiry of its month? */
  monthly(underlying: string, expiry: IsoDate): boolean | undefined;
  /** Units in a lot. */
  lotSize(exchange: string, terms: Omit<ContractTerms, 'monthly'>): number | undefined;
  /** Tradingsymbol of a share that the exchange's file calls by number. */
  shareOfCode(exchange: string, code: string): string | undefined;
}

const india = zoneOf('Asia/Kolkata');

/** Rights as files write them. American options (until 2010) had the same strikes and expiries as European ones have. */
const rights: Readonly<Record<string, 'CE' | 'PE'>> = { CE: 'CE', PE: 'PE', CA: 'CE', PA: 'PE' };

/** CE, PE, or FUT for whatever has no right: `XX`, a dash, nothing. */
export function rightOf(word: string): 'CE' | 'PE' | 'FUT' {
  return rights[word.trim().toUpperCase()] ?? 'FUT';
}

/** The day that `text` names, or undefined. */
export function dayIn(bytes: Uint8Array, from: number, to: number): IsoDate | undefined {
  const reader = new StampReader(india, 'dmy');
  return reader.read(bytes, from, to) ? undefined : istDate(reader.instant);
}

/**
 * Names the contracts of a file whose rows carry none. An option is monthly when the rules say so; where they do not know
 * the day, when no later expiry of its underlying in that month is in the file, since exchanges list the month's last one first.
 */
export function contractNaming(table: {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly delimiter: number;
  readonly columns: Columns;
  readonly exchange: string;
  readonly facts: ContractFacts | undefined;
}): (terms: Omit<ContractTerms, 'monthly'>) => string {
  const { facts } = table;
  let latest: ReadonlyMap<string, IsoDate> | undefined;
  const known = new Map<string, boolean>();
  return (terms) => {
    const { underlying, expiry } = terms;
    const name = `${underlying} ${expiry}`;
    let monthly = known.get(name);
    if (monthly === undefined) {
      monthly = facts?.monthly(underlying, expiry);
      if (monthly === undefined) {
        latest ??= latestExpiries(table);
        monthly = latest.get(`${underlying} ${expiry.slice(0, 7)}`) === expiry;
      }
      known.set(name, monthly);
    }
    return contractTradingsymbol({ ...terms, monthly });
  };
}

/** The last expiry of each underlying and month in a file. */
function latestExpiries({
  file,
  bytes,
  delimiter,
  columns,
}: {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly delimiter: number;
  readonly columns: Columns;
}): ReadonlyMap<string, IsoDate> {
  const { underlying = -1, expiry = -1 } = columns;
  const latest = new Map<string, IsoDate>();
  const cutter = new RowCutter(file, bytes, delimiter);
  cutter.next();
  while (cutter.next()) {
    if (cutter.count <= expiry) continue;
    const day = dayIn(bytes, cutter.starts[expiry], cutter.ends[expiry]);
    if (day === undefined) continue;
    const name = `${cutter.text(underlying).trim().toUpperCase()} ${day.slice(0, 7)}`;
    if (day > (latest.get(name) ?? '')) latest.set(name, day);
  }
  return latest;
}

/**
 * Day number of `op16122025.csv`, `EQ060521.CSV`, `fo161225.csv`: day, month, year.
 * @throws DataError DATA_TIME when the name does not tell it
 */
export function dayOfFileName(file: string, about: string): number {
  const base = file.split(/[/\\]/).at(-1) ?? '';
  const [, day, month, year] = /^[A-Za-z_]*(\d{2})(\d{2})(\d{4}|\d{2})\D/.exec(`${base}.`) ?? [];
  if (day !== undefined) {
    try {
      return dayNumberOf(`${year.length === 2 ? '20' : ''}${year}-${month}-${day}`);
    } catch {
      // A number that is no day is as good as none.
    }
  }
  throw new DataError(
    'DATA_TIME',
    `${file} is a file of ${about}, whose rows carry no date, and its name does not tell the day either.`,
    'Name it as the exchange does, with the day at its end: op16122025.csv or EQ060521.csv.',
  );
}
