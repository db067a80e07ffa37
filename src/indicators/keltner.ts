import type { BarSeries } from '../domain/bar-series.ts';
import { atr } from './atr.ts';
import type { ChannelLine } from './donchian.ts';
import { ema } from './ema.ts';
import type { BarKernel, BarLinesKernel, Kernel } from './kernel.ts';
import { checkedFactor, checkPeriods } from './period.ts';

/**
 * Keltner channel in Linda Raschke's form: `middle` is the EMA of the close over `period` bars, `upper` and `lower` stand
 * `multiplier` average true ranges of `atrPeriod` bars away from it.
 *
 * In: bars in rupees. Out: rupees; all lines NaN until both averages exist, for the first `period - 1` or `atrPeriod` bars,
 * whichever are more. A bar with a NaN high, low or close is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if a period is not a whole number of 1 or more
 * @throws ConfigError INDICATOR_FACTOR if `multiplier` is not above 0
 * @see StockCharts, ChartSchool, Keltner Channels; seeds of TA-Lib's EMA and ATR
 */
export function keltner(period: number, multiplier: number, atrPeriod: number): BarLinesKernel<ChannelLine> {
  checkPeriods('keltner', { period, 'ATR period': atrPeriod });
  return new RangeChannel(period, checkedFactor('keltner', 'multiplier', multiplier), atrPeriod);
}

class RangeChannel implements BarLinesKernel<ChannelLine> {
  readonly lines = ['upper', 'middle', 'lower'] as const;
  private readonly mean: Kernel;
  private readonly atr: BarKernel;
  private readonly multiplier: number;

  constructor(period: number, multiplier: number, atrPeriod: number) {
    this.mean = ema(period);
    this.atr = atr(atrPeriod);
    this.multiplier = multiplier;
  }

  fill(
    bars: BarSeries,
    from: number,
    [uppers, middles, lowers]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const { high, low, close } = bars;
    const { multiplier } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      middles[at + i] = Number.isNaN(high[row] + low[row]) ? Number.NaN : close[row];
    }
    this.mean.fill(middles, at, middles, at, count);
    this.atr.fill(bars, from, uppers, at, count);
    for (let i = at; i < at + count; i++) {
      const reach = multiplier * uppers[i];
      uppers[i] = middles[i] + reach;
      lowers[i] = middles[i] - reach;
      if (Number.isNaN(reach)) middles[i] = Number.NaN;
    }
  }
}
