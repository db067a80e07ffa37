import type { BarSeries } from '../domain/bar-series.ts';
import { type BarKernel, WholeBarKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/**
 * Wilder's average true range: how far a bar travels, the gap from the last close included.
 *
 * In: bars in rupees. Out: rupees, 0 or more; NaN for the first `period` bars, since the first bar has no close before
 * it and therefore no true range. Seeded with the plain mean of the first `period` true ranges.
 * A bar with a NaN high, low or close is skipped and answers NaN. Sessions do not restart it: the overnight gap counts.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib, ta_ATR.c
 */
export function atr(period: number): BarKernel {
  return new AverageTrueRange(checkedPeriod('atr', period));
}

class AverageTrueRange extends WholeBarKernel {
  private readonly period: number;
  private ranges = 0;
  private last = Number.NaN;
  /** The sum while the seed is collected, Wilder's mean after that. */
  private value = 0;

  constructor(period: number) {
    super();
    this.period = period;
  }

  fill(bars: BarSeries, from: number, target: Float64Array, at: number, count: number): void {
    const period = this.period;
    const weight = 1 / period;
    const { high, low, close } = bars;
    let { ranges, last, value } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      target[at + i] = Number.NaN;
      if (Number.isNaN(high[row] + low[row] + close[row])) continue;
      const range = Math.max(high[row], last) - Math.min(low[row], last);
      last = close[row];
      if (Number.isNaN(range)) continue;
      if (ranges >= period) {
        value += (range - value) * weight;
      } else {
        value += range;
        ranges += 1;
        if (ranges < period) continue;
        value /= period;
      }
      target[at + i] = value;
    }
    this.ranges = ranges;
    this.last = last;
    this.value = value;
  }
}
