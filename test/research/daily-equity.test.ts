import { describe, expect, test } from '@jest/globals';
import { dayNumberOf } from '../../src/domain/time.ts';
import { dailyEquity, returnsOf } from '../../src/research/daily-equity.ts';
import { curve } from '../support/outcomes.ts';

describe('equity by day', () => {
  test('a day is worth what its last mark says', () => {
    const daily = dailyEquity(
      curve([
        ['2026-04-01 09:30', 100],
        ['2026-04-01 15:30', 110],
        ['2026-04-02 09:30', 50],
        ['2026-04-02 23:45', 99],
        ['2026-04-06 15:30', 99],
      ]),
    );
    expect([...daily.day]).toEqual(['2026-04-01', '2026-04-02', '2026-04-06'].map(dayNumberOf));
    expect([...daily.equityPaise]).toEqual([11_000, 9_900, 9_900]);
  });

  test('a day ends at midnight in India, wherever the computer is', () => {
    const daily = dailyEquity(
      curve([
        ['2026-04-01 23:59', 1],
        ['2026-04-02 00:00', 2],
        ['2026-04-02 05:30', 3],
      ]),
    );
    expect([...daily.equityPaise]).toEqual([100, 300]);
  });

  test('a mark at midnight belongs to the day that begins, in the middle of a long curve too', () => {
    const before = Array.from({ length: 5 }, (_, at) => [`2026-04-01 23:5${at}`, at] as const);
    const after = Array.from({ length: 5 }, (_, at) => [`2026-04-02 00:0${at}`, 10 + at] as const);
    expect([...dailyEquity(curve([...before, ...after])).equityPaise]).toEqual([400, 1_400]);
  });

  test('every length of day is found, from one mark to hundreds', () => {
    const lengths = [1, 375, 2, 3, 63, 64, 65, 1, 1, 500];
    const marks = lengths.flatMap((length, day) =>
      Array.from({ length }, (_, at) => {
        const minute = 9 * 60 + 15 + at;
        const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        return [`2026-04-${String(day + 1).padStart(2, '0')} ${clock}`, day * 1_000 + at] as const;
      }),
    );
    expect([...dailyEquity(curve(marks)).equityPaise]).toEqual(
      lengths.map((length, day) => (day * 1_000 + length - 1) * 100),
    );
  });

  test('the first return is measured from the starting capital', () => {
    const daily = dailyEquity(
      curve([
        ['2026-04-01 15:30', 110],
        ['2026-04-02 15:30', 99],
      ]),
    );
    const [first, second] = returnsOf(daily, 10_000);
    expect(first).toBeCloseTo(0.1, 12);
    expect(second).toBeCloseTo(-0.1, 12);
  });

  test('a run without marks has no days', () => {
    expect(dailyEquity(curve([])).length).toBe(0);
  });
});
