import type { BarSeries } from '../domain/bar-series.ts';
import { type BarLinesKernel, type Kernel, wholeRanges } from './kernel.ts';
import { checkedPeriod } from './period.ts';
import { WindowExtreme } from './window-extreme.ts';

export type AroonLine = 'up' | 'down' | 'oscillator';

/**
 * Chande's Aroon: how lately the highest high (`up`) and the lowest low (`down`) of the last `period + 1` bars came, 100 for
 * the newest bar and 0 for `period` bars ago, the later of equals; `oscillator` is up − down.
 *
 * In: bars in rupees. Out: 0 to 100, the oscillator −100 to 100; NaN for the first `period` bars. A bar with a NaN high, low
 * or close is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see Tushar Chande, 1995; TA-Lib, ta_AROON.c, ta_AROONOSC.c
 */
export function aroon(period: number): BarLinesKernel<AroonLine> {
  return new Aroon(checkedPeriod('aroon', period, 2));
}

class Aroon implements BarLinesKernel<AroonLine> {
  readonly lines = ['up', 'down', 'oscillator'] as const;
  private readonly period: number;
  private readonly sinceHighest: Kernel;
  private readonly sinceLowest: Kernel;

  constructor(period: number) {
    this.period = period;
    this.sinceHighest = new WindowExtreme(period + 1, 1, 'age');
    this.sinceLowest = new WindowExtreme(period + 1, -1, 'age');
  }

  fill(
    bars: BarSeries,
    from: number,
    [ups, downs, oscillators]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const { period } = this;
    wholeRanges(bars, from, count, ups, downs, at);
    this.sinceHighest.fill(ups, at, ups, at, count);
    this.sinceLowest.fill(downs, at, downs, at, count);
    for (let i = at; i < at + count; i++) {
      ups[i] = (100 * (period - ups[i])) / period;
      downs[i] = (100 * (period - downs[i])) / period;
      oscillators[i] = ups[i] - downs[i];
    }
  }
}
