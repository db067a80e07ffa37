import { DataError } from '../../domain/errors.ts';
import type { Listing } from '../../domain/listing.ts';
import { dayIn } from './contract-rows.ts';
import { decimalIn } from './decimal.ts';
import { RowCutter } from './row-cutter.ts';
import { rowProblem } from './row-problem.ts';
import { textBytes } from './text-bytes.ts';

const columns = [
  'instrument_token',
  'exchange_token',
  'tradingsymbol',
  'name',
  'expiry',
  'strike',
  'tick_size',
  'lot_size',
  'instrument_type',
  'segment',
  'exchange',
] as const;
const comma = 44;

/**
 * Reads Kite's list of instruments, the CSV of `GET /instruments` with or without an exchange.
 * @throws DataError DATA_LAYOUT, DATA_COLUMNS, DATA_NUMBER, DATA_TIME with file, line and column: a bad row refuses the whole list
 */
export function readInstrumentList(file: string, content: Buffer): Listing[] {
  const bytes = textBytes(file, content);
  const cutter = new RowCutter(file, bytes, comma);
  const headers = cutter.next() ? cutter.texts().map((header) => header.toLowerCase()) : [];
  const missing = columns.filter((column) => !headers.includes(column));
  if (missing.length > 0) {
    throw new DataError(
      'DATA_LAYOUT',
      `${file} is no list of instruments: it has no column ${missing.join(', ')}.`,
      'Give the CSV that Kite sends for /instruments, plain or gz.',
    );
  }
  const place = Object.fromEntries(columns.map((column) => [column, headers.indexOf(column)]));
  const listings: Listing[] = [];
  while (cutter.next()) {
    if (cutter.count !== headers.length) {
      throw new DataError(
        'DATA_COLUMNS',
        `${file} line ${cutter.line} has ${cutter.count} columns; expected ${headers.length}.`,
        'Download it again; it may be cut off.',
      );
    }
    const type = text('instrument_type');
    if (type !== 'EQ' && type !== 'FUT' && type !== 'CE' && type !== 'PE')
      throw problem('DATA_SYMBOL', 'instrument_type', 'EQ, FUT, CE or PE');
    if (text('tradingsymbol') === '' || text('exchange') === '')
      throw problem('DATA_SYMBOL', 'tradingsymbol', 'a tradingsymbol and an exchange');
    listings.push({
      exchange: text('exchange'),
      tradingsymbol: text('tradingsymbol'),
      token: figure('instrument_token'),
      exchangeToken: figure('exchange_token'),
      name: text('name'),
      expiry: expiry(),
      strike: figure('strike'),
      tickSize: figure('tick_size'),
      lotSize: figure('lot_size'),
      type,
      segment: text('segment'),
    });
  }
  if (listings.length > 0) return listings;
  throw new DataError('DATA_EMPTY', `${file} lists no instruments.`, 'Download it again.');

  function text(column: (typeof columns)[number]): string {
    return cutter.text(place[column]).trim();
  }

  function problem(code: string, column: (typeof columns)[number], expected: string): DataError {
    return rowProblem(code, { file, unit: 'line', line: cutter.line, column }, text(column), expected);
  }

  function figure(column: (typeof columns)[number]): number {
    if (cutter.blank(place[column])) return 0;
    const value = decimalIn(bytes, cutter.starts[place[column]], cutter.ends[place[column]]);
    if (value >= 0) return value;
    throw problem('DATA_NUMBER', column, 'a number of 0 or more');
  }

  function expiry(): string {
    if (cutter.blank(place.expiry)) return '';
    const day = dayIn(bytes, cutter.starts[place.expiry], cutter.ends[place.expiry]);
    if (day !== undefined) return day;
    throw problem('DATA_TIME', 'expiry', 'a date such as 2026-08-25');
  }
}
