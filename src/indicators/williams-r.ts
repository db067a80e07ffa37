import type { BarSeries } from '../domain/bar-series.ts';
import { highest } from './highest.ts';
import { type BarKernel, type Kernel, Scratch, WholeBarKernel, wholeRanges } from './kernel.ts';
import { lowest } from './lowest.ts';
import { checkedPeriod } from './period.ts';

/**
 * Williams' %R: how far the close stands below the highest high of the last `period` bars, in percent of their range.
 *
 * In: bars in rupees. Out: −100 at the low to 0 at the high; NaN for the first `period - 1` bars and where the window has no
 * range at all (TA-Lib reads 0). A bar with a NaN high, low or close is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 * @see Larry Williams, How I Made One Million Dollars, 1973; TA-Lib, ta_WILLR.c
 */
export function williamsR(period: number): BarKernel {
  return new PercentRange(checkedPeriod('williamsR', period));
}

class PercentRange extends WholeBarKernel {
  private readonly highest: Kernel;
  private readonly lowest: Kernel;
  private readonly tops = new Scratch();
  private readonly bottoms = new Scratch();

  constructor(period: number) {
    super();
    this.highest = highest(period);
    this.lowest = lowest(period);
  }

  fill(bars: BarSeries, from: number, target: Float64Array, at: number, count: number): void {
    const tops = this.tops.of(count);
    const bottoms = this.bottoms.of(count);
    wholeRanges(bars, from, count, tops, bottoms);
    this.highest.fill(tops, 0, tops, 0, count);
    this.lowest.fill(bottoms, 0, bottoms, 0, count);
    for (let i = 0; i < count; i++)
      target[at + i] = (100 * (bars.close[from + i] - tops[i])) / (tops[i] - bottoms[i]);
  }
}
