import type { BarSeries } from '../domain/bar-series.ts';
import { highest } from './highest.ts';
import { type BarLinesKernel, type Kernel, wholeRanges } from './kernel.ts';
import { lowest } from './lowest.ts';
import { checkedPeriod } from './period.ts';

export type ChannelLine = 'upper' | 'middle' | 'lower';

/**
 * Donchian channel: the highest high and the lowest low of the last `period` bars, the newest included, and the middle of
 * both. For a breakout compare with `prev`, which leaves the newest bar out.
 *
 * In: bars in rupees. Out: rupees; NaN for the first `period - 1` bars. A bar with a NaN high, low or close is skipped and
 * answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 * @see Richard Donchian's four-week rule
 */
export function donchian(period: number): BarLinesKernel<ChannelLine> {
  return new Channel(checkedPeriod('donchian', period));
}

class Channel implements BarLinesKernel<ChannelLine> {
  readonly lines = ['upper', 'middle', 'lower'] as const;
  private readonly highest: Kernel;
  private readonly lowest: Kernel;

  constructor(period: number) {
    this.highest = highest(period);
    this.lowest = lowest(period);
  }

  fill(
    bars: BarSeries,
    from: number,
    [uppers, middles, lowers]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    wholeRanges(bars, from, count, uppers, lowers, at);
    this.highest.fill(uppers, at, uppers, at, count);
    this.lowest.fill(lowers, at, lowers, at, count);
    for (let i = at; i < at + count; i++) middles[i] = (uppers[i] + lowers[i]) / 2;
  }
}
