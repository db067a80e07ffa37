import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Strategy, Timeframe } from '../../src/strategy/index.ts';
import ema20_50 from '../../strategies/ema20_50.ts';
import ema20_50Intraday from '../../strategies/ema20_50_intraday.ts';
import equityIntradaySimple from '../../strategies/equity_intraday_simple.ts';
import gapFade from '../../strategies/gap_fade.ts';
import htfTrend from '../../strategies/htf_trend.ts';
import meanReversionIntraday from '../../strategies/mean_reversion_intraday.ts';
import openingRangeBreakout from '../../strategies/opening_range_breakout.ts';
import rsiPullback from '../../strategies/rsi_pullback.ts';
import supertrend from '../../strategies/supertrend.ts';
import trendStrategy from '../../strategies/trend_strategy.ts';
import volRegime from '../../strategies/vol_regime.ts';
import vwapFilter from '../../strategies/vwap_filter.ts';
import { projectRoot } from '../support/project-root.ts';
import { runShipped, storedTape } from '../support/shipped.ts';

const shipped: readonly Strategy[] = [
  ema20_50,
  ema20_50Intraday,
  equityIntradaySimple,
  gapFade,
  htfTrend,
  meanReversionIntraday,
  openingRangeBreakout,
  rsiPullback,
  supertrend,
  trendStrategy,
  volRegime,
  vwapFilter,
];

/** Bars on which a strategy finds enough to do within the stored days. */
const busier = new Map<Strategy, Timeframe>([
  [rsiPullback, '5m'],
  [trendStrategy, '1h'],
  [volRegime, '1h'],
]);

/*
 * What each shipped strategy does on a stored stretch of the invented market. A change of any figure is a change of
 * fills, charges, indicators or the strategy itself, and belongs into the changelog. `GOLDEN=write npm test -- test/golden`
 * writes the files anew.
 */
describe('shipped strategies on the stored tape', () => {
  test.each<Strategy>(shipped)('$name', (strategy) => {
    const tape = storedTape(busier.get(strategy) ?? strategy.timeframe);
    const { trades, orders, hash } = runShipped(strategy, tape);
    const exits: Record<string, number> = {};
    for (const { exitReason } of trades) exits[exitReason] = (exits[exitReason] ?? 0) + 1;
    const figures = {
      trades: trades.length,
      orders: orders.length,
      grossPaise: trades.reduce((sum, { grossPaise }) => sum + grossPaise, 0),
      chargesPaise: trades.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0),
      exits,
      hash,
    };
    const file = join(projectRoot, 'test/golden', `${strategy.name}.json`);
    if (process.env.GOLDEN === 'write') writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
    expect(figures).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    expect(trades.length).toBeGreaterThan(0);
  });
});
