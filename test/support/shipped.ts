import { generateMarket } from '../../src/adapters/synthetic/generate-market.ts';
import { runBacktest } from '../../src/app/backtest-run.ts';
import { resultHash } from '../../src/app/run-identity.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import type { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { resample } from '../../src/domain/resample.ts';
import type { Timeframe } from '../../src/domain/timeframe.ts';
import { percentOfEquity } from '../../src/engine/sizing.ts';
import type { TurnWatch } from '../../src/engine/turns/turn-watch.ts';
import type { Strategy } from '../../src/strategy/index.ts';
import { parseParams } from '../../src/strategy/parse-params.ts';
import { rulebook } from './tape.ts';

let minutes: { instrument: Instrument; series: BarSeries } | undefined;

/** A stretch of the invented market that crosses the new charges of 2026-04-01. */
export function storedTape(timeframe: Timeframe): { instrument: Instrument; series: BarSeries } {
  minutes ??= [...generateMarket({ ...rulebook, seed: 2_020, from: '2025-12-01', days: 120, symbols: 1 })][1];
  const { instrument, series } = minutes;
  const sessions = (day: number) => rulebook.calendar.session(instrument, day);
  return { instrument, series: resample(series, timeframe, sessions).series };
}

/** A shipped strategy with its defaults over bars, under the rules of the default profile. */
export function runShipped(
  strategy: Strategy,
  { instrument, series } = storedTape(strategy.timeframe),
  watch?: TurnWatch,
) {
  const { fill, risk, sizing } = defaultConfig();
  const { engine, entries } = runBacktest({
    plan: {
      capitalPaise: 100_000_000,
      limits: risk,
      sizing: percentOfEquity(sizing.percentOfEquity),
      charges: rulebook.charges('zerodha'),
      rulebook,
      product: 'auto',
      squareOff: 'auto',
      entryCutOff: 'auto',
    },
    fill,
    series: [{ instrument, series, strategies: [{ strategy, params: parseParams(strategy) }] }],
    ...(watch && { watch }),
  });
  const trades = engine.trades();
  const orders = entries.flatMap((entry) => (entry.type === 'intent' ? [entry.order] : []));
  return { engine, orders, trades, series, hash: resultHash(entries, trades) };
}
