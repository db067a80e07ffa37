import { expect, test } from '@jest/globals';
import { BarSeries } from '../../../src/domain/bar-series.ts';
import { startOfDay } from '../../../src/domain/time.ts';
import { percentAboveBefore } from '../../../src/research/market/breadth-days.ts';

const first = 20_000;

/** Ten shares of sixty days; the first four rise on the last day, the others fall. */
function shares(count: number): readonly BarSeries[] {
  return Array.from({ length: count }, (_, place) => {
    const days = new BarSeries(`NSE:S${place}`, 'day');
    for (let day = 0; day < 60; day++) {
      const close = day < 59 ? 100 : place < 4 ? 110 : 90;
      days.append(startOfDay(first + day), close, close, close, close, 1);
    }
    return days;
  });
}

test('shares above their 50-day average are told by the closes before a day', () => {
  const percent = percentAboveBefore(shares(10));
  expect(percent(first + 60)).toBe(40);
  // On the last day itself its closes are not known yet, and nothing stood above its own level.
  expect(percent(first + 59)).toBe(0);
  expect(percent(first + 75)).toBe(40);
});

test('too few shares, or too few days, tell nothing', () => {
  expect(percentAboveBefore(shares(9))(first + 60)).toBeNaN();
  expect(percentAboveBefore(shares(10))(first + 49)).toBeNaN();
});
