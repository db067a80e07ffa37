import type { BarSeries } from '../domain/bar-series.ts';
import type { BarLinesKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

export type AdxLine = 'line' | 'plusDi' | 'minusDi';

/**
 * Wilder's directional movement: `plusDi` and `minusDi` say how much of the range was movement up and down, `line` is the
 * average directional index, how one-sided that was whatever the side.
 *
 * In: bars in rupees. Out: 0 to 100; the DIs are NaN for the first `period` bars, `line` for the first `2 × period - 1`.
 * As in TA-Lib the first sums hold `period - 1` movements and are smoothed from the next bar on. A DI is NaN where no bar
 * had any range yet, and the index keeps its value on a bar without direction. A bar with a NaN high, low or close is
 * skipped and answers NaN. Sessions do not restart it.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib, ta_ADX.c, ta_PLUS_DI.c, ta_MINUS_DI.c
 */
export function adx(period: number): BarLinesKernel<AdxLine> {
  return new DirectionalIndex(checkedPeriod('adx', period, 2));
}

class DirectionalIndex implements BarLinesKernel<AdxLine> {
  readonly lines = ['line', 'plusDi', 'minusDi'] as const;
  private readonly period: number;
  private lastHigh = Number.NaN;
  private lastLow = Number.NaN;
  private lastClose = Number.NaN;
  private moves = 0;
  /** Wilder sums of movements and true ranges. */
  private plus = 0;
  private minus = 0;
  private range = 0;
  private indexes = 0;
  /** The sum while the seed is collected, Wilder's mean after that. */
  private index = 0;

  constructor(period: number) {
    this.period = period;
  }

  fill(
    { high, low, close }: BarSeries,
    from: number,
    [lines, plusDis, minusDis]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const { period } = this;
    const weight = 1 / period;
    let { lastHigh, lastLow, lastClose, moves, plus, minus, range, indexes, index } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const place = at + i;
      lines[place] = plusDis[place] = minusDis[place] = Number.NaN;
      if (Number.isNaN(high[row] + low[row] + close[row])) continue;
      const up = high[row] - lastHigh;
      const down = lastLow - low[row];
      const trueRange = Math.max(high[row], lastClose) - Math.min(low[row], lastClose);
      lastHigh = high[row];
      lastLow = low[row];
      lastClose = close[row];
      if (Number.isNaN(trueRange)) continue;
      const plusMove = up > 0 && up > down ? up : 0;
      const minusMove = down > 0 && down > up ? down : 0;
      if (moves < period) moves += 1;
      const kept = moves < period ? 1 : 1 - weight;
      plus = plus * kept + plusMove;
      minus = minus * kept + minusMove;
      range = range * kept + trueRange;
      if (moves < period) continue;
      plusDis[place] = (100 * plus) / range;
      minusDis[place] = (100 * minus) / range;
      const direction = plus + minus > 0 ? (100 * Math.abs(plus - minus)) / (plus + minus) : Number.NaN;
      if (indexes < period) {
        indexes += 1;
        index += Number.isNaN(direction) ? 0 : direction;
        if (indexes < period) continue;
        index /= period;
      } else if (!Number.isNaN(direction)) index += (direction - index) * weight;
      lines[place] = index;
    }
    this.lastHigh = lastHigh;
    this.lastLow = lastLow;
    this.lastClose = lastClose;
    this.moves = moves;
    this.plus = plus;
    this.minus = minus;
    this.range = range;
    this.indexes = indexes;
    this.index = index;
  }
}
