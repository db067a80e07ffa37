import type { Strategy, Timeframe } from '../../src/strategy/index.ts';
import ema20_50 from '../../strategies/ema20_50.ts';
import ema20_50Intraday from '../../strategies/ema20_50_intraday.ts';
import equityIntradaySimple from '../../strategies/equity_intraday_simple.ts';
import fnoIntradayTrend from '../../strategies/fno_intraday_trend.ts';
import gapFade from '../../strategies/gap_fade.ts';
import htfTrend from '../../strategies/htf_trend.ts';
import ladder from '../../strategies/ladder.ts';
import meanReversionIntraday from '../../strategies/mean_reversion_intraday.ts';
import openingRangeBreakout from '../../strategies/opening_range_breakout.ts';
import rsiPullback from '../../strategies/rsi_pullback.ts';
import supertrend from '../../strategies/supertrend.ts';
import trendStrategy from '../../strategies/trend_strategy.ts';
import volRegime from '../../strategies/vol_regime.ts';
import vwapFilter from '../../strategies/vwap_filter.ts';

/** Every strategy that comes with the program. */
export const shipped: readonly Strategy[] = [
  ema20_50,
  ema20_50Intraday,
  equityIntradaySimple,
  fnoIntradayTrend,
  gapFade,
  htfTrend,
  ladder,
  meanReversionIntraday,
  openingRangeBreakout,
  rsiPullback,
  supertrend,
  trendStrategy,
  volRegime,
  vwapFilter,
];

/** Bars on which a shipped strategy finds enough to do within the stored days. */
export const busier = new Map<Strategy, Timeframe>([
  [rsiPullback, '5m'],
  [trendStrategy, '1h'],
  [volRegime, '1h'],
]);
