import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { adjustmentOf, dayRequests, finalAt, isDayFinal, joinedDays } from '../../src/domain/missing-days.ts';
import { instantOf, startOfDay } from '../../src/domain/time.ts';
import { day, india, share } from '../support/india.ts';

const { calendar } = india;

function daily(...dates: readonly string[]): BarSeries {
  const series = new BarSeries('NSE:INFY', 'day');
  for (const date of dates) series.append(startOfDay(day(date)), 100, 101, 99, 100, 10);
  return series;
}

const question = {
  instrument: share,
  timeframe: 'day' as const,
  calendar,
  asked: { from: day('2026-09-01'), to: day('2026-09-11') },
  stored: daily(),
  answered: [],
  spanDays: 2_000,
  force: false,
};

describe('requests for missing days', () => {
  test('of an empty store are whole spans, oldest first', () => {
    expect(dayRequests({ ...question, spanDays: 7 })).toEqual([
      { from: day('2026-09-01'), to: day('2026-09-07'), overlaps: false },
      { from: day('2026-09-08'), to: day('2026-09-11'), overlaps: false },
    ]);
  });

  test('are none where every session is stored or answered', () => {
    const stored = daily('2026-09-01', '2026-09-02', '2026-09-03');
    const answered = [{ from: day('2026-09-04'), to: day('2026-09-12') }];
    expect(dayRequests({ ...question, stored, answered })).toEqual([]);
  });

  test('read five stored days again before what is missing', () => {
    const stored = daily(
      '2026-09-01',
      '2026-09-02',
      '2026-09-03',
      '2026-09-04',
      '2026-09-07',
      '2026-09-08',
      '2026-09-09',
      '2026-09-10',
    );
    expect(dayRequests({ ...question, stored })).toEqual([
      { from: day('2026-09-04'), to: day('2026-09-11'), overlaps: true },
    ]);
  });

  test('that touch stored bars come first', () => {
    const stored = daily('2026-09-10', '2026-09-11');
    const requests = dayRequests({ ...question, stored, spanDays: 7 });
    expect(requests.map(({ overlaps }) => overlaps)).toEqual([true, false]);
    expect(requests[0].to).toBe(day('2026-09-11'));
  });

  test('a day of minutes that is only partly stored is asked for', () => {
    const stored = new BarSeries('NSE:INFY', '1m');
    for (let minute = 0; minute < 375; minute++)
      stored.append(instantOf(day('2026-09-01'), 555 + minute), 100, 101, 99, 100, 10);
    for (let minute = 0; minute < 100; minute++)
      stored.append(instantOf(day('2026-09-02'), 555 + minute), 100, 101, 99, 100, 10);
    const asked = { from: day('2026-09-01'), to: day('2026-09-02') };
    // The whole first of September is read again as the overlap.
    expect(dayRequests({ ...question, timeframe: '1m', stored, asked })).toEqual([
      { from: day('2026-09-01'), to: day('2026-09-02'), overlaps: true },
    ]);
    const answered = [{ from: day('2026-09-02'), to: day('2026-09-02') }];
    expect(dayRequests({ ...question, timeframe: '1m', stored, asked, answered })).toEqual([]);
  });

  test('weekdays beyond the calendar are asked for as if they traded', () => {
    const asked = { from: day('1991-01-05'), to: day('1991-01-08') };
    expect(dayRequests({ ...question, asked })).toEqual([
      { from: day('1991-01-07'), to: day('1991-01-08'), overlaps: false },
    ]);
  });
});

test('days that touch are one span', () => {
  expect(
    joinedDays([
      { from: 5, to: 6 },
      { from: 1, to: 2 },
      { from: 3, to: 3 },
      { from: 6, to: 9 },
    ]),
  ).toEqual([
    { from: 1, to: 3 },
    { from: 5, to: 9 },
  ]);
});

describe('a bar is final', () => {
  const friday = day('2026-09-04');
  const session = calendar.session(share, friday);

  test('a minute after its end', () => {
    expect(finalAt(instantOf(friday, 555), '5m', session)).toBe(instantOf(friday, 561));
  });

  test('that the close cuts short, a minute after the close', () => {
    expect(finalAt(instantOf(friday, 915), '1h', session)).toBe(instantOf(friday, 931));
  });

  test('of a day an hour after the close', () => {
    expect(finalAt(startOfDay(friday), 'day', session)).toBe(instantOf(friday, 990));
    expect(isDayFinal(friday, 'day', session, instantOf(friday, 990) - 1)).toBe(false);
    expect(isDayFinal(friday, 'day', session, instantOf(friday, 990))).toBe(true);
  });
});

describe('an adjustment', () => {
  const stored = daily('2026-09-01', '2026-09-02', '2026-09-03', '2026-09-04', '2026-09-07');
  const scaled = (factor: number, rows: number) => {
    const series = new BarSeries('NSE:INFY', 'day');
    for (let row = 0; row < stored.length; row++) {
      const price = row < rows ? 100 * factor : 100;
      series.append(stored.time[row], price, price + 1, price - 1, price, 10);
    }
    return series;
  };

  test('is the ratio by which all prices moved', () => {
    expect(adjustmentOf(stored, scaled(0.5, 5))).toBe(0.5);
    expect(adjustmentOf(stored, scaled(0.98, 5))).toBeCloseTo(0.98, 9);
  });

  test('is none where one candle was revised, prices are the same, or nothing overlaps', () => {
    expect(adjustmentOf(stored, scaled(0.5, 1))).toBe(1);
    expect(adjustmentOf(stored, scaled(1, 5))).toBe(1);
    expect(adjustmentOf(stored, daily('2026-09-08'))).toBe(1);
  });
});
