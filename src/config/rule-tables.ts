import type {
  ClockWindow,
  CoverageRow,
  HolidayRow,
  SessionHoursRow,
  SpecialSessionRow,
  SquareOffRow,
} from '../domain/calendar.ts';
import type { FreezeQuantityRow, LotSizeRow, MarginRow, TickSizeRow } from '../domain/contract-rules.ts';
import { DataError } from '../domain/errors.ts';
import type { ExpiryWeekdayRow } from '../domain/expiries.ts';
import { type ContractClass, chargeSegments, hoursSegments } from '../domain/market-segment.ts';
import { type TariffRow, tariffLines } from '../domain/tariff.ts';
import { minuteOfClock, weekdayNames } from '../domain/time.ts';
import { readTable, type TableFile, type TableRow } from './dated-csv.ts';

/** Shipped tables by their path under `data/`. */
export const ruleTables = {
  coverage: 'calendar/coverage.csv',
  holidays: 'calendar/holidays.csv',
  currencyHolidays: 'calendar/holidays-currency.csv',
  commodityHolidays: 'calendar/holidays-commodity.csv',
  specialSessions: 'calendar/special-sessions.csv',
  sessionHours: 'calendar/session-hours.csv',
  squareOff: 'calendar/square-off.csv',
  zerodha: 'tariffs/zerodha.csv',
  tickSizes: 'contracts/tick-sizes.csv',
  lotSizes: 'contracts/lot-sizes.csv',
  freezeQuantities: 'contracts/freeze-quantities.csv',
  expiryWeekdays: 'contracts/expiry-weekdays.csv',
  margins: 'contracts/margins.csv',
} as const;
export type RuleTable = keyof typeof ruleTables;

const dated = ['from', 'to', 'source'];

export function readCoverage(file: TableFile): readonly CoverageRow[] {
  return readTable(file, ['market', ...dated], (row) => ({ market: row.text('market'), ...row.dated() }));
}

export function readHolidays(file: TableFile): readonly HolidayRow[] {
  return readTable(file, ['markets', 'closed', 'name', ...dated], (row) => ({
    markets: row.words('markets'),
    closed: row.word('closed', ['day', 'morning', 'evening']),
    name: row.text('name'),
    ...ended(row),
  }));
}

export function readSpecialSessions(file: TableFile): readonly SpecialSessionRow[] {
  return readTable(file, ['markets', 'windows', 'name', ...dated], (row) => ({
    markets: row.words('markets'),
    windows: windowsOf(row, 'windows'),
    name: row.text('name'),
    ...ended(row),
  }));
}

export function readSessionHours(file: TableFile): readonly SessionHoursRow[] {
  const columns = ['segment', 'us_time', 'preopen', 'windows', 'closing_auction', 'post_close', ...dated];
  return readTable(file, columns, (row) => ({
    segment: row.word('segment', hoursSegments),
    usTime: row.word('us_time', ['any', 'summer', 'winter']),
    windows: windowsOf(row, 'windows'),
    preopen: windowOf(row, 'preopen'),
    closingAuction: windowOf(row, 'closing_auction'),
    postClose: windowOf(row, 'post_close'),
    ...row.dated(),
  }));
}

export function readSquareOff(file: TableFile): readonly SquareOffRow[] {
  return readTable(file, ['segment', 'minutes_before_close', ...dated], (row) => ({
    segment: row.word('segment', hoursSegments),
    minutesBeforeClose: row.number('minutes_before_close'),
    ...row.dated(),
  }));
}

export function readTariff(file: TableFile): readonly TariffRow[] {
  const columns = ['segment', 'exchange', 'underlying', 'line', 'side', 'rate', 'unit', 'cap', ...dated];
  return readTable(file, columns, (row) => ({
    segment: row.word('segment', [...chargeSegments, '*']),
    exchange: row.word('exchange', ['NSE', 'BSE', 'MCX', '*']),
    underlyings: row.words('underlying'),
    line: row.word('line', tariffLines),
    side: row.word('side', ['buy', 'sell', 'both']),
    rate: row.number('rate'),
    unit: row.word('unit', ['percent', 'rupees', 'flag']),
    cap: row.numberOr('cap', Number.NaN),
    ...row.dated(),
  }));
}

const contractClasses: readonly ContractClass[] = [
  'CASH',
  'ETF',
  'INDEX',
  'INDEX_FUTURE',
  'INDEX_OPTION',
  'STOCK_FUTURE',
  'STOCK_OPTION',
  'CURRENCY_FUTURE',
  'CURRENCY_OPTION',
  'COMMODITY_FUTURE',
  'COMMODITY_OPTION',
];

export function readTickSizes(file: TableFile): readonly TickSizeRow[] {
  return readTable(file, ['class', 'exchange', 'up_to', 'tick', ...dated], (row) => ({
    class: row.word('class', contractClasses),
    exchange: row.word('exchange', ['NSE', 'BSE', '*']),
    upTo: row.numberOr('up_to', Number.POSITIVE_INFINITY),
    tick: row.text('tick') === 'own' ? Number.NaN : row.number('tick'),
    ...row.dated(),
  }));
}

export function readLotSizes(file: TableFile): readonly LotSizeRow[] {
  return readTable(file, ['exchange', 'underlying', 'lot', ...dated], (row) => ({
    exchange: row.word('exchange', ['NFO', 'BFO']),
    underlying: row.text('underlying'),
    lot: wholeOf(row, 'lot'),
    ...row.dated(),
  }));
}

export function readFreezeQuantities(file: TableFile): readonly FreezeQuantityRow[] {
  return readTable(file, ['exchange', 'underlying', 'quantity', ...dated], (row) => ({
    exchange: row.word('exchange', ['NFO', 'BFO']),
    underlying: row.text('underlying'),
    quantity: wholeOf(row, 'quantity'),
    ...row.dated(),
  }));
}

export function readExpiryWeekdays(file: TableFile): readonly ExpiryWeekdayRow[] {
  return readTable(file, ['exchange', 'underlying', 'contract', 'weekday', ...dated], (row) => ({
    exchange: row.word('exchange', ['NFO', 'BFO']),
    underlying: row.text('underlying'),
    contract: row.word('contract', ['weekly', 'monthly']),
    weekday: weekdayNames.indexOf(row.word('weekday', weekdayNames)),
    ...row.dated(),
  }));
}

export function readMargins(file: TableFile): readonly MarginRow[] {
  return readTable(file, ['class', 'product', 'side', 'percent', 'base', ...dated], (row) => ({
    class: row.word('class', contractClasses),
    product: row.word('product', ['CNC', 'MIS', 'NRML']),
    side: row.word('side', ['BUY', 'SELL', 'both']),
    percent: row.number('percent'),
    base: row.word('base', ['value', 'strike']),
    ...row.dated(),
  }));
}

function wholeOf(row: TableRow, column: string): number {
  const value = row.number(column);
  if (value > 0 && Number.isInteger(value)) return value;
  throw row.fail(column, 'a whole number above 0');
}

/** A row about single days needs its last one: a holiday without an end would close the market for ever. */
function ended(row: TableRow): ReturnType<TableRow['dated']> {
  const days = row.dated();
  if (Number.isFinite(days.to)) return days;
  throw row.fail('to', 'a day written YYYY-MM-DD');
}

function windowsOf(row: TableRow, column: string): readonly ClockWindow[] {
  return row.words(column).map((text) => parseWindow(row, column, text));
}

function windowOf(row: TableRow, column: string): ClockWindow | undefined {
  return row.text(column) === '' ? undefined : parseWindow(row, column, row.text(column));
}

const windowShape = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/;

function parseWindow(row: TableRow, column: string, text: string): ClockWindow {
  const [, from, to] = windowShape.exec(text) ?? [];
  if (from && to && from < to) return { from: minuteOfClock(from), to: minuteOfClock(to) };
  throw row.fail(column, 'windows such as 09:15-15:30');
}

/** Every table file must exist somewhere; this says which one does not. */
export function missingTable(path: string): DataError {
  return new DataError(
    'RULE_TABLE',
    `The table ${path} is missing.`,
    'Install algo again, or put the file back.',
  );
}
