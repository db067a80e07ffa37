import type { BarSeries } from '../domain/bar-series.ts';
import { type BarKernel, WholeBarKernel } from './kernel.ts';

/**
 * Granville's on-balance volume: the volume so far, added on a higher close and taken off on a lower one.
 *
 * In: bars with volume in units. Out: units, from the first bar's volume on, never NaN but on a bar with a NaN close or
 * volume, which is skipped. Only its changes mean something, since the start is arbitrary: TA-Lib starts from the first
 * bar's volume, others from 0. Sessions do not restart it.
 *
 * @see Joseph Granville, New Key to Stock Market Profits, 1963; TA-Lib, ta_OBV.c
 */
export function obv(): BarKernel {
  return new OnBalanceVolume();
}

class OnBalanceVolume extends WholeBarKernel {
  private last = Number.NaN;
  private balance = 0;

  fill({ close, volume }: BarSeries, from: number, target: Float64Array, at: number, count: number): void {
    let { last, balance } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      target[at + i] = Number.NaN;
      if (Number.isNaN(close[row] + volume[row])) continue;
      if (Number.isNaN(last) || close[row] > last) balance += volume[row];
      else if (close[row] < last) balance -= volume[row];
      last = close[row];
      target[at + i] = balance;
    }
    this.last = last;
    this.balance = balance;
  }
}
