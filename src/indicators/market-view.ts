import type { Timeframe } from '../domain/timeframe.ts';
import type { AdxLine } from './adx.ts';
import type { AroonLine } from './aroon.ts';
import type { BollingerLine } from './bollinger.ts';
import type { ChannelLine } from './donchian.ts';
import type { EmaSeed } from './ema.ts';
import type { HeikinAshiLine } from './heikin-ashi.ts';
import type { IchimokuLine } from './ichimoku.ts';
import type { MacdLine } from './macd.ts';
import type { PivotLine } from './pivots.ts';
import type { Series } from './series.ts';
import type { StochasticLine } from './stochastic.ts';
import type { SupertrendLine } from './supertrend.ts';

/** An indicator of several lines: `const { line, signal } = macd(close)`. Each is a series, on which others can be drawn. */
export type Lines<Name extends string> = { readonly [K in Name]: Series };

/** What a strategy sees of one instrument: its prices and the indicators drawn on them. All causal, all NaN while warming up. */
export interface MarketView extends Prices, Indicators {
  /**
   * The same market in slower bars: `const hour = every('1h')`, then `hour.close` and `hour.ema(hour.close, 50)`. Everything
   * there stands at the last slower bar that has closed, so `prev` is the slower bar before, and a cross on slower lines
   * lasts until the next slower bar closes. A slower bar appears on the bar that completes it.
   */
  readonly every: (timeframe: Timeframe) => SlowerView;
}

export interface SlowerView extends MarketView {
  /** True on the bar that completed the slower bar, false until the next one closes. */
  readonly justClosed: boolean;
}

export interface Prices {
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
}

/** Inputs that are left out have the defaults that the catalogue shows. */
export interface Indicators {
  /** Mean of the last `period` values. */
  readonly sma: (source: Series, period?: number) => Series;
  /** Exponential mean. Starts from the mean of the first `period` values, or from the first alone. */
  readonly ema: (source: Series, period?: number, options?: { readonly seed?: EmaSeed }) => Series;
  /** Weighted mean, the newest value weighing most. */
  readonly wma: (source: Series, period?: number) => Series;
  /** Hull's mean: quick and smooth, may overshoot. */
  readonly hma: (source: Series, period?: number) => Series;
  /** Wilder's relative strength index, 0 to 100. */
  readonly rsi: (source: Series, period?: number) => Series;
  /** Stochastic of the RSI, 0 to 100. */
  readonly stochRsi: (
    source: Series,
    rsiPeriod?: number,
    period?: number,
    smooth?: number,
    signal?: number,
  ) => Lines<StochasticLine>;
  /** Difference of two exponential means, its own mean, and the difference of those. */
  readonly macd: (source: Series, fast?: number, slow?: number, signal?: number) => Lines<MacdLine>;
  /** Bands of standard deviations around the mean. */
  readonly bollinger: (source: Series, period?: number, deviations?: number) => Lines<BollingerLine>;
  /** Percent of change over `period` bars. */
  readonly roc: (source: Series, period?: number) => Series;
  /** Standard deviation of the last `period` values, of the population. */
  readonly stdev: (source: Series, period?: number) => Series;
  /** Standard deviations between the value and the mean of the last `period` values. */
  readonly zscore: (source: Series, period?: number) => Series;
  /** Pearson's correlation of two series of this market, −1 to 1. */
  readonly correlation: (one: Series, other: Series, period?: number) => Series;
  /** Highest of the last `period` values, the newest included. */
  readonly highest: (source: Series, period?: number) => Series;
  /** Lowest of the last `period` values, the newest included. */
  readonly lowest: (source: Series, period?: number) => Series;
  /** Wilder's average true range, rupees. */
  readonly atr: (period?: number) => Series;
  /** Volume-weighted average price since the session's open, rupees. */
  readonly vwap: () => Series;
  /** Wilder's average directional index and both directional indicators, 0 to 100. */
  readonly adx: (period?: number) => Lines<AdxLine>;
  /** Place of the close in the range of the last `period` bars, 0 to 100. A `smooth` of 1 is the fast one. */
  readonly stochastic: (period?: number, smooth?: number, signal?: number) => Lines<StochasticLine>;
  /** Trend line of ATR bands, and its direction: 1 up, −1 down. */
  readonly supertrend: (period?: number, multiplier?: number) => Lines<SupertrendLine>;
  /** Commodity channel index. */
  readonly cci: (period?: number) => Series;
  /** Money flow index, 0 to 100. */
  readonly mfi: (period?: number) => Series;
  /** On-balance volume, units. */
  readonly obv: () => Series;
  /** Accumulation/distribution line, units. */
  readonly adl: () => Series;
  /** Parabolic stop and reverse, rupees. */
  readonly psar: (acceleration?: number, maximum?: number) => Series;
  /** Highest high, lowest low and their middle, the newest bar included. */
  readonly donchian: (period?: number) => Lines<ChannelLine>;
  /** Bands of average true ranges around the exponential mean of the close. */
  readonly keltner: (period?: number, multiplier?: number, atrPeriod?: number) => Lines<ChannelLine>;
  /** Distance of the close below the highest high, −100 to 0. */
  readonly williamsR: (period?: number) => Series;
  /** How lately the highest and the lowest bar came, 0 to 100. */
  readonly aroon: (period?: number) => Lines<AroonLine>;
  /** Conversion, base and both spans as known on the bar; today's cloud is `spanA.ago(26)` and `spanB.ago(26)`. */
  readonly ichimoku: (conversion?: number, base?: number, spanB?: number) => Lines<IchimokuLine>;
  /** Classic pivot points of the session before, rupees. */
  readonly pivots: () => Lines<PivotLine>;
  /** Averaged bars; nothing trades at these prices. */
  readonly heikinAshi: () => Lines<HeikinAshiLine>;
}
