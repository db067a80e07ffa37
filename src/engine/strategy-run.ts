import { codeOf, StrategyError } from '../domain/errors.ts';
import { roundHalfUp } from '../domain/money.ts';
import type { ExitReason, Product } from '../domain/order.ts';
import { sessionsOf } from '../domain/resample.ts';
import type { EpochMs } from '../domain/time.ts';
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
import { makesSense } from './entry-signal.ts';
import { hookFailure, refusePromise } from './hook-failure.ts';
import type { HookTurn } from './hook-runner.ts';
import { HookTimes } from './hook-times.ts';
import { OpenTrade } from './open-trade.ts';
import { showTrades } from './position-view.ts';
import { armStops, followBest, protectRest, tightenStop } from './protection.ts';
import { RunHistory } from './risk/run-history.ts';
import { RunFailures } from './run-failures.ts';
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
  readonly failures = new RunFailures(this);
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
  private readonly times: HookTimes;
  /** In a calm stretch, and nothing done yet: the account is not brought up bar by bar. */
  private calm = false;
  private occupied = false;
  /** An intraday position of an earlier day that no bar came to close. */
  private overdue = false;
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
    this.times = new HookTimes(hooks.at);
  }

  newSession(): void {
    this.indicators.newSession();
    this.context.position.entriesToday = 0;
    this.times.newSession();
    this.failures.newSession();
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
    if (this.failures.disabled) {
      this.failures.refuse();
      return;
    }
    try {
      if (this.engine.hooks === undefined) this.decide();
      else this.turn(() => this.decide());
    } catch (cause) {
      this.failures.add(cause);
    }
  }

  private decide(): void {
    if (this.times.pending) this.runTimers();
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
   * First row of the day from `from` on at which more may be due than the indicators and `onBar`: the end of the intraday
   * session, a time of `at`, a stop that follows, an entry that may run out of patience.
   */
  calmUntil(from: number, to: number): number {
    if (
      this.overdue ||
      this.failures.disabled ||
      this.hooks.onBar === undefined ||
      this.context.position.entering
    )
      return from;
    for (let i = 0; i < this.trades.length; i++) if (this.trades[i].trailing !== undefined) return from;
    const calm = this.times.dueRow(this.slot, this.product);
    return calm < to ? Math.max(from, calm) : to;
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
      this.failures.add(cause);
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
  act(): void {
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
    const { minute } = this.context.session;
    for (let hook = this.times.take(minute); hook !== undefined; hook = this.times.take(minute)) {
      this.hook = 'its at: hook';
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
    if (!makesSense(this, direction, options)) return;
    const { slot } = this;
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
    if (this.hooks.onFill && !this.failures.disabled) {
      const fill = { side: order.intent.side, quantity, price, entry };
      const during = this.hook;
      this.hook = 'onFill';
      try {
        this.turn(() => {
          const answer: unknown = this.hooks.onFill?.(this.context, fill);
          refusePromise(answer, 'onFill', this.name);
        });
      } catch (cause) {
        this.failures.add(cause);
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
    protectRest(order);
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
    const occupied = showTrades(this.trades, this.context.position);
    if (occupied !== this.occupied) this.engine.account.openPositions += occupied ? 1 : -1;
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
