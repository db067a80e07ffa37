import type { BarSeries } from '../../domain/bar-series.ts';
import { dayMs, type Interval } from '../../domain/time.ts';
import { timeframeMs } from '../../domain/timeframe.ts';

// Longer than any run of holidays and weekends since 2000, shorter than what people notice missing.
const gapMs = 7 * dayMs;

/**
 * Stretches of stored bars, oldest first: from the opening of the first bar to the nominal end of the last. A new stretch begins
 * where more than a week lies between the end of one bar and the next.
 */
export function stretchesOf(series: BarSeries): Interval[] {
  if (series.length === 0) return [];
  const lengthMs = timeframeMs(series.timeframe);
  const stretches: Interval[] = [];
  let from = series.time[0];
  for (let row = 1; row < series.length; row++) {
    const end = series.time[row - 1] + lengthMs;
    if (series.time[row] - end > gapMs) {
      stretches.push({ from, to: end });
      from = series.time[row];
    }
  }
  stretches.push({ from, to: series.time[series.length - 1] + lengthMs });
  return stretches;
}
