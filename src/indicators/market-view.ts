import type { EmaSeed } from './ema.ts';
import type { Series } from './series.ts';

/** What a strategy sees of one instrument: its prices and the indicators drawn on them. All causal, all NaN while warming up. */
export interface MarketView {
  readonly open: Series;
  readonly high: Series;
  readonly low: Series;
  readonly close: Series;
  /** Units. */
  readonly volume: Series;
  /** (high + low) / 2. */
  readonly hl2: Series;
  /** (high + low + close) / 3. */
  readonly hlc3: Series;
  /** Mean of the last `period` values. */
  readonly sma: (source: Series, period: number) => Series;
  /** Exponential mean. Starts from the mean of the first `period` values, or from the first alone. */
  readonly ema: (source: Series, period: number, options?: { readonly seed?: EmaSeed }) => Series;
  /** Wilder's relative strength index, 0 to 100. */
  readonly rsi: (source: Series, period: number) => Series;
  /** Wilder's average true range, rupees. */
  readonly atr: (period: number) => Series;
  /** Volume-weighted average price since the session's open, rupees. */
  readonly vwap: () => Series;
  /** Highest of the last `period` values, the newest included. */
  readonly highest: (source: Series, period: number) => Series;
  /** Lowest of the last `period` values, the newest included. */
  readonly lowest: (source: Series, period: number) => Series;
}
