import type { BarSeries } from '../domain/bar-series.ts';
import { type BarKernel, WholeBarKernel } from './kernel.ts';

/**
 * Chaikin's accumulation/distribution line: the volume so far, each bar's weighed by where it closed in its range, −1 at the
 * low to 1 at the high.
 *
 * In: bars in rupees with volume in units. Out: units, from the first bar on; a bar without range changes nothing. A bar
 * with a NaN is skipped and answers NaN. Only its changes mean something. Sessions do not restart it.
 *
 * @see Marc Chaikin; TA-Lib, ta_AD.c
 */
export function adl(): BarKernel {
  return new Accumulation();
}

class Accumulation extends WholeBarKernel {
  private sum = 0;

  fill(
    { high, low, close, volume }: BarSeries,
    from: number,
    target: Float64Array,
    at: number,
    count: number,
  ): void {
    let sum = this.sum;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      target[at + i] = Number.NaN;
      const range = high[row] - low[row];
      if (Number.isNaN(range + close[row] + volume[row])) continue;
      if (range > 0) sum += ((close[row] - low[row] - (high[row] - close[row])) / range) * volume[row];
      target[at + i] = sum;
    }
    this.sum = sum;
  }
}
