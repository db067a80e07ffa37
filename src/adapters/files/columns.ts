import { DataError, UsageError } from '../../domain/errors.ts';
import { didYouMean, nearest } from '../../domain/nearest.ts';

/** What a column of a price table can mean. `clock` is a time of day beside a date; `contracts` and `oiLots` count lots. */
export const roles = [
  'time',
  'clock',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'symbol',
  'exchange',
  'series',
  'underlying',
  'expiry',
  'strike',
  'optionType',
  'lot',
  'contracts',
  'oi',
  'oiLots',
] as const;
export type Role = (typeof roles)[number];

/** Position of each column that means something, from 0. */
export type Columns = Partial<Record<Role, number>>;

/** Headers by role, letters and digits only, best first. */
const knownNames: Readonly<Record<Role, readonly string[]>> = {
  time: ['datetime', 'timestamp', 'dateandtime', 'ts', 'date', 'tradedate', 'date1', 'time'],
  clock: ['time'],
  open: ['open', 'openprice', 'o'],
  high: ['high', 'highprice', 'h'],
  low: ['low', 'lowprice', 'l'],
  close: ['close', 'closeprice', 'c'],
  volume: ['volume', 'vol', 'v', 'ttltrdqnty', 'tottrdqty', 'sharestraded', 'totaltradedquantity'],
  symbol: ['tradingsymbol', 'symbol', 'ticker', 'scrip'],
  exchange: ['exchange'],
  series: ['series'],
  underlying: ['symbol', 'ticker', 'underlyingsymbol', 'underlying'],
  expiry: ['actualexpiry', 'expiry', 'expirydate', 'expirydt'],
  strike: ['strike', 'strikeprice', 'strikepr'],
  optionType: ['optiontype', 'optiontyp'],
  lot: ['lot', 'lotsize'],
  contracts: ['contracts'],
  oi: ['oi', 'openinterest', 'openint', 'opnintrst'],
  oiLots: ['openinterestlots', 'oilots'],
};

const needed = ['time', 'open', 'high', 'low', 'close'] as const;

export function plainName(header: string): string {
  return header.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** A user's own naming of columns: role to header name, or to a position from 1 where there are no headers. */
export type ColumnMapping = ReadonlyMap<Role, string>;

/** Reads `time=Date,close=Last`. @throws UsageError USAGE_COLUMNS */
export function parseColumnMapping(text: string): ColumnMapping {
  const mapping = new Map<Role, string>();
  for (const pair of text.split(',')) {
    const [left = '', ...rest] = pair.split('=');
    const name = rest.join('=').trim();
    const word = left.trim().toLowerCase();
    const role =
      word === 'date' || word === 'datetime' ? 'time' : roles.find((each) => each.toLowerCase() === word);
    if (role && name) {
      mapping.set(role, name);
      continue;
    }
    const guess = nearest(word, roles);
    throw new UsageError(
      'USAGE_COLUMNS',
      `"${pair.trim()}" of --columns is not understood.${role === undefined && guess ? ` Did you mean "${guess}"?` : ''}`,
      `Write role=header pairs such as time=Date,close=Last; roles are ${roles.join(', ')}.`,
    );
  }
  return mapping;
}

/**
 * Which column means what, by header names in any case and order.
 * @throws DataError DATA_LAYOUT when time or a price is missing or named twice, or contracts have no tradingsymbol
 * @throws UsageError USAGE_COLUMNS when the mapping names a header that is not there
 */
export function columnsOf(file: string, headers: readonly string[], mapping: ColumnMapping): Columns {
  const columns: Columns = {};
  const claimed = new Set<number>();
  for (const [role, header] of mapping) {
    columns[role] = mappedColumn(file, headers, header);
    claimed.add(columns[role]);
  }
  const plain = headers.map((header, column) => (claimed.has(column) ? '' : plainName(header)));
  for (const role of roles) {
    if (columns[role] !== undefined) continue;
    for (const name of knownNames[role]) {
      const column = plain.indexOf(name);
      if (
        column < 0 ||
        (role === 'underlying' && column === columns.symbol) ||
        (role === 'clock' && column === columns.time)
      )
        continue;
      if (plain.lastIndexOf(name) > column) throw twice(file, headers[column], role);
      columns[role] = column;
      break;
    }
  }
  // pandas writes its index first and without a name; where nothing else tells the time, that is it.
  if (columns.time === undefined && plain[0] === '' && !claimed.has(0)) columns.time = 0;
  if (columns.time !== undefined && /^(datetime|timestamp|ts)$/.test(plain[columns.time]))
    delete columns.clock;
  const missing = needed.filter((role) => columns[role] === undefined);
  if (missing.length > 0) throw incomplete(file, headers, missing);
  if (
    columns.expiry !== undefined &&
    columns.symbol !== undefined &&
    plain[columns.symbol] !== 'tradingsymbol' &&
    !mapping.has('symbol')
  ) {
    throw new DataError(
      'DATA_LAYOUT',
      `${file} lists contracts (column "${headers[columns.expiry]}") but has no tradingsymbol column, so rows of one underlying cannot be told apart.`,
      'Add a tradingsymbol column, or name it with --columns symbol=….',
    );
  }
  return columns;
}

function mappedColumn(file: string, headers: readonly string[], name: string): number {
  const exact = headers.findIndex((header) => header.toLowerCase() === name.toLowerCase());
  if (exact >= 0) return exact;
  if (/^\d+$/.test(name) && Number(name) >= 1 && Number(name) <= headers.length) return Number(name) - 1;
  const hint = didYouMean(name, headers);
  throw new UsageError(
    'USAGE_COLUMNS',
    `${file} has no column "${name}".${hint}`,
    `Its columns are ${headers.map((header) => `"${header}"`).join(', ')}.`,
  );
}

function twice(file: string, header: string, role: Role): DataError {
  return new DataError(
    'DATA_LAYOUT',
    `${file} has two columns named "${header}".`,
    `Say which one counts by its position: --columns ${role}=2.`,
  );
}

function incomplete(file: string, headers: readonly string[], missing: readonly Role[]): DataError {
  const shown = headers
    .slice(0, 20)
    .map((header) => `"${header}"`)
    .join(', ');
  return new DataError(
    'DATA_LAYOUT',
    `${file} has no column for ${missing.join(', ')}; its columns are ${shown}${headers.length > 20 ? ', …' : ''}.`,
    `Name them with --columns, for example --columns ${missing.map((role) => `${role}=…`).join(',')}.`,
  );
}
