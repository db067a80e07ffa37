import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DateOrder, parseDateOrder } from '../../../src/adapters/files/date-order.ts';
import { StampReader } from '../../../src/adapters/files/stamp.ts';
import { zoneOf } from '../../../src/adapters/files/zone.ts';
import { isoInstant } from '../../../src/domain/time.ts';

/** The instant read, as India writes it, or why it was not. */
function read(
  text: string,
  { zone = 'Asia/Kolkata', order }: { zone?: string; order?: DateOrder } = {},
): string {
  const reader = new StampReader(zoneOf(zone), order);
  const bytes = Buffer.from(text);
  return reader.read(bytes, 0, bytes.length) ?? isoInstant(reader.instant);
}

describe('a stamp without a zone is a clock reading of the given place', () => {
  test.each([
    ['2024-01-31', '2024-01-31T00:00:00+05:30'],
    ['2024-01-31 09:15', '2024-01-31T09:15:00+05:30'],
    ['2024-01-31T09:15:30', '2024-01-31T09:15:30+05:30'],
    ['2024-01-31 09:15:30.250', '2024-01-31T09:15:30.250+05:30'],
    ['2024/1/31 9:15 PM', '2024-01-31T21:15:00+05:30'],
    ['2024-01-31 12:00 am', '2024-01-31T00:00:00+05:30'],
    ['20240131', '2024-01-31T00:00:00+05:30'],
    ['20240131 0915', '2024-01-31T09:15:00+05:30'],
    ['20240131 915', '2024-01-31T09:15:00+05:30'],
    ['202401310915', '2024-01-31T09:15:00+05:30'],
    ['20240131091530', '2024-01-31T09:15:30+05:30'],
    ['31-Jan-2024', '2024-01-31T00:00:00+05:30'],
    ['31-JAN-24', '2024-01-31T00:00:00+05:30'],
    ['31 January 2024', '2024-01-31T00:00:00+05:30'],
    ['Jan 31, 2024', '2024-01-31T00:00:00+05:30'],
    ['31/01/2024', '2024-01-31T00:00:00+05:30'],
    ['01/31/2024', '2024-01-31T00:00:00+05:30'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));
});

describe('a stamp with a zone, or counted from 1970, is an instant anywhere', () => {
  test.each([
    ['2024-01-31T09:15:00+0530', '2024-01-31T09:15:00+05:30'],
    ['2024-01-31 09:15:00+05:30', '2024-01-31T09:15:00+05:30'],
    ['2024-01-31T03:45:00Z', '2024-01-31T09:15:00+05:30'],
    ['2024-01-30 22:45:00-05', '2024-01-31T09:15:00+05:30'],
    ['2024-01-31 09:15 IST', '2024-01-31T09:15:00+05:30'],
    ['1706672700', '2024-01-31T09:15:00+05:30'],
    ['1706672700.5', '2024-01-31T09:15:00.500+05:30'],
    ['1706672700000', '2024-01-31T09:15:00+05:30'],
    ['1706672700000000000', '2024-01-31T09:15:00+05:30'],
  ])('%s', (text, expected) => expect(read(text, { zone: 'America/New_York' })).toBe(expected));
});

describe('what is no stamp is refused with its reason', () => {
  test.each([
    ['', 'shape'],
    ['soon', 'shape'],
    ['2024-01-31x', 'shape'],
    ['2024-01-31 09:15 EST', 'shape'],
    ['2024-01', 'shape'],
    ['12345', 'shape'],
    ['2023-02-29', 'no-such-day'],
    ['1900-02-29', 'no-such-day'],
    ['31-Xxx-2024', 'shape'],
    ['2024-13-01', 'no-such-day'],
    ['2024-01-31 24:00', 'no-such-time'],
    ['2024-01-31 09:60', 'no-such-time'],
    ['2024-01-31 13:00 PM', 'no-such-time'],
    ['03/04/2024', 'ambiguous'],
  ])('"%s" is refused: %s', (text, reason) => expect(read(text)).toBe(reason));
});

test('a given order settles what could be read two ways', () => {
  expect(read('03/04/2024', { order: 'dmy' })).toBe('2024-04-03T00:00:00+05:30');
  expect(read('03/04/2024', { order: 'mdy' })).toBe('2024-03-04T00:00:00+05:30');
  expect(read('03042024', { order: 'dmy' })).toBe('2024-04-03T00:00:00+05:30');
  expect(read('31/04/2024', { order: 'mdy' })).toBe('no-such-day');
});

test('orders are read from the patterns people write', () => {
  const orders = [
    'YYYY-MM-DD',
    'yyyymmdd',
    'DD-MM-YYYY',
    'DD/MM/YYYY HH:mm',
    'M/D/YYYY',
    'DD-MON-YYYY',
    '%d/%m/%Y',
    '%m/%d/%Y %H:%M',
    'epoch',
    'epoch-ms',
  ];
  expect(orders.map(parseDateOrder)).toEqual([
    'ymd',
    'ymd',
    'dmy',
    'dmy',
    'mdy',
    'dmy',
    'dmy',
    'mdy',
    'epoch',
    'epoch-ms',
  ]);
});

test('clocks that change have an hour that never was and one that was twice', () => {
  const zone = 'America/New_York';
  expect(read('2024-03-10 01:59', { zone })).toBe('2024-03-10T12:29:00+05:30');
  expect(read('2024-03-10 02:30', { zone })).toBe('skipped-by-clocks');
  expect(read('2024-03-10 03:00', { zone })).toBe('2024-03-10T12:30:00+05:30');
  expect(read('2024-11-03 01:30', { zone })).toBe('shown-twice');
  expect(read('2024-11-03 02:00', { zone })).toBe('2024-11-03T12:30:00+05:30');
});

test('every second of every year reads back as itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_208_000_000, max: 4_102_000_000 }), (seconds) => {
      const text = isoInstant(seconds * 1_000);
      expect(read(text)).toBe(text);
      expect(read(text.slice(0, 19).replace('T', ' '))).toBe(text);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('an unknown zone names the nearest', () => {
  expect(() => zoneOf('America/New_Yrok')).toThrow(
    'Unknown time zone "America/New_Yrok". Did you mean "America/New_York"?',
  );
});
