import { runBacktest } from '../../src/app/backtest-run.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { Timeframe } from '../../src/domain/timeframe.ts';
import { fixedQuantity } from '../../src/engine/sizing.ts';
import { defineStrategy } from '../../src/strategy/define.ts';
import { defaultFillRules, noRiskLimits } from './plain-rules.ts';
import { type Deeds, rulebook, type Tape, type TapeBar, timeOf } from './tape.ts';

/** One instrument of a run with several, and what each strategy on it does, by the strategy's name. */
export interface Member {
  readonly key: string;
  readonly instrument?: Partial<Instrument>;
  readonly bars: readonly TapeBar[];
  readonly timeframe?: Timeframe;
  readonly times?: readonly string[];
  readonly from?: string;
  readonly strategies: Readonly<Record<string, Deeds>>;
}

/** Plays several instruments and strategies on one account. */
export function playTogether(
  members: readonly Member[],
  plan: Pick<
    Tape,
    'capital' | 'quantity' | 'limits' | 'fill' | 'charges' | 'product' | 'settlement' | 'rules'
  > = {},
) {
  const series = members.map((member) => {
    const timeframe = member.timeframe ?? 'day';
    const [exchange = '', tradingsymbol = ''] = member.key.split(':');
    const instrument: Instrument = {
      key: member.key,
      exchange,
      tradingsymbol,
      rules: plan.rules ?? 'none',
      kind: 'EQ',
      tickSize: 0,
      lotSize: 1,
      ...member.instrument,
    };
    const bars = new BarSeries(instrument.key, timeframe);
    member.bars.forEach(([open, high, low, close, volume], row) => {
      bars.append(timeOf(member, row), open, high, low, close, volume ?? 1_000_000);
    });
    const strategies = Object.entries(member.strategies).map(([name, deeds]) => ({
      strategy: defineStrategy({
        name,
        about: 'Does what the tape says.',
        timeframe,
        setup: () => ({
          onBar(trade) {
            deeds[trade.bar.index]?.(trade);
          },
        }),
      }),
      params: {},
    }));
    return { instrument, series: bars, strategies };
  });
  const { engine, entries } = runBacktest({
    plan: {
      capitalPaise: (plan.capital ?? 1_000_000) * 100,
      limits: { ...noRiskLimits, ...plan.limits },
      sizing: fixedQuantity(plan.quantity ?? 10),
      charges: rulebook.charges(plan.charges ?? 'none'),
      rulebook,
      product: plan.product ?? 'auto',
      squareOff: 'auto',
      entryCutOff: 'auto',
    },
    fill: { ...defaultFillRules, ...plan.fill },
    series,
    ...(plan.settlement !== undefined && { settlement: () => plan.settlement }),
  });
  const orders = entries.flatMap((entry) => (entry.type === 'intent' ? [entry.order] : []));
  const fills = entries.flatMap((entry) => {
    if (entry.type !== 'order' || entry.event.type !== 'filled') return [];
    const { id, time, price, quantity } = entry.event;
    const { strategy, key, side, role } = orders[id - 1];
    return [{ strategy, key, side, role, price, quantity, time }];
  });
  return { engine, entries, orders, fills, trades: engine.trades(), refusals: engine.refusals() };
}
