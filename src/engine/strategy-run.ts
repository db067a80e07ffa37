import { codeOf, messageOf, StrategyError } from '../domain/errors.ts';
import { roundHalfUp } from '../domain/money.ts';
import type { ExitReason, Product } from '../domain/order.ts';
import { sessionsOf } from '../domain/resample.ts';
import { type EpochMs, instantOf, minuteOfClock } from '../domain/time.ts';
import { IndicatorSet } from '../indicators/indicator-set.ts';
import type { Strategy } from '../strategy/define.ts';
import { marketOf } from '../strategy/market.ts';
import type { ParamShape, ParamValues } from '../strategy/params.ts';
import { setUp } from '../strategy/set-up.ts';
import type { Distance, EntryOptions, Hooks } from '../strategy/trade.ts';
import { priceAway } from './distance.ts';
import type { EngineContext } from './engine-context.ts';
import { checkEntryOptions } from './entry-options.ts';
import { entryPrice, entryQuantity, entryType } from './entry-plan.ts';
import { hookFailure, refusePromise } from './hook-failure.ts';
import type { HookTurn } from './hook-runner.ts';
import { OpenTrade } from './open-trade.ts';
import { armStops, followBest, tightenStop } from './protection.ts';
import { RunHistory } from './risk/run-history.ts';
import { Refusals } from './run-record.ts';
import type { Slot } from './slot.ts';
import { takeOut } from './take-out.ts';
import { TradeContext } from './trade-context.ts';
import type { WorkingOrder } from './working-order.ts';

const noOptions: EntryOptions = {};

/** One strategy on one instrument: its indicators, its virtual book, and the way from its wishes to orders. */
export class StrategyRun implements HookTurn {
  readonly name: string;
  readonly slot: Slot;
  readonly engine: EngineContext;
  readonly product: Product;
  readonly refusals = new Refusals();
  readonly history = new RunHistory();
  readonly trades: OpenTrade[] = [];
  private readonly spare: OpenTrade[] = [];
  readonly context: TradeContext;
  /** Instant of the bar's close while hooks run, of the event while fills are told. */
  time: EpochMs = Number.NaN;
  /** The hook that runs, or ran last. */
  hook = 'setup';
  signals = 0;
  readonly indicators: IndicatorSet;
  private readonly hooks: Hooks;
  private readonly timers: readonly { readonly minute: number; readonly hook: NonNullable<Hooks['onBar']> }[];
  private nextTimer = 0;
  /** Row of `dueRow`; -1 when it is to be looked up. */
  private nextDue = -1;
  /** In a calm stretch, and nothing done yet: the account is not brought up bar by bar. */
  private calm = false;
  private occupied = false;
  /** An intraday position of an earlier day that no bar came to close. */
  private overdue = false;
  /** Failures of the session, and whether they were too many. */
  private errors = 0;
  private disabled = false;
  /** Entries asked for on the newest bar. */
  private asked = 0;
  private askedRow = -1;

  constructor(
    strategy: Strategy,
    params: ParamValues<ParamShape>,
    slot: Slot,
    product: Product,
    engine: EngineContext,
  ) {
    this.name = strategy.name;
    this.slot = slot;
    this.engine = engine;
    this.product = product;
    this.context = new TradeContext(this, slot);
    this.indicators = new IndicatorSet(slot, sessionsOf(engine.calendar, slot.instrument));
    let hooks: Hooks = {};
    try {
      this.turn(() => {
        hooks = setUp(strategy, marketOf(this.indicators.view, slot.instrument), params);
      });
    } catch (cause) {
      throw codeOf(cause) === 'STRATEGY_HUNG' ? hookFailure(this, 'setup', cause) : cause;
    }
    this.hooks = hooks;
    this.indicators.seal();
    this.timers = Object.entries(this.hooks.at ?? {})
      .map(([clock, hook]) => ({ minute: minuteOfClock(clock), hook }))
      .sort((a, b) => a.minute - b.minute);
  }

  newSession(): void {
    this.indicators.newSession();
    this.context.position.entriesToday = 0;
    this.nextTimer = 0;
    this.nextDue = -1;
    if (!this.disabled) this.errors = 0;
    // No bar came between the square-off time and the end of yesterday's session.
    this.overdue =
      this.slot.intraday &&
      this.product === 'MIS' &&
      this.trades.some((trade) => trade.open > 0 && trade.entryTime < this.slot.sessionOpen);
  }

  /** The slot's newest bar is closed: bring everything up to it, then let the strategy decide. */
  barClosed(time: EpochMs): void {
    this.time = time;
    this.indicators.advance();
    if (this.trades.length > 0) this.age();
    if (this.product === 'MIS' && (this.overdue || time >= this.slot.squareOffMark)) this.squareOff();
    if (this.disabled) {
      this.refuseDisabled();
      return;
    }
    try {
      if (this.engine.hooks === undefined) this.decide();
      else this.turn(() => this.decide());
    } catch (cause) {
      this.failed(cause);
    }
  }

  private decide(): void {
    if (this.nextTimer < this.timers.length) this.runTimers();
    this.hook = 'onBar';
    const answer: unknown = this.hooks.onBar?.(this.context);
    refusePromise(answer, 'onBar', this.name);
  }

  /** The strategy's own code, whose time is taken where the run has to outlive it. */
  private turn(work: () => void): void {
    const { hooks } = this.engine;
    if (hooks === undefined) work();
    else hooks.call(this, work);
  }

  /**
   * Stops the run, or counts the failure and disables the strategy here after some, its position being left as the policy says. One that
   * did not come back is disabled everywhere at once: it would take as long in the next instrument.
   */
  private failed(cause: unknown): void {
    const failure = hookFailure(this, this.hook, cause);
    const { isolation, runs } = this.engine;
    // What is not the strategy's own fault is never the strategy's to survive.
    if (isolation === undefined || codeOf(failure) !== 'STRATEGY_FAILED') throw failure;
    this.act();
    this.errors += 1;
    if (codeOf(cause) === 'STRATEGY_HUNG') {
      this.refuse('STRATEGY_HUNG', () => messageOf(failure));
      for (const run of runs) if (run.name === this.name) run.disable(this.time);
    } else {
      this.refuse('STRATEGY_ERROR', () => messageOf(failure));
      if (this.errors < isolation.errorsMax) return;
      this.disable(this.time);
    }
    this.engine.warnings.add(
      `${this.name} on ${this.slot.instrument.key} is disabled after ${this.errors} ${this.errors === 1 ? 'failure' : 'failures'}, ${isolation.flatten ? 'its position is closed' : 'its position keeps its stop and target'}. The last: ${messageOf(failure)}`,
    );
  }

  private disable(time: EpochMs): void {
    if (this.disabled) return;
    this.disabled = true;
    this.time = time;
    if (this.engine.isolation?.flatten) this.exitAll('kill');
    else this.cancelEntries();
  }

  private refuseDisabled(): void {
    this.refuse(
      'STRATEGY_DISABLED',
      () => `${this.name} decides no more in ${this.slot.instrument.key} after it failed.`,
    );
  }

  /**
   * First row of the day from `from` on at which more may be due than the indicators and `onBar`: the end of the intraday
   * session, a time of `at`, a stop that follows, an entry that may run out of patience.
   */
  calmUntil(from: number, to: number): number {
    if (this.overdue || this.disabled || this.hooks.onBar === undefined || this.context.position.entering)
      return from;
    for (let i = 0; i < this.trades.length; i++) if (this.trades[i].trailing !== undefined) return from;
    const calm = this.dueRow();
    return calm < to ? Math.max(from, calm) : to;
  }

  /** First row of the session whose close the clock has something for. Looked up once a session and timer. */
  private dueRow(): number {
    if (this.nextDue >= 0) return this.nextDue;
    const { slot } = this;
    let due = this.product === 'MIS' ? slot.squareOffMark : Number.POSITIVE_INFINITY;
    if (this.nextTimer < this.timers.length)
      due = Math.min(due, instantOf(slot.dayNumber, this.timers[this.nextTimer].minute));
    this.nextDue = due === Number.POSITIVE_INFINITY ? due : slot.series.rowAt(due - slot.barMs);
    return this.nextDue;
  }

  /**
   * Calm rows `from` to `to - 1`, the slot standing at the first: the strategy decides bar after bar until it does something.
   * Answers the row after the last one told.
   */
  barsClosed(from: number, to: number): number {
    this.calm = true;
    this.hook = 'onBar';
    let next = from;
    try {
      if (this.engine.hooks === undefined) next = this.walk(from, to);
      else
        this.turn(() => {
          next = this.walk(from, to);
        });
    } catch (cause) {
      this.failed(cause);
      return this.slot.row + 1;
    }
    this.act();
    return next;
  }

  private walk(from: number, to: number): number {
    const { slot, context, hooks, indicators } = this;
    const { series, barMs } = slot;
    const { time, close } = series;
    let row = from;
    while (row < to) {
      slot.row = row;
      const end = Math.min(to, indicators.advance());
      for (; row < end; row++) {
        slot.row = row;
        slot.close = close[row];
        this.time = time[row] + barMs;
        const answer: unknown = hooks.onBar?.(context);
        if (answer !== undefined) refusePromise(answer, 'onBar', this.name);
        if (!this.calm) return row + 1;
      }
    }
    return to;
  }

  /** Before the strategy does anything in a calm stretch, the account is brought up to the bar. */
  private act(): void {
    if (!this.calm) return;
    this.calm = false;
    this.engine.account.mark();
  }

  /** Paise the account is worth at the newest closes. */
  equity(): number {
    const { account } = this.engine;
    return this.calm ? account.mark() : account.equityPaise;
  }

  private runTimers(): void {
    const minute = this.context.session.minute;
    while (this.nextTimer < this.timers.length && this.timers[this.nextTimer].minute <= minute) {
      const { hook } = this.timers[this.nextTimer];
      this.hook = 'its at: hook';
      // Before the hook, so that one that fails has had its turn.
      this.nextTimer += 1;
      this.nextDue = -1;
      const answer: unknown = hook(this.context);
      refusePromise(answer, 'at', this.name);
    }
  }

  /** Trailing stops and the patience of working entries, once a bar. */
  private age(): void {
    for (let i = 0; i < this.trades.length; i++) {
      const trade = this.trades[i];
      if (trade.trailing !== undefined && trade.open > 0) followBest(trade, trade.trailing);
    }
    if (this.context.position.entering) this.expireEntries();
  }

  private expireEntries(): void {
    for (let i = this.trades.length - 1; i >= 0; i--) {
      for (const order of this.trades[i].orders) {
        if (order.purpose !== 'entry' || !order.isWorking) continue;
        order.barsLeft -= 1;
        if (order.barsLeft <= 0) this.engine.desk.cancel(order);
      }
    }
  }

  enter(direction: 1 | -1, options: EntryOptions = noOptions): void {
    if (options !== noOptions) checkEntryOptions(options);
    this.act();
    this.countAsked();
    this.signals += 1;
    const { slot } = this;
    const { position } = this.context;
    const side = direction > 0 ? 'BUY' : 'SELL';
    if (slot.over || slot.dayNumber > slot.lastDay) {
      this.refuse(
        'SIGNAL_TOO_LATE',
        () => `${side} in ${slot.instrument.key} after the last session in which it can be held.`,
      );
      return;
    }
    if (position.quantity * direction < 0) this.exitAll('reversal', options.note);
    else if (position.quantity !== 0 && !options.add) {
      this.refuse(
        'SIGNAL_IN_POSITION',
        () =>
          `${side} while already holding ${position.quantity} ${slot.instrument.key}; add: true would add to it.`,
      );
      return;
    }
    if (position.entering && !options.add) {
      if (this.trades.some((trade) => trade.direction === direction && trade.isWorking('entry'))) {
        this.refuse(
          'SIGNAL_ENTERING',
          () => `${side} in ${slot.instrument.key} while an earlier entry is still working.`,
        );
        return;
      }
      this.cancelEntries();
    }
    const price = entryPrice(slot, options);
    const quantity = entryQuantity(this, direction, price, options);
    if (quantity === undefined) return;
    const trade = this.spare.pop() ?? new OpenTrade(this);
    trade.begin(direction, options);
    const type = entryType(options);
    const sent = this.engine.desk.send(trade, {
      role: 'entry',
      type,
      quantity,
      price:
        options.limit === undefined
          ? Number.NaN
          : this.engine.desk.limitOnTick(slot, options.limit, direction > 0),
      trigger: options.trigger === undefined ? Number.NaN : this.engine.desk.onTick(slot, options.trigger),
    });
    if (!sent) return;
    if (options.bars !== undefined) for (const order of trade.orders) order.barsLeft = options.bars;
    // With a same-close broker the fill has come already, and told the book of this trade.
    if (!isIn(this.trades, trade) && trade.isWorking('entry')) this.trades.push(trade);
    this.refresh();
  }

  /** A loop that buys without end is a fault, not a wish. */
  private countAsked(): void {
    const { row } = this.slot;
    this.asked = row === this.askedRow ? this.asked + 1 : 1;
    this.askedRow = row;
    if (this.asked <= this.engine.entriesPerBarMax) return;
    throw new StrategyError(
      'STRATEGY_FLOOD',
      `It asked for ${this.asked} entries on one bar.`,
      `trading.maxEntriesPerBar is ${this.engine.entriesPerBarMax}; look for a loop.`,
    );
  }

  /**
   * Closes every open trade at market and cancels what is still entering. `atClose` means that no later bar can be waited for:
   * the order takes the price of this close, and replaces one that is waiting.
   */
  exitAll(reason: ExitReason, note?: string, atClose = false): void {
    this.act();
    this.cancelEntries();
    for (let i = this.trades.length - 1; i >= 0; i--) {
      const trade = this.trades[i];
      if (trade.open === 0) continue;
      if (trade.isWorking('exit')) {
        if (!atClose) continue;
        this.engine.desk.cancelAll(trade, 'exit');
      }
      trade.exitNote = note;
      this.exit(trade, reason, atClose);
    }
    this.refresh();
  }

  private exit(trade: OpenTrade, reason: ExitReason, atClose: boolean): void {
    const { desk, account } = this.engine;
    desk.cancelAll(trade, 'stop');
    desk.cancelAll(trade, 'target');
    // An exit that replaces a waiting one frees the same margin, not twice as much.
    account.releasingPaise += trade.blockedPaise - trade.releasingPaise;
    trade.releasingPaise = trade.blockedPaise;
    desk.send(trade, {
      role: reason,
      type: 'MARKET',
      quantity: trade.open,
      price: Number.NaN,
      trigger: Number.NaN,
      validity: atClose ? 'IOC' : 'DAY',
    });
  }

  cancelEntries(): void {
    this.act();
    if (!this.context.position.entering) return;
    for (let i = this.trades.length - 1; i >= 0; i--) this.engine.desk.cancelAll(this.trades[i], 'entry');
  }

  /** Closes intraday positions: at the next open while the session lasts, at this close when it is over. */
  squareOff(): void {
    this.overdue = false;
    if (this.trades.length > 0) this.exitAll('square-off', undefined, this.time >= this.slot.sessionClose);
  }

  moveStop(to: Distance): void {
    this.act();
    for (const trade of this.trades)
      if (trade.open > 0) tightenStop(trade, priceAway(trade.entryPrice, to, trade.direction > 0 ? -1 : 1));
  }

  /** A fill of one of this run's orders. */
  filled(order: WorkingOrder, quantity: number, price: number, time: EpochMs): void {
    const { trade } = order;
    const before = this.time;
    this.time = time;
    const valuePaise = roundHalfUp(price * quantity * 100);
    const entry = order.intent.role === 'entry';
    if (entry && trade.entered === 0 && !isIn(this.trades, trade)) this.trades.push(trade);
    this.engine.books.fill(order, quantity, price, valuePaise, time);
    if (entry) armStops(trade);
    else this.afterExit(order);
    this.refresh();
    if (this.hooks.onFill && !this.disabled) {
      const fill = { side: order.intent.side, quantity, price, entry };
      const during = this.hook;
      this.hook = 'onFill';
      try {
        this.turn(() => {
          const answer: unknown = this.hooks.onFill?.(this.context, fill);
          refusePromise(answer, 'onFill', this.name);
        });
      } catch (cause) {
        this.failed(cause);
      }
      this.hook = during;
    }
    this.time = before;
  }

  /** What is left of a trade's protection follows what is left of the trade. */
  private afterExit(order: WorkingOrder): void {
    const { trade } = order;
    const { desk } = this.engine;
    if (trade.open === 0) {
      for (const other of trade.orders) if (other !== order) desk.cancel(other);
      if (lostToStop(trade)) desk.stopped(this, trade.exitTime);
      this.drop(trade);
      return;
    }
    // A stop that has begun to fill finishes the trade; a target filled in part leaves its stop for the rest.
    if (order.purpose === 'stop') {
      desk.cancelAll(trade, 'entry');
      desk.cancelAll(trade, 'target');
    }
    if (order.purpose === 'target') this.shrinkStops(trade);
  }

  private shrinkStops(trade: OpenTrade): void {
    let rest = trade.open;
    for (const stop of trade.orders) {
      if (stop.purpose !== 'stop' || !stop.isWorking) continue;
      if (rest === 0) this.engine.desk.cancel(stop);
      else if (stop.left > rest) this.engine.desk.resize(stop, stop.filled + rest);
      rest -= Math.min(rest, stop.left);
    }
  }

  /** An order ended without filling completely. */
  ended(order: WorkingOrder, state: 'cancelled' | 'rejected', reason: string): void {
    const { trade } = order;
    if (state === 'rejected') {
      this.refuse(
        'ORDER_REJECTED',
        () => `${order.intent.side} ${order.intent.quantity} ${order.intent.key}: ${reason}`,
      );
    }
    if (trade.entered === 0 && !trade.isWorking('entry')) this.drop(trade);
    this.refresh();
  }

  /** Something is held or being entered that no exit is closing yet. */
  get holds(): boolean {
    return this.occupied;
  }

  /** Units held or still being entered in a direction. */
  committed(direction: 1 | -1): number {
    let units = 0;
    for (const trade of this.trades) {
      if (trade.direction !== direction || trade.isWorking('exit')) continue;
      units += trade.open;
      for (const order of trade.orders)
        if (order.purpose === 'entry' && order.isWorking) units += order.quantity - order.filled;
    }
    return units;
  }

  refuse(code: string, why: () => string): void {
    this.refusals.add(code, why);
  }

  /** A trade whose charges are settled; its memory serves the next one. */
  settled(trade: OpenTrade): void {
    if (trade.isOver) this.spare.push(trade);
  }

  private drop(trade: OpenTrade): void {
    takeOut(this.trades, trade);
    if (trade.entered > 0) this.engine.books.close(trade);
    else this.history.withdrawn(trade.sentDay);
  }

  /** Brings the strategy's view of its position up to date. */
  private refresh(): void {
    const { position } = this.context;
    const { account } = this.engine;
    let quantity = 0;
    let cost = 0;
    let entering = false;
    let occupied = false;
    let entryIndex = -1;
    for (const trade of this.trades) {
      quantity += trade.direction * trade.open;
      cost += trade.direction * trade.open * trade.entryPrice || 0;
      const working = trade.isWorking('entry');
      entering ||= working;
      occupied ||= working || (trade.open > 0 && !trade.isWorking('exit'));
      if (trade.open > 0 && (entryIndex < 0 || trade.entryIndex < entryIndex)) entryIndex = trade.entryIndex;
    }
    position.quantity = quantity;
    position.cost = cost;
    position.flat = quantity === 0;
    position.long = quantity > 0;
    position.short = quantity < 0;
    position.averagePrice = quantity === 0 ? Number.NaN : cost / quantity;
    position.entering = entering;
    position.entryIndex = entryIndex;
    if (occupied !== this.occupied) account.openPositions += occupied ? 1 : -1;
    this.occupied = occupied;
  }
}

/** A stop that trails may close ahead, which is no reason to stand aside. */
function lostToStop({ exitRole, exitPrice, entryPrice, direction }: OpenTrade): boolean {
  return exitRole === 'stop' && (exitPrice - entryPrice) * direction < 0;
}

/** For lists of a trade or two a loop is quicker than the built-in. */
function isIn(trades: readonly OpenTrade[], trade: OpenTrade): boolean {
  for (let i = 0; i < trades.length; i++) if (trades[i] === trade) return true;
  return false;
}
