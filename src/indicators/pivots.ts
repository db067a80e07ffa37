import type { BarSeries } from '../domain/bar-series.ts';
import type { BarLinesKernel } from './kernel.ts';

export type PivotLine = 'pivot' | 'r1' | 'r2' | 'r3' | 's1' | 's2' | 's3';

/**
 * Classic (floor) pivot points of the session before: with its high H, low L and last close C, pivot P = (H + L + C) / 3,
 * r1 = 2P − L, s1 = 2P − H, r2 = P + (H − L), s2 = P − (H − L), r3 = H + 2(P − L), s3 = L − 2(H − P).
 *
 * In: bars in rupees. Out: rupees, the same all session; NaN in the first session. The last close is the last bar's, which is
 * not the exchange's official close. A bar with a NaN high, low or close is skipped and answers NaN.
 *
 * @see NSE and most Indian charts, "Pivot Points Standard", traditional
 */
export function pivots(): BarLinesKernel<PivotLine> {
  return new SessionPivots();
}

class SessionPivots implements BarLinesKernel<PivotLine> {
  readonly lines = ['pivot', 'r1', 'r2', 'r3', 's1', 's2', 's3'] as const;
  private high = Number.NEGATIVE_INFINITY;
  private low = Number.POSITIVE_INFINITY;
  private close = Number.NaN;
  private readonly levels = new Float64Array(7).fill(Number.NaN);

  newSession(): void {
    const { high, low, close, levels } = this;
    if (Number.isNaN(close)) return;
    const pivot = (high + low + close) / 3;
    levels[0] = pivot;
    levels[1] = 2 * pivot - low;
    levels[2] = pivot + (high - low);
    levels[3] = high + 2 * (pivot - low);
    levels[4] = 2 * pivot - high;
    levels[5] = pivot - (high - low);
    levels[6] = low - 2 * (high - pivot);
    this.high = Number.NEGATIVE_INFINITY;
    this.low = Number.POSITIVE_INFINITY;
    this.close = Number.NaN;
  }

  fill(
    { high, low, close }: BarSeries,
    from: number,
    targets: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const { levels } = this;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const whole = !Number.isNaN(high[row] + low[row] + close[row]);
      for (let line = 0; line < levels.length; line++)
        targets[line][at + i] = whole ? levels[line] : Number.NaN;
      if (!whole) continue;
      this.high = Math.max(this.high, high[row]);
      this.low = Math.min(this.low, low[row]);
      this.close = close[row];
    }
  }
}
