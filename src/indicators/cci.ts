import type { BarSeries } from '../domain/bar-series.ts';
import { type BarKernel, WholeBarKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/**
 * Lambert's commodity channel index: (typical price − its mean) / (0.015 × mean distance from that mean), over the last
 * `period` bars, the typical price being (high + low + close) / 3.
 *
 * In: bars in rupees. Out: about four fifths of the values within 100 of 0; NaN for the first `period - 1` bars and while
 * all typical prices of the window are equal (TA-Lib reads 0). A bar with a NaN is skipped and answers NaN.
 * The mean distance has to be measured anew from every new mean, so a bar costs `period` steps.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see Donald Lambert, Commodities, 1980; TA-Lib, ta_CCI.c
 */
export function cci(period: number): BarKernel {
  return new ChannelIndex(checkedPeriod('cci', period, 2));
}

class ChannelIndex extends WholeBarKernel {
  private readonly period: number;
  private readonly window: Float64Array;
  private place = 0;
  private seen = 0;

  constructor(period: number) {
    super();
    this.period = period;
    this.window = new Float64Array(period);
  }

  fill({ high, low, close }: BarSeries, from: number, target: Float64Array, at: number, count: number): void {
    const { period, window } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const typical = (high[row] + low[row] + close[row]) / 3;
      target[at + i] = Number.NaN;
      if (Number.isNaN(typical)) continue;
      window[this.place] = typical;
      this.place = this.place + 1 === period ? 0 : this.place + 1;
      if (this.seen < period) this.seen += 1;
      if (this.seen < period) continue;
      let sum = 0;
      for (let k = 0; k < period; k++) sum += window[k];
      const mean = sum / period;
      let distance = 0;
      for (let k = 0; k < period; k++) distance += Math.abs(window[k] - mean);
      // Equal prices may differ from their computed mean by the last digit.
      if (distance > period * mean * 1e-15) target[at + i] = (typical - mean) / ((0.015 * distance) / period);
    }
  }
}
