import type { FillRules } from '../adapters/simulated/fill-rules.ts';
import { generateMarket } from '../adapters/synthetic/generate-market.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { assert } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { toPaise } from '../domain/money.ts';
import type { OrderIntent } from '../domain/order.ts';
import { resample, sessionsOf } from '../domain/resample.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { istText } from '../domain/time.ts';
import { isIntraday, type Timeframe } from '../domain/timeframe.ts';
import { percentOfEquity } from '../engine/sizing.ts';
import type { Strategy } from '../strategy/define.ts';
import { parseParams } from '../strategy/parse-params.ts';
import { runBacktest } from './backtest-run.ts';

/** Where the bars are cut, as shares of their number; 1 is the same run once more. */
const cuts = [0.35, 0.6, 0.85, 1];
/** Trading days of invented bars: enough for averages of a few hundred bars of any length. */
const days = { intraday: 60, longer: 450 };
const fill: FillRules = {
  price: 'next-open',
  limitTouch: false,
  volumeSharePercent: 10,
  slippage: { kind: 'ticks', amount: 1, seed: 1 },
};

export interface LookAhead {
  /** Orders of the whole run. */
  readonly orders: number;
  /** What a cut changed, in words; undefined when the future changed nothing. */
  readonly fault: string | undefined;
}

/**
 * Runs a strategy over invented bars whole, cut short at several places and once more whole. What it ordered before a cut has
 * to be the same: else it saw bars that had not happened, or kept something from one run for the next.
 */
export function lookAhead(strategy: Strategy, rulebook: Rulebook): LookAhead {
  const { instrument, series } = inventedBars(strategy.timeframe, rulebook);
  const whole = ordersOf(strategy, rulebook, instrument, series);
  for (const share of cuts) {
    const rows = Math.floor(series.length * share);
    const cut = series.slice(0, rows);
    const until = series.time[rows - 1];
    const before = (orders: readonly OrderIntent[]) => orders.filter(({ time }) => time < until).map(words);
    const [known, again] = [before(whole), before(ordersOf(strategy, rulebook, instrument, cut))];
    const place = known.findIndex((order, at) => order !== again[at]);
    const at = place < 0 && again.length > known.length ? known.length : place;
    if (at < 0) continue;
    const fault =
      `${share === 1 ? 'run a second time over the same bars' : `with the bars after ${istText(until)} left out`}, ` +
      `order ${at + 1} is ${again[at] ?? 'missing'} instead of ${known[at] ?? 'none'}`;
    return { orders: whole.length, fault };
  }
  return { orders: whole.length, fault: undefined };
}

function inventedBars(
  timeframe: Timeframe,
  rulebook: Rulebook,
): { instrument: Instrument; series: BarSeries } {
  const { calendar, contracts } = rulebook;
  const span = isIntraday(timeframe) ? days.intraday : days.longer;
  const market = generateMarket({
    seed: 11,
    from: '2023-01-02',
    days: span,
    symbols: 1,
    calendar,
    contracts,
  });
  const [, stock] = [...market];
  assert(stock !== undefined, 'the invented market has a stock beside its index');
  const { series } = resample(stock.series, timeframe, sessionsOf(calendar, stock.instrument));
  return { instrument: stock.instrument, series };
}

function ordersOf(
  strategy: Strategy,
  rulebook: Rulebook,
  instrument: Instrument,
  series: BarSeries,
): readonly OrderIntent[] {
  const { entries } = runBacktest({
    plan: {
      capitalPaise: toPaise(1_000_000),
      limits: {
        maxOpenPositions: 10,
        maxPositionValuePercent: 100,
        maxDailyLossPercent: 100,
        priceBandPercent: 20,
      },
      sizing: percentOfEquity(10),
      charges: rulebook.charges('zerodha'),
      rulebook,
      product: 'auto',
      squareOff: 'auto',
      entryCutOff: 'auto',
    },
    fill,
    series: [{ instrument, series, strategies: [{ strategy, params: parseParams(strategy) }] }],
  });
  return entries.flatMap((entry) => (entry.type === 'intent' ? [entry.order] : []));
}

function words({ side, quantity, role, price, trigger, time }: OrderIntent): string {
  const level = Number.isNaN(price) ? trigger : price;
  return `${side} ${quantity} (${role}${Number.isNaN(level) ? '' : ` ${level}`}) at ${istText(time)}`;
}
