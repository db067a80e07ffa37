import type { BarSeries } from '../domain/bar-series.ts';
import { highest } from './highest.ts';
import { type BarLinesKernel, type Kernel, wholeRanges } from './kernel.ts';
import { lowest } from './lowest.ts';
import { checkPeriods } from './period.ts';
import { sma } from './sma.ts';

export type StochasticLine = 'k' | 'd';

/**
 * Lane's stochastic: where the close stands between the lowest low and the highest high of the last `period` bars. `k` is
 * that, averaged over `smooth` bars; `d` is the average of `k` over `signal` bars. A `smooth` of 1 is the fast stochastic.
 *
 * In: bars in rupees. Out: 0 to 100; both lines NaN for the first `period + smooth + signal - 3` bars, as in TA-Lib. Where
 * the window has no range at all the answer is NaN (TA-Lib reads 0) and the averages leave it out, so that a market that
 * stands still never looks oversold. A bar with a NaN high, low or close is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if a period is not a whole number of 1 or more
 * @see George Lane; TA-Lib, ta_STOCH.c, ta_STOCHF.c with simple averages
 */
export function stochastic(period: number, smooth: number, signal: number): BarLinesKernel<StochasticLine> {
  checkPeriods('stochastic', { period, 'smoothing period': smooth, 'signal period': signal });
  return new Stochastic(period, smooth, signal);
}

class Stochastic implements BarLinesKernel<StochasticLine> {
  readonly lines = ['k', 'd'] as const;
  private readonly highest: Kernel;
  private readonly lowest: Kernel;
  private readonly averages: StochasticAverages;

  constructor(period: number, smooth: number, signal: number) {
    this.highest = highest(period);
    this.lowest = lowest(period);
    this.averages = new StochasticAverages(smooth, signal);
  }

  fill(bars: BarSeries, from: number, targets: readonly Float64Array[], at: number, count: number): void {
    const [tops, bottoms] = targets;
    wholeRanges(bars, from, count, tops, bottoms, at);
    this.highest.fill(tops, at, tops, at, count);
    this.lowest.fill(bottoms, at, bottoms, at, count);
    this.averages.fill(bars.close, from, targets, at, count);
  }
}

/** From the window's extremes, which stand where the answers go, to %K and %D. */
export class StochasticAverages {
  private readonly smooth: Kernel;
  private readonly signal: Kernel;

  constructor(smooth: number, signal: number) {
    this.smooth = sma(smooth);
    this.signal = sma(signal);
  }

  fill(
    values: Float64Array,
    from: number,
    [ks, ds]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    for (let i = 0; i < count; i++) {
      const top = ks[at + i];
      const bottom = ds[at + i];
      ks[at + i] = (100 * (values[from + i] - bottom)) / (top - bottom);
    }
    this.smooth.fill(ks, at, ks, at, count);
    this.signal.fill(ks, at, ds, at, count);
    for (let i = 0; i < count; i++) if (Number.isNaN(ds[at + i])) ks[at + i] = Number.NaN;
  }
}
