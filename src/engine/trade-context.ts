import { istMinuteOfDay, minuteMs } from '../domain/time.ts';
import type {
  Bar,
  Distance,
  EntryOptions,
  ExitOptions,
  Position,
  Session,
  Trade,
} from '../strategy/trade.ts';
import type { Slot } from './slot.ts';
import type { StrategyRun } from './strategy-run.ts';

/** The virtual book of one strategy in one instrument. Plain fields, refreshed when fills arrive. */
export class PositionView implements Position {
  flat = true;
  long = false;
  short = false;
  entering = false;
  quantity = 0;
  averagePrice = Number.NaN;
  entriesToday = 0;
  /** Value of what is held, rupees; negative when short. */
  cost = 0;
  entryIndex = -1;
  private readonly slot: Slot;

  constructor(slot: Slot) {
    this.slot = slot;
  }

  get profit(): number {
    return this.flat ? 0 : this.slot.close * this.quantity - this.cost;
  }

  get profitPercent(): number {
    return this.flat ? 0 : (this.profit / Math.abs(this.cost)) * 100;
  }

  get bars(): number {
    return this.flat ? 0 : this.slot.row - this.entryIndex + 1;
  }
}

class BarView implements Bar {
  private readonly slot: Slot;

  constructor(slot: Slot) {
    this.slot = slot;
  }

  get time(): number {
    return this.slot.series.time[this.slot.row];
  }
  get open(): number {
    return this.slot.series.open[this.slot.row];
  }
  get high(): number {
    return this.slot.series.high[this.slot.row];
  }
  get low(): number {
    return this.slot.series.low[this.slot.row];
  }
  get close(): number {
    return this.slot.close;
  }
  get volume(): number {
    return this.slot.series.volume[this.slot.row];
  }
  get index(): number {
    return this.slot.row;
  }
}

class SessionView implements Session {
  private readonly slot: Slot;
  private readonly run: StrategyRun;

  constructor(slot: Slot, run: StrategyRun) {
    this.slot = slot;
    this.run = run;
  }

  get bar(): number {
    return this.slot.row - this.slot.sessionRow;
  }
  get minute(): number {
    return istMinuteOfDay(this.run.time);
  }
  get elapsed(): number {
    return (this.run.time - this.slot.sessionOpen) / minuteMs;
  }
  get remaining(): number {
    return (this.slot.sessionClose - this.run.time) / minuteMs;
  }
}

/** What hooks receive: one object for the whole run, so a bar costs no allocation. */
export class TradeContext implements Trade {
  readonly position: PositionView;
  readonly bar: Bar;
  readonly session: Session;
  // Own properties rather than methods, since strategies take them apart: `onBar({ position, buy, exit })`.
  readonly buy: (options?: EntryOptions) => void;
  readonly sell: (options?: EntryOptions) => void;
  readonly exit: (options?: ExitOptions) => void;
  readonly cancelEntries: () => void;
  readonly moveStop: (to: Distance) => void;
  private readonly run: StrategyRun;

  constructor(run: StrategyRun, slot: Slot) {
    this.run = run;
    this.position = new PositionView(slot);
    this.bar = new BarView(slot);
    this.session = new SessionView(slot, run);
    const { hooks } = run.engine;
    const done = (deed: () => void) => (hooks === undefined ? deed() : hooks.deed(deed));
    this.buy = (options) => done(() => run.enter(1, options));
    this.sell = (options) => done(() => run.enter(-1, options));
    this.exit = (options) => done(() => run.exitAll('signal', options?.note));
    this.cancelEntries = () => done(() => run.cancelEntries());
    this.moveStop = (to) => done(() => run.moveStop(to));
  }

  get equity(): number {
    return this.run.equity() / 100;
  }
}
