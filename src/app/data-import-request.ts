import { type ColumnMapping, parseColumnMapping } from '../adapters/files/columns.ts';
import { type DateOrder, parseDateOrder } from '../adapters/files/date-order.ts';
import { type Format, formats } from '../adapters/files/layouts.ts';
import type { Stamps } from '../adapters/files/settle.ts';
import { type Zone, zoneOf } from '../adapters/files/zone.ts';
import { UsageError } from '../domain/errors.ts';
import { type InstrumentKind, parseKey } from '../domain/instrument.ts';
import { didYouMean } from '../domain/nearest.ts';
import { dayNumberOf, startOfDay } from '../domain/time.ts';
import { parseTimeframe, type Timeframe } from '../domain/timeframe.ts';
import type { Naming } from './import-naming.ts';

/** What the command line says, as typed. */
export interface DataImportRequest {
  readonly paths: readonly string[];
  /** Instrument of every row, `NSE:INFY`. */
  readonly as?: string | undefined;
  readonly exchange?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly format?: string | undefined;
  /** `time=Date,close=Last` */
  readonly columns?: string | undefined;
  readonly dateFormat?: string | undefined;
  readonly stamps?: Stamps | undefined;
  readonly timeZone?: string | undefined;
  /** Market whose rules apply, or `none`. */
  readonly calendar?: string | undefined;
  readonly kind?: InstrumentKind | undefined;
  readonly tick?: string | undefined;
  readonly lot?: string | undefined;
  readonly expiry?: string | undefined;
  readonly strike?: string | undefined;
  /** Comma-separated series of the cash market, `EQ,BE`. */
  readonly series?: string | undefined;
  /** Comma-separated symbols to keep. */
  readonly symbols?: string | undefined;
  /** First and last day to keep, India. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly dryRun?: boolean;
  readonly keepGoing?: boolean;
  readonly skipBadRows?: boolean;
}

/** The same, understood and checked. */
export interface ImportPlan {
  readonly paths: readonly string[];
  readonly naming: Naming;
  readonly timeframe: Timeframe | undefined;
  readonly format: Format | undefined;
  readonly columns: ColumnMapping;
  readonly order: DateOrder | undefined;
  readonly stamps: Stamps;
  readonly zone: Zone;
  readonly series: ReadonlySet<string> | undefined;
  readonly symbols: ReadonlySet<string> | undefined;
  /** Instants `from <= time < to`. */
  readonly from: number;
  readonly to: number;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly skipBadRows: boolean;
}

/** @throws UsageError for the first flag that makes no sense */
export function planImport(request: DataImportRequest): ImportPlan {
  if (request.paths.length === 0)
    throw new UsageError(
      'USAGE_PATH',
      'No file to import was named.',
      'Give files or folders: algo data import prices.csv',
    );
  const from = request.from === undefined ? Number.NEGATIVE_INFINITY : startOfDay(dayNumberOf(request.from));
  const to = request.to === undefined ? Number.POSITIVE_INFINITY : startOfDay(dayNumberOf(request.to) + 1);
  if (from >= to)
    throw new UsageError('USAGE_SPAN', `--from ${request.from} is after --to ${request.to}.`, 'Swap them.');
  const symbols = wordsOf('--symbols', request.symbols);
  return {
    paths: request.paths,
    naming: namingOf(request),
    timeframe: request.timeframe === undefined ? undefined : parseTimeframe(request.timeframe),
    format: formatOf(request.format),
    columns: request.columns === undefined ? new Map() : parseColumnMapping(request.columns),
    order: request.dateFormat === undefined ? undefined : parseDateOrder(request.dateFormat),
    stamps: request.stamps ?? 'start',
    zone: zoneOf(request.timeZone ?? 'Asia/Kolkata'),
    series: wordsOf('--series', request.series),
    symbols,
    from,
    to,
    dryRun: request.dryRun ?? false,
    keepGoing: request.keepGoing ?? false,
    skipBadRows: request.skipBadRows ?? false,
  };
}

function namingOf(request: DataImportRequest): Naming {
  const { as, exchange, calendar, kind, expiry } = request;
  if (as !== undefined && exchange !== undefined) {
    throw new UsageError(
      'USAGE_SYMBOL',
      '--as and --exchange were both given.',
      'Use --as NSE:INFY for one instrument, --exchange NSE for files that name their symbols.',
    );
  }
  if (expiry !== undefined) dayNumberOf(expiry);
  return {
    as: as === undefined ? undefined : parseKey(as),
    exchange: exchange?.toUpperCase(),
    calendar,
    kind,
    tick: numberOf('--tick', request.tick, (value) => value >= 0, 'a number of rupees, 0 for any price'),
    lot: numberOf(
      '--lot',
      request.lot,
      (value) => Number.isInteger(value) && value > 0,
      'a whole number of units above 0',
    ),
    strike: numberOf('--strike', request.strike, (value) => value > 0, 'a number of rupees above 0'),
    expiry,
  };
}

function numberOf(
  flag: string,
  text: string | undefined,
  valid: (value: number) => boolean,
  expected: string,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (valid(value)) return value;
  throw new UsageError('USAGE_NUMBER', `${flag} was "${text}"; expected ${expected}.`, `Correct ${flag}.`);
}

function wordsOf(flag: string, text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const words = text
    .split(',')
    .map((word) => word.trim().toUpperCase())
    .filter((word) => word !== '');
  if (words.length === 0)
    throw new UsageError('USAGE_LIST', `${flag} was empty.`, `Write ${flag} A,B or leave it out.`);
  return new Set(words);
}

function formatOf(text: string | undefined): Format | undefined {
  if (text === undefined) return undefined;
  const format = formats.find((each) => each === text.toLowerCase());
  if (format) return format;
  const hint = didYouMean(text, formats);
  throw new UsageError(
    'USAGE_FORMAT',
    `Unknown format "${text}".${hint}`,
    `Use one of ${formats.join(', ')}, or leave --format out.`,
  );
}
