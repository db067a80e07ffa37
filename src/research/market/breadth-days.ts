import type { BarSeries } from '../../domain/bar-series.ts';
import { istDayNumber } from '../../domain/time.ts';

/** Days of the average that shares are counted above. */
const averageDays = 50;
/** Fewer shares say nothing of a market. */
export const sharesLeast = 10;

/**
 * How many shares of a market stood above their 50-day average, day by day, told by that day's closes and those before. Answers the
 * percentage at the last day before one, NaN where fewer than ten shares can be told.
 */
export function percentAboveBefore(all: readonly BarSeries[]): (dayNumber: number) => number {
  const counts = new Map<number, { above: number; known: number }>();
  for (const { close, time, length } of all) {
    let sum = 0;
    for (let row = 0; row < length; row++) {
      sum += close[row] - (row >= averageDays ? close[row - averageDays] : 0);
      if (row < averageDays - 1) continue;
      const day = istDayNumber(time[row]);
      const count = counts.get(day) ?? { above: 0, known: 0 };
      counts.set(day, count);
      count.known += 1;
      if (close[row] > sum / averageDays) count.above += 1;
    }
  }
  const days = [...counts.keys()].sort((a, b) => a - b);
  return (dayNumber) => {
    const count = counts.get(days.findLast((day) => day < dayNumber) ?? Number.NaN);
    return count !== undefined && count.known >= sharesLeast ? (100 * count.above) / count.known : Number.NaN;
  };
}
