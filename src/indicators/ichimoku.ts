import type { BarSeries } from '../domain/bar-series.ts';
import { highest } from './highest.ts';
import { type BarLinesKernel, type Kernel, Scratch, wholeRanges } from './kernel.ts';
import { lowest } from './lowest.ts';
import { checkPeriods } from './period.ts';

export type IchimokuLine = 'conversion' | 'base' | 'spanA' | 'spanB';

/**
 * Ichimoku Kinko Hyo, as far as it is known on the bar: `conversion` (Tenkan), `base` (Kijun) and `spanB` are the middle
 * between highest high and lowest low of so many bars, `spanA` is the middle of conversion and base.
 *
 * Charts draw both spans 26 bars ahead. Here they stand on the bar that knows them, so the cloud over today's bar is
 * `spanA.ago(26)` and `spanB.ago(26)`; and where charts draw the close 26 bars back (Chikou), compare `close.now` with
 * `close.ago(26)`.
 *
 * In: bars in rupees. Out: rupees; NaN for the first bars of each line's own window less one, `spanA` of the longer of its
 * two. A bar with a NaN high, low or close is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if a period is not a whole number of 1 or more
 * @see Goichi Hosoda, 1968
 */
export function ichimoku(conversion: number, base: number, spanB: number): BarLinesKernel<IchimokuLine> {
  checkPeriods('ichimoku', {
    'conversion period': conversion,
    'base period': base,
    'span B period': spanB,
  });
  return new Cloud([conversion, base, spanB]);
}

class Cloud implements BarLinesKernel<IchimokuLine> {
  readonly lines = ['conversion', 'base', 'spanA', 'spanB'] as const;
  private readonly highs: readonly Kernel[];
  private readonly lows: readonly Kernel[];
  private readonly tops = new Scratch();
  private readonly bottoms = new Scratch();
  private readonly scratch = new Scratch();

  constructor(periods: readonly number[]) {
    this.highs = periods.map(highest);
    this.lows = periods.map(lowest);
  }

  fill(
    bars: BarSeries,
    from: number,
    [conversions, bases, spanAs, spanBs]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const tops = this.tops.of(count);
    const bottoms = this.bottoms.of(count);
    wholeRanges(bars, from, count, tops, bottoms);
    this.middle(0, tops, bottoms, conversions, at, count);
    this.middle(1, tops, bottoms, bases, at, count);
    this.middle(2, tops, bottoms, spanBs, at, count);
    for (let i = at; i < at + count; i++) spanAs[i] = (conversions[i] + bases[i]) / 2;
  }

  private middle(
    which: number,
    tops: Float64Array,
    bottoms: Float64Array,
    target: Float64Array,
    at: number,
    count: number,
  ): void {
    const lows = this.scratch.of(count);
    this.highs[which].fill(tops, 0, target, at, count);
    this.lows[which].fill(bottoms, 0, lows, 0, count);
    for (let i = 0; i < count; i++) target[at + i] = (target[at + i] + lows[i]) / 2;
  }
}
