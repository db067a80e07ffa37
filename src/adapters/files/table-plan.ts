import type { ContractTerms } from '../../domain/contract-symbol.ts';
import { DataError } from '../../domain/errors.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import { type ColumnMapping, type Columns, columnsOf } from './columns.ts';
import { type ContractFacts, contractNaming, dayOfFileName } from './contract-rows.ts';
import type { DateOrder } from './date-order.ts';
import { decimalIn } from './decimal.ts';
import { type ExchangeLayout, exchangeColumns, exchangeLayoutOf, type Format } from './layouts.ts';
import { delimiterOf, RowCutter } from './row-cutter.ts';
import { StampReader } from './stamp.ts';
import { zoneOf } from './zone.ts';

export interface TableOptions {
  readonly format?: Format | undefined;
  readonly columns: ColumnMapping;
  readonly order?: DateOrder | undefined;
  /** Series to keep where rows carry one; undefined takes the market's usual ones. */
  readonly series?: ReadonlySet<string> | undefined;
  /** What is known of contracts beyond the file: names of months and lots. */
  readonly facts?: ContractFacts | undefined;
}

/** How the rows of one text file are to be read. */
export interface TablePlan {
  /** What the file was recognised as, for the summary. */
  readonly about: string;
  readonly delimiter: number;
  /** Rows before the first bar: headers. */
  readonly headerRows: number;
  readonly headers: readonly string[];
  readonly columns: Columns;
  readonly order?: DateOrder | undefined;
  readonly timeframe?: Timeframe;
  readonly exchange?: string;
  /** The one symbol of the file, where its header says so. */
  readonly symbol?: string;
  /** Symbols are names of indices as NSE's website spells them. */
  readonly indices?: boolean;
  readonly series?: ReadonlySet<string> | undefined;
  /** Exchanges list contracts that did not trade, with zero prices. */
  readonly zeroIsUntraded: boolean;
  /** Each row carries its contract's expiry, strike and lot. */
  readonly contracts: boolean;
  /** Volume counts lots and becomes units. */
  readonly volumeInLots: boolean;
  /** The day of all rows, where the file's name tells it. */
  readonly day?: number | undefined;
  /** Makes tradingsymbols of rows that have none. */
  readonly naming?: ((terms: Omit<ContractTerms, 'monthly'>) => string) | undefined;
  /** Symbols are the exchange's numbers for shares. */
  readonly codes?: boolean;
}

/** Cash series an equity trader means: rolling settlement and trade-to-trade. */
export const usualSeries: ReadonlySet<string> = new Set(['EQ', 'BE']);

/** @throws DataError DATA_LAYOUT when the text is no table of prices we can read */
export function planTable(file: string, bytes: Uint8Array, options: TableOptions): TablePlan {
  const delimiter = delimiterOf(bytes);
  const cutter = new RowCutter(file, bytes, delimiter ?? 44);
  if (delimiter === undefined || !cutter.next()) throw unknown(file, 'its first line has no columns');
  const first = cutter.texts();
  const headerless = options.format === 'text' || (options.format === undefined && looksLikeBar(first));
  if (headerless) return headerlessPlan(file, first, delimiter, options);
  const layout = exchangeLayoutOf(first, options.format);
  if (layout) {
    const columns = exchangeColumns(file, layout, first);
    const base = {
      about: layout.about,
      delimiter,
      headerRows: 1,
      headers: first,
      order: options.order ?? layout.dates,
      timeframe: 'day',
      zeroIsUntraded: false,
      contracts: false,
      volumeInLots: false,
      series: options.series ?? usualSeries,
    } as const;
    if (layout.format === 'nse-udiff') return { ...base, ...udiff(file, first, columns, cutter, options) };
    return { ...base, ...daily(file, bytes, delimiter, layout, columns, options) };
  }
  return csvPlan(file, first, delimiter, cutter, options);
}

function daily(
  file: string,
  bytes: Uint8Array,
  delimiter: number,
  layout: ExchangeLayout,
  columns: Columns,
  options: TableOptions,
) {
  const { exchange = 'NSE', contracts = false } = layout;
  return {
    columns,
    exchange,
    indices: layout.format === 'nse-index',
    series: options.series ?? layout.series ?? usualSeries,
    ...(layout.dayInName && { day: dayOfFileName(file, layout.about) }),
    ...(layout.codes && { codes: true }),
    ...(contracts && {
      contracts,
      series: undefined,
      zeroIsUntraded: true,
      volumeInLots: columns.volume === undefined,
      naming: contractNaming({ file, bytes, delimiter, columns, exchange, facts: options.facts }),
    }),
  };
}

const exchangesBySegment = new Map([
  ['NSE CM', 'NSE'],
  ['BSE CM', 'BSE'],
  ['NSE FO', 'NFO'],
  ['BSE FO', 'BFO'],
  ['NSE CD', 'CDS'],
  ['BSE CD', 'BCD'],
  ['MCX CO', 'MCX'],
]);

/** Segment and source of a UDiFF file stand in its rows and are the same in all of them. */
function udiff(
  file: string,
  headers: readonly string[],
  columns: Columns,
  cutter: RowCutter,
  options: TableOptions,
) {
  const at = (name: string) => headers.findIndex((header) => header.toLowerCase() === name);
  if (!cutter.next()) throw noRows(file);
  const source = cutter.text(at('src')).toUpperCase();
  const segment = cutter.text(at('sgmt')).toUpperCase();
  const exchange = exchangesBySegment.get(`${source} ${segment}`);
  if (!exchange) {
    throw new DataError(
      'DATA_LAYOUT',
      `${file} line ${cutter.line}: received Src "${source}" with Sgmt "${segment}"; expected NSE, BSE or MCX with CM, FO, CD or CO.`,
      'Check where the file comes from.',
    );
  }
  if (segment === 'CM') {
    const { time, open, high, low, close, volume, symbol, series } = columns;
    const cash = { time, open, high, low, close, volume, symbol, series };
    // BSE's groups (A, B, T, X, …) are not NSE's series; all of them are shares.
    return {
      about: `UDiFF cash bhavcopy of ${exchange}`,
      exchange,
      columns: defined(cash),
      series: options.series ?? (exchange === 'BSE' ? undefined : usualSeries),
    };
  }
  const { series: _, ...rest } = columns;
  return {
    about: `UDiFF derivatives bhavcopy of ${exchange}`,
    exchange,
    columns: { ...rest, symbol: at('fininstrmnm'), underlying: columns.symbol ?? -1 },
    zeroIsUntraded: true,
    contracts: true,
    volumeInLots: segment === 'FO',
  };
}

function defined(columns: { readonly [K in keyof Columns]: Columns[K] | undefined }): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => column !== undefined));
}

function csvPlan(
  file: string,
  first: readonly string[],
  delimiter: number,
  cutter: RowCutter,
  options: TableOptions,
): TablePlan {
  let headers = first;
  let headerRows = 1;
  let symbol: string | undefined;
  // yfinance writes three header lines: prices, tickers, and the name of the index.
  if (first[0]?.toLowerCase() === 'price' && cutter.next() && cutter.text(0).toLowerCase() === 'ticker') {
    symbol = cutter.text(1);
    headers = ['Date', ...first.slice(1)];
    headerRows = cutter.next() && cutter.text(0).toLowerCase() === 'date' ? 3 : 2;
  }
  const columns = columnsOf(file, headers, options.columns);
  return {
    about: 'OHLCV table',
    delimiter,
    headerRows,
    headers,
    columns,
    order: options.order,
    ...(symbol === undefined ? {} : { symbol }),
    series: columns.symbol === undefined ? undefined : (options.series ?? usualSeries),
    zeroIsUntraded: false,
    contracts: columns.expiry !== undefined || columns.optionType !== undefined,
    volumeInLots: columns.volume === undefined && columns.contracts !== undefined,
  };
}

/** `[symbol,] date [, time], open, high, low, close [, volume [, open interest]]` by what the first row holds. */
function headerlessPlan(
  file: string,
  first: readonly string[],
  delimiter: number,
  options: TableOptions,
): TablePlan {
  const columns: Columns = {};
  let at = 0;
  if (!isStamp(first[at] ?? '') && isStamp(first[at + 1] ?? '')) columns.symbol = at++;
  columns.time = at++;
  if (/^\d{1,2}:\d{2}/.test(first[at] ?? '')) columns.clock = at++;
  for (const role of ['open', 'high', 'low', 'close', 'volume', 'oi'] as const) {
    if (at < first.length) columns[role] = at++;
  }
  for (const [role, position] of options.columns) columns[role] = positionOf(file, position, first.length);
  if (!looksLikeBar(first) && options.columns.size === 0)
    throw unknown(file, 'its first line is not symbol, date, time, open, high, low, close');
  const names = new Map(Object.entries(columns).map(([role, column]) => [column, role]));
  return {
    about: 'table without headers',
    delimiter,
    headerRows: 0,
    headers: first.map((_, column) => names.get(column) ?? `column ${column + 1}`),
    columns,
    order: options.order,
    zeroIsUntraded: false,
    contracts: false,
    volumeInLots: false,
  };
}

function positionOf(file: string, position: string, width: number): number {
  const column = Number(position) - 1;
  if (Number.isInteger(column) && column >= 0 && column < width) return column;
  throw new DataError(
    'DATA_LAYOUT',
    `${file} has no headers, so --columns cannot name "${position}".`,
    `Use positions from 1 to ${width}, for example --columns time=1,close=5.`,
  );
}

/** A first line that is a bar already: a stamp among its first two fields and at least four numbers. */
function looksLikeBar(fields: readonly string[]): boolean {
  const numbers = fields.filter((field) => isNumber(field)).length;
  return numbers >= 4 && (isStamp(fields[0] ?? '') || isStamp(fields[1] ?? ''));
}

function isNumber(text: string): boolean {
  const bytes = Buffer.from(text);
  return !Number.isNaN(decimalIn(bytes, 0, bytes.length));
}

const utc = zoneOf('UTC');

function isStamp(text: string): boolean {
  const bytes = Buffer.from(text);
  const problem = new StampReader(utc).read(bytes, 0, bytes.length);
  return problem === undefined || problem === 'ambiguous';
}

export function noRows(file: string): DataError {
  return new DataError('DATA_EMPTY', `${file} has a header and no rows.`, 'Export it again with data.');
}

function unknown(file: string, why: string): DataError {
  return new DataError(
    'DATA_LAYOUT',
    `${file} is no table of prices that algo knows: ${why}.`,
    "Expected are columns for time, open, high, low and close; name a layout with --format if it is one of the exchange's.",
  );
}
