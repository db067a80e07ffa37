import type { BarSeries } from '../domain/bar-series.ts';
import type { BarLinesKernel } from './kernel.ts';

export type HeikinAshiLine = 'open' | 'high' | 'low' | 'close';

/**
 * Heikin-Ashi bars: `close` is the mean of the bar's four prices, `open` the middle of the last Heikin-Ashi bar's body,
 * `high` and `low` reach as far as the bar and that body do. Smoothed: nothing trades at these prices.
 *
 * In: bars in rupees. Out: rupees, from the first bar on, which opens in the middle of its own body. A bar with a NaN price
 * is skipped and answers NaN. Sessions do not restart it.
 *
 * @see Dan Valcu, Technical Analysis of Stocks & Commodities, February 2004
 */
export function heikinAshi(): BarLinesKernel<HeikinAshiLine> {
  return new AverageBars();
}

class AverageBars implements BarLinesKernel<HeikinAshiLine> {
  readonly lines = ['open', 'high', 'low', 'close'] as const;
  private lastOpen = Number.NaN;
  private lastClose = Number.NaN;

  fill(
    { open, high, low, close }: BarSeries,
    from: number,
    [opens, highs, lows, closes]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    let { lastOpen, lastClose } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const place = at + i;
      const mean = (open[row] + high[row] + low[row] + close[row]) / 4;
      opens[place] = highs[place] = lows[place] = closes[place] = Number.NaN;
      if (Number.isNaN(mean)) continue;
      lastOpen = Number.isNaN(lastOpen) ? (open[row] + close[row]) / 2 : (lastOpen + lastClose) / 2;
      lastClose = mean;
      opens[place] = lastOpen;
      highs[place] = Math.max(high[row], lastOpen, mean);
      lows[place] = Math.min(low[row], lastOpen, mean);
      closes[place] = mean;
    }
    this.lastOpen = lastOpen;
    this.lastClose = lastClose;
  }
}
