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
  'nse-fo',
  'nse-pr',
  'bse-eq',
  'mcx',
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
  /** NSE unless it says otherwise. */
  readonly exchange?: string;
  /** Rows name underlying, expiry, strike and right, and no tradingsymbol. */
  readonly contracts?: true;
  /** The day stands in the file's name only. */
  readonly dayInName?: true;
  /** Symbols are the exchange's numbers for shares. */
  readonly codes?: true;
  /** Series that are shares, where it is not the usual ones; `undefined` keeps all. */
  readonly series?: ReadonlySet<string>;
}

// Quantities of the bundle are units, and the number of contracts beside them gives the lot.
const bundlePrices = {
  open: 'openprice',
  high: 'hiprice',
  low: 'loprice',
  close: 'closeprice',
  volume: 'trdqty',
  oi: 'openint',
  contracts: 'noofcont',
  underlying: 'symbol',
  expiry: 'expdate',
} as const;

/** Daily files of NSE, BSE and MCX: all of them day bars stamped with the trading day. */
const exchangeLayouts: readonly ExchangeLayout[] = [
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
      oi: 'opnintrst',
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
  {
    format: 'nse-fo',
    about: 'legacy derivatives bhavcopy',
    signature: ['instrument', 'symbol', 'expirydt', 'strikepr', 'optiontyp', 'contracts', 'timestamp'],
    columns: {
      time: 'timestamp',
      open: 'open',
      high: 'high',
      low: 'low',
      close: 'close',
      contracts: 'contracts',
      oi: 'openint',
      underlying: 'symbol',
      expiry: 'expirydt',
      strike: 'strikepr',
      optionType: 'optiontyp',
    },
    dates: 'dmy',
    exchange: 'NFO',
    contracts: true,
  },
  {
    format: 'nse-pr',
    about: 'options of the daily report bundle',
    signature: ['instrument', 'symbol', 'expdate', 'strprice', 'opttype', 'hiprice', 'trdqty'],
    columns: { ...bundlePrices, strike: 'strprice', optionType: 'opttype' },
    dates: 'dmy',
    exchange: 'NFO',
    contracts: true,
    dayInName: true,
  },
  {
    format: 'nse-pr',
    about: 'futures of the daily report bundle',
    signature: ['instrument', 'symbol', 'expdate', 'hiprice', 'loprice', 'trdqty'],
    columns: bundlePrices,
    dates: 'dmy',
    exchange: 'NFO',
    contracts: true,
    dayInName: true,
  },
  {
    format: 'nse-pr',
    about: 'shares of the daily report bundle',
    // The file of main prices (pr) has no symbols; this one has, and index values without one among its rows.
    signature: ['mkt', 'series', 'symbol', 'security', 'prevclpr', 'nettrdqty'],
    columns: {
      open: 'openprice',
      high: 'highprice',
      low: 'lowprice',
      close: 'closeprice',
      volume: 'nettrdqty',
      symbol: 'symbol',
      series: 'series',
    },
    dates: 'dmy',
    exchange: 'NSE',
    dayInName: true,
  },
  {
    format: 'bse-eq',
    about: 'legacy cash bhavcopy of BSE',
    signature: ['sccode', 'scname', 'sctype', 'noofshrs', 'prevclose'],
    columns: {
      open: 'open',
      high: 'high',
      low: 'low',
      close: 'close',
      volume: 'noofshrs',
      symbol: 'sccode',
      series: 'sctype',
    },
    dates: 'dmy',
    exchange: 'BSE',
    dayInName: true,
    codes: true,
    // Q are shares, P preference shares, B bonds and debentures.
    series: new Set(['Q']),
  },
  {
    format: 'mcx',
    about: 'bhavcopy of MCX',
    signature: ['date', 'instrumentname', 'symbol', 'expirydate', 'strikeprice', 'volumelots'],
    columns: {
      time: 'date',
      open: 'open',
      high: 'high',
      low: 'low',
      close: 'close',
      contracts: 'volumelots',
      oiLots: 'openinterestlots',
      underlying: 'symbol',
      expiry: 'expirydate',
      strike: 'strikeprice',
      optionType: 'optiontype',
    },
    dates: 'dmy',
    exchange: 'MCX',
    contracts: true,
  },
];

export function exchangeLayoutOf(
  headers: readonly string[],
  format: Format | undefined,
): ExchangeLayout | undefined {
  const plain = new Set(headers.map(plainName));
  const fits = (layout: ExchangeLayout) => layout.signature.every((name) => plain.has(name));
  const asked = exchangeLayouts.filter((layout) => format === undefined || layout.format === format);
  return asked.find(fits) ?? (format === undefined ? undefined : asked[0]);
}

/** @throws DataError DATA_LAYOUT naming the headers an asked-for layout lacks */
export function exchangeColumns(file: string, layout: ExchangeLayout, headers: readonly string[]): Columns {
  const plain = headers.map(plainName);
  const columns: Columns = {};
  const missing: string[] = [];
  for (const [role, name] of Object.entries(layout.columns)) {
    const column = plain.indexOf(name);
    if (column >= 0) Object.assign(columns, { [role]: column });
    else if (name !== layout.columns.oi && name !== layout.columns.oiLots) missing.push(name);
  }
  if (missing.length === 0) return columns;
  throw new DataError(
    'DATA_LAYOUT',
    `${file} is not a ${layout.about} (${layout.format}): it has no column ${missing.join(', ')}.`,
    'Leave --format out to let the content decide.',
  );
}
