import type { BarSeries } from '../domain/bar-series.ts';
import { type BarKernel, WholeBarKernel } from './kernel.ts';

/**
 * Volume-weighted average price since the session's open, each bar standing at (high + low + close) / 3.
 *
 * In: bars in rupees with volume in units. Out: rupees; NaN until something has traded in the session, so always NaN on
 * an index, which has no volume. Starts anew with every session. A bar with a NaN is skipped and answers NaN.
 */
export function vwap(): BarKernel {
  return new SessionVwap();
}

class SessionVwap extends WholeBarKernel {
  private value = 0;
  private volume = 0;

  newSession(): void {
    this.value = 0;
    this.volume = 0;
  }

  fill(bars: BarSeries, from: number, target: Float64Array, at: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const typical = (bars.high[row] + bars.low[row] + bars.close[row]) / 3;
      const volume = bars.volume[row];
      target[at + i] = Number.NaN;
      if (Number.isNaN(typical * volume)) continue;
      this.value += typical * volume;
      this.volume += volume;
      if (this.volume > 0) target[at + i] = this.value / this.volume;
    }
  }
}
