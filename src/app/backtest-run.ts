import { MemoryJournal } from '../adapters/journal/memory-journal.ts';
import type { FillRules } from '../adapters/simulated/fill-rules.ts';
import { inOrder } from '../adapters/simulated/in-order.ts';
import { type ReplaySeries, replay } from '../adapters/simulated/replay-feed.ts';
import { type SettlementPrice, SimulatedBroker } from '../adapters/simulated/simulated-broker.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { Engine, type EnginePlan } from '../engine/engine.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import type { TurnWatch } from '../engine/turns/turn-watch.ts';
import type { Strategy } from '../strategy/define.ts';
import type { ParamShape, ParamValues } from '../strategy/params.ts';

export interface BacktestSeries extends ReplaySeries {
  /** Finer bars that settle what happened inside one of these. */
  readonly detail?: BarSeries | undefined;
  /** Strategies that run on it. */
  readonly strategies: readonly { readonly strategy: Strategy; readonly params: ParamValues<ParamShape> }[];
}

export interface BacktestCast {
  readonly plan: EnginePlan;
  /** Milliseconds of computing that a hook may take where the run has to outlive it. */
  readonly hookMsMax?: number;
  readonly fill: FillRules;
  readonly series: readonly BacktestSeries[];
  readonly settlement?: SettlementPrice;
  readonly progress?: (bars: number) => void;
  /** Stands around the engine, where the reasons of single bars are asked for. */
  readonly watch?: TurnWatch;
  /** What is open after the last bar stays open: the session goes on another time. */
  readonly endless?: boolean;
}

/** The backtest's cast: replayed bars, the simulated exchange, a journal in memory. Everything else is the engine. */
export function runBacktest({
  plan,
  fill,
  series,
  settlement,
  progress,
  watch,
  endless = false,
}: BacktestCast): {
  readonly engine: Engine;
  readonly entries: readonly JournalEntry[];
} {
  const journal = new MemoryJournal();
  const broker = new SimulatedBroker(fill, plan.rulebook.contracts, settlement);
  const engine = new Engine(plan, { broker, journal: watch?.journal(journal) ?? journal });
  for (const each of series) {
    const slot = engine.watch(each.instrument, each.series);
    broker.open(each.instrument, slot, each.detail);
    for (const { strategy, params } of each.strategies) {
      const run = engine.run(strategy, params, slot);
      watch?.add(run, engine.halts);
    }
  }
  const market = inOrder(broker, engine);
  replay(series, plan.rulebook.calendar, watch?.market(market) ?? market, progress);
  if (!endless) engine.finish();
  return {
    engine,
    get entries() {
      return journal.entries;
    },
  };
}
