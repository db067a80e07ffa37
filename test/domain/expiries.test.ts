import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayNumberOf, isoDateOfDay } from '../../src/domain/time.ts';
import { day, india, share } from '../support/india.ts';

const { contracts, calendar } = india;

/** `2026-03-30m<2026-03-31`: monthly, moved from the 31st. */
function told(underlying: string, from: string, to: string): string[] {
  return contracts
    .expiries(underlying, from, to)
    .map(({ date, kind, shiftedFrom }) => `${date}${kind[0]}${shiftedFrom ? `<${shiftedFrom}` : ''}`);
}

describe('expiries', () => {
  test('NIFTY moves from Thursday to Tuesday on 2025-09-01', () => {
    expect(told('NIFTY', '2025-08-11', '2025-10-31')).toEqual([
      ...[
        '2025-08-14w',
        '2025-08-21w',
        '2025-08-28m',
        '2025-09-02w',
        '2025-09-09w',
        '2025-09-16w',
        '2025-09-23w',
      ],
      ...['2025-09-30m', '2025-10-07w', '2025-10-14w', '2025-10-20w<2025-10-21', '2025-10-28m'],
    ]);
  });

  test('SENSEX moves from Tuesday to Thursday on that day', () => {
    expect(told('SENSEX', '2025-08-18', '2025-09-15')).toEqual([
      '2025-08-19w',
      '2025-08-26m',
      '2025-09-04w',
      '2025-09-11w',
    ]);
  });

  test.each([
    [
      'BANKNIFTY',
      '2024-04-01',
      '2024-04-30',
      ['2024-04-03w', '2024-04-10w', '2024-04-16w<2024-04-17', '2024-04-24m', '2024-04-30w<2024-05-01'],
    ],
    ['BANKNIFTY', '2024-12-01', '2025-01-31', ['2024-12-24m<2024-12-25', '2025-01-30m']],
    ['SENSEX', '2026-01-12', '2026-01-18', ['2026-01-14w<2026-01-15']],
    ['NIFTY', '2026-03-25', '2026-04-07', ['2026-03-30m<2026-03-31', '2026-04-07w']],
    [
      'NIFTY',
      '2026-11-08',
      '2026-11-24',
      ['2026-11-09w<2026-11-10', '2026-11-17w', '2026-11-23m<2026-11-24'],
    ],
    [
      'FINNIFTY',
      '2024-11-10',
      '2025-01-31',
      ['2024-11-12w', '2024-11-19w', '2024-11-26m', '2024-12-31m', '2025-01-30m'],
    ],
    ['MIDCPNIFTY', '2023-08-14', '2023-08-31', ['2023-08-16w', '2023-08-21w', '2023-08-28m']],
    ['BANKEX', '2026-08-01', '2026-10-31', ['2026-08-27m', '2026-09-24m', '2026-10-29m']],
    ['RELIANCE', '2025-08-01', '2025-10-31', ['2025-08-28m', '2025-09-30m', '2025-10-28m']],
    ['reliance', '2026-12-01', '2026-12-31', ['2026-12-29m']],
  ])('%s from %s to %s', (underlying, from, to, expected) => {
    expect(told(underlying, from, to)).toEqual(expected);
  });

  test('the Monday expiry announced for April 2025 never happened', () => {
    expect(told('NIFTY', '2025-04-01', '2025-04-30')).toEqual([
      ...['2025-04-03w', '2025-04-09w<2025-04-10', '2025-04-17w', '2025-04-24m', '2025-04-30w<2025-05-01'],
    ]);
  });

  test('an expiry moved out of the span is not told, one moved into it is', () => {
    expect(told('NIFTY', '2026-11-24', '2026-11-30')).toEqual([]);
    expect(told('NIFTY', '2026-11-23', '2026-11-23')).toEqual(['2026-11-23m<2026-11-24']);
  });

  test('a mistyped underlying is refused with the nearest one', () => {
    expect(() => contracts.expiries('NIFTTY', '2026-11-01', '2026-11-30')).toThrow('Did you mean "NIFTY"?');
  });

  test('an expiry beyond the calendar is refused', () => {
    expect(() => contracts.expiries('NIFTY', '2026-12-20', '2027-01-31')).toThrow(
      'the holidays of NFO on that day are not known',
    );
  });

  test('every expiry is a trading day, in order, once, and a longer span holds a shorter one', () => {
    const days = fc.integer({ min: day('2015-01-01'), max: day('2026-11-30') });
    const length = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(
        fc.constantFrom('NIFTY', 'BANKNIFTY', 'FINNIFTY', 'SENSEX', 'TCS'),
        days,
        length,
        (name, from, span) => {
          const to = Math.min(from + span, day('2026-12-31'));
          const dates = contracts
            .expiries(name, isoDateOfDay(from), isoDateOfDay(to))
            .map(({ date }) => date);
          expect(dates).toEqual([...new Set(dates)].sort());
          for (const date of dates) expect(calendar.session(share, dayNumberOf(date))).toBeDefined();
          const longer = contracts
            .expiries(name, isoDateOfDay(from - 10), isoDateOfDay(to))
            .map(({ date }) => date);
          expect(longer.filter((date) => dayNumberOf(date) >= from)).toEqual(dates);
        },
      ),
      { numRuns: 60 },
    );
  });
});
