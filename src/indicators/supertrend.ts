import type { BarSeries } from '../domain/bar-series.ts';
import { atr } from './atr.ts';
import type { BarKernel, BarLinesKernel } from './kernel.ts';
import { checkedFactor, checkedPeriod } from './period.ts';

export type SupertrendLine = 'line' | 'direction';

/**
 * SuperTrend as Kite and TradingView draw it: bands `multiplier` ATRs above and below (high + low) / 2. The upper band only
 * falls and the lower one only rises until the last close has passed it; the trend turns up when a close is above the upper
 * band and down when one is below the lower. `line` is the lower band in an up-trend and the upper one in a down-trend.
 *
 * In: bars in rupees. Out: `line` in rupees, `direction` 1 up and −1 down (TradingView's sign is the other way); NaN for the
 * first `period` bars. It begins down. The ATR is Wilder's as TA-Lib seeds it; TradingView's has one range more in its seed,
 * a difference that fades. A bar with a NaN high, low or close is skipped and answers NaN. Sessions do not restart it.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 * @throws ConfigError INDICATOR_FACTOR if `multiplier` is not above 0
 * @see Olivier Seban; TradingView, Pine reference, ta.supertrend
 */
export function supertrend(period: number, multiplier: number): BarLinesKernel<SupertrendLine> {
  checkedPeriod('supertrend', period);
  return new TrendBands(period, checkedFactor('supertrend', 'multiplier', multiplier));
}

class TrendBands implements BarLinesKernel<SupertrendLine> {
  readonly lines = ['line', 'direction'] as const;
  private readonly atr: BarKernel;
  private readonly multiplier: number;
  private upper = Number.NaN;
  private lower = Number.NaN;
  private last = Number.NaN;
  private rising = false;

  constructor(period: number, multiplier: number) {
    this.atr = atr(period);
    this.multiplier = multiplier;
  }

  fill(
    bars: BarSeries,
    from: number,
    [lines, directions]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const { multiplier } = this;
    const { high, low, close } = bars;
    let { upper, lower, last, rising } = this;
    this.atr.fill(bars, from, lines, at, count);
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const place = at + i;
      const reach = lines[place] * multiplier;
      directions[place] = Number.NaN;
      if (Number.isNaN(reach)) continue;
      const middle = (high[row] + low[row]) / 2;
      // Before the first bands every comparison with NaN is false, and the bands are the plain ones.
      upper = upper <= middle + reach && last <= upper ? upper : middle + reach;
      lower = lower >= middle - reach && last >= lower ? lower : middle - reach;
      last = close[row];
      rising = rising ? last >= lower : last > upper;
      lines[place] = rising ? lower : upper;
      directions[place] = rising ? 1 : -1;
    }
    this.upper = upper;
    this.lower = lower;
    this.last = last;
    this.rising = rising;
  }
}
