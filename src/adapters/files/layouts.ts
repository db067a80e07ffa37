import { DataError } from '../../domain/errors.ts';
import { type Columns, plainName, type Role } from './columns.ts';
import type { DateOrder } from './date-order.ts';

/** Layouts that can be asked for by name; without a name the content decides. */
export const formats = [
  'csv',
  'text',
  'kite-json',
  'nse-bhavcopy',
  'nse-udiff',
  'nse-full',
  'nse-index',
  'parquet',
] as const;
export type Format = (typeof formats)[number];

/** A file of the exchange: which headers give it away and what they mean. */
export interface ExchangeLayout {
  readonly format: Format;
  /** In a trader's words, for the summary. */
  readonly about: string;
  /** Headers that only this layout has together, letters and digits only. */
  readonly signature: readonly string[];
  readonly columns: Partial<Record<Role, string>>;
  readonly dates: DateOrder;
}

/** Daily files of NSE (and BSE, which shares UDiFF): all of them day bars stamped with the trading day. */
export const exchangeLayouts: readonly ExchangeLayout[] = [
  {
    format: 'nse-udiff',
    about: 'UDiFF bhavcopy',
    signature: ['traddt', 'fininstrmtp', 'tckrsymb', 'opnpric', 'clspric'],
    columns: {
      time: 'traddt',
      open: 'opnpric',
      high: 'hghpric',
      low: 'lwpric',
      close: 'clspric',
      volume: 'ttltradgvol',
      symbol: 'tckrsymb',
      series: 'sctysrs',
      expiry: 'fininstrmactlxprydt',
      strike: 'strkpric',
      optionType: 'optntp',
      lot: 'newbrdlotqty',
    },
    dates: 'ymd',
  },
  {
    format: 'nse-bhavcopy',
    about: 'legacy cash bhavcopy',
    signature: ['symbol', 'series', 'timestamp', 'tottrdqty', 'prevclose'],
    columns: {
      time: 'timestamp',
      open: 'open',
      high: 'high',
      low: 'low',
      close: 'close',
      volume: 'tottrdqty',
      symbol: 'symbol',
      series: 'series',
    },
    dates: 'dmy',
  },
  {
    format: 'nse-full',
    about: 'full bhavcopy with deliveries',
    signature: ['symbol', 'series', 'date1', 'openprice', 'ttltrdqnty'],
    columns: {
      time: 'date1',
      open: 'openprice',
      high: 'highprice',
      low: 'lowprice',
      close: 'closeprice',
      volume: 'ttltrdqnty',
      symbol: 'symbol',
      series: 'series',
    },
    dates: 'dmy',
  },
  {
    format: 'nse-index',
    about: 'index closing values',
    signature: ['indexname', 'indexdate', 'openindexvalue', 'closingindexvalue'],
    columns: {
      time: 'indexdate',
      open: 'openindexvalue',
      high: 'highindexvalue',
      low: 'lowindexvalue',
      close: 'closingindexvalue',
      volume: 'volume',
      symbol: 'indexname',
    },
    dates: 'dmy',
  },
];

export function exchangeLayoutOf(
  headers: readonly string[],
  format: Format | undefined,
): ExchangeLayout | undefined {
  const plain = new Set(headers.map(plainName));
  return exchangeLayouts.find(
    (layout) =>
      layout.format === format || (format === undefined && layout.signature.every((name) => plain.has(name))),
  );
}

/** @throws DataError DATA_LAYOUT naming the headers an asked-for layout lacks */
export function exchangeColumns(file: string, layout: ExchangeLayout, headers: readonly string[]): Columns {
  const plain = headers.map(plainName);
  const columns: Columns = {};
  const missing: string[] = [];
  for (const [role, name] of Object.entries(layout.columns)) {
    const column = plain.indexOf(name);
    if (column < 0) missing.push(name);
    else Object.assign(columns, { [role]: column });
  }
  if (missing.length === 0) return columns;
  throw new DataError(
    'DATA_LAYOUT',
    `${file} is not a ${layout.about} (${layout.format}): it has no column ${missing.join(', ')}.`,
    'Leave --format out to let the content decide.',
  );
}

/** A table of contracts we know by sight and cannot take, because its rows do not carry a tradingsymbol. */
export function isLegacyContractTable(headers: readonly string[]): boolean {
  const plain = new Set(headers.map(plainName));
  return plain.has('instrument') && plain.has('strikepr') && plain.has('expirydt');
}
