import type { BarSeries } from '../../domain/bar-series.ts';
import { assert } from '../../domain/errors.ts';
import type { OrderEvent, OrderId, OrderIntent } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import { timeframeMs } from '../../domain/timeframe.ts';
import type { JournalEntry } from '../journal-entry.ts';
import type { Journal, MarketListener } from '../ports.ts';
import type { HaltView } from '../risk/halts.ts';
import type { StrategyRun } from '../strategy-run.ts';
import { RunTurns } from './run-turns.ts';

/** Whose bars are kept with everything that happened; of all others only the reason is. */
export type WantedBar = (run: StrategyRun, row: number) => boolean;

/**
 * Stands around an engine and writes down how every bar of every strategy ended. The engine knows nothing of it: what is told
 * is what passes through the journal, the refusals of each run and the market's own marks, so a run that nobody watches pays nothing.
 * Bars are told one by one, which leaves the same journal as stretches do.
 */
export class TurnWatch {
  readonly #wanted: WantedBar;
  readonly #begins: EpochMs;
  readonly #runs: RunTurns[] = [];
  readonly #bySeries = new Map<BarSeries, RunTurns[]>();
  readonly #byName = new Map<string, RunTurns>();
  readonly #orders = new Map<OrderId, RunTurns>();

  /** Up to `begins`, the last instant of a warm-up, nothing is opened. */
  constructor(wanted: WantedBar, begins: EpochMs = Number.NEGATIVE_INFINITY) {
    this.#wanted = wanted;
    this.#begins = begins;
  }

  /** `halts` are those of the engine that runs it. */
  add(run: StrategyRun, halts: HaltView | undefined): void {
    const turns = new RunTurns(run, { wanted: this.#wanted, begins: this.#begins, halts });
    const { series, instrument } = run.slot;
    this.#runs.push(turns);
    this.#bySeries.set(series, [...(this.#bySeries.get(series) ?? []), turns]);
    this.#byName.set(nameOf(run.name, instrument.key), turns);
  }

  /** How the bars of every run ended, in the order in which the runs were added. Complete when the engine has finished. */
  get runs(): readonly RunTurns[] {
    return this.#runs;
  }

  /** Listens to what is written down on the way. */
  journal(inner: Journal): Journal {
    return {
      append: (entry) => {
        inner.append(entry);
        this.#heard(entry);
      },
    };
  }

  /** Stands before exchange and engine, so that what happened while a bar formed is told apart from the decision on it. */
  market(inner: MarketListener): MarketListener {
    const updated: RunTurns[] = [];
    const barClosed = (series: BarSeries, row: number): void => {
      for (const turns of this.#bySeries.get(series) ?? []) {
        turns.barClosed(row);
        updated.push(turns);
      }
      inner.barClosed(series, row);
    };
    const mark = (time: EpochMs): void => {
      for (const turns of updated) turns.turnBegins(time);
      inner.mark(time);
      for (const turns of updated) turns.turnEnds();
      updated.length = 0;
    };
    return {
      barClosed,
      mark,
      barsClosed(series, from) {
        barClosed(series, from);
        mark(series.time[from] + timeframeMs(series.timeframe));
        return from + 1;
      },
    };
  }

  #heard(entry: JournalEntry): void {
    if (entry.type === 'intent') this.#sent({ ...entry.order });
    else this.#told({ ...entry.event });
  }

  #sent(order: OrderIntent): void {
    const turns = this.#byName.get(nameOf(order.strategy, order.key));
    assert(turns !== undefined, 'an order is of a strategy that runs');
    this.#orders.set(order.id, turns);
    turns.sent(order);
  }

  #told(event: OrderEvent): void {
    const turns = this.#orders.get(event.id);
    assert(turns !== undefined, 'news is of orders that were sent');
    turns.told(event);
  }
}

function nameOf(strategy: string, key: string): string {
  return `${strategy} ${key}`;
}
