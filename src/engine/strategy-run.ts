import { StrategyError } from '../domain/errors.ts';
import { roundHalfUp } from '../domain/money.ts';
import type { ExitReason, OrderType, Product } from '../domain/order.ts';
import { type EpochMs, istText, minuteOfClock } from '../domain/time.ts';
import { IndicatorSet } from '../indicators/indicator-set.ts';
import type { Strategy } from '../strategy/define.ts';
import { marketOf } from '../strategy/market.ts';
import type { ParamShape, ParamValues } from '../strategy/params.ts';
import { setUp } from '../strategy/set-up.ts';
import type { Distance, EntryOptions, Hooks } from '../strategy/trade.ts';
import { priceAway } from './distance.ts';
import type { EngineContext } from './engine-context.ts';
import { OpenTrade } from './open-trade.ts';
import { isTerminal } from './order-lifecycle.ts';
import { armStops, followBest, tightenStop } from './protection.ts';
import { Refusals } from './run-record.ts';
import type { Slot } from './slot.ts';
import { TradeContext } from './trade-context.ts';
import type { WorkingOrder } from './working-order.ts';

const noOptions: EntryOptions = {};

/** One strategy on one instrument: its indicators, its virtual book, and the way from its wishes to orders. */
export class StrategyRun {
  readonly name: string;
  readonly slot: Slot;
  readonly engine: EngineContext;
  readonly product: Product;
  readonly refusals = new Refusals();
  readonly trades: OpenTrade[] = [];
  readonly context: TradeContext;
  /** Instant of the bar's close while hooks run, of the event while fills are told. */
  time: EpochMs = Number.NaN;
  signals = 0;
  private readonly indicators: IndicatorSet;
  private readonly hooks: Hooks;
  private readonly timers: readonly { readonly minute: number; readonly hook: NonNullable<Hooks['onBar']> }[];
  private nextTimer = 0;
  private occupied = false;

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
    this.context = new TradeContext(this, slot, engine.account);
    this.indicators = new IndicatorSet(slot);
    this.hooks = setUp(strategy, marketOf(this.indicators.view, slot.instrument), params);
    this.indicators.seal();
    this.timers = Object.entries(this.hooks.at ?? {})
      .map(([clock, hook]) => ({ minute: minuteOfClock(clock), hook }))
      .sort((a, b) => a.minute - b.minute);
  }

  newSession(): void {
    this.indicators.newSession();
    this.context.position.entriesToday = 0;
    this.nextTimer = 0;
  }

  /** The slot's newest bar is closed: bring everything up to it, then let the strategy decide. */
  barClosed(time: EpochMs): void {
    this.time = time;
    this.indicators.advance();
    if (this.trades.length > 0) this.age();
    if (time >= this.slot.squareOffMark && this.product === 'MIS') this.squareOff();
    try {
      if (this.nextTimer < this.timers.length) this.runTimers();
      const answer: unknown = this.hooks.onBar?.(this.context);
      if (answer !== undefined) throw notSynchronous(this.name);
    } catch (cause) {
      throw this.blame('onBar', cause);
    }
  }

  private runTimers(): void {
    const minute = this.context.session.minute;
    while (this.nextTimer < this.timers.length && this.timers[this.nextTimer].minute <= minute) {
      this.timers[this.nextTimer].hook(this.context);
      this.nextTimer += 1;
    }
  }

  /** Extremes, trailing stops and the patience of working entries, once a bar. */
  private age(): void {
    const { series, row } = this.slot;
    for (let i = 0; i < this.trades.length; i++) {
      const trade = this.trades[i];
      if (trade.open > 0) {
        if (series.high[row] > trade.highest) trade.highest = series.high[row];
        if (series.low[row] < trade.lowest) trade.lowest = series.low[row];
        if (trade.trailing !== undefined) followBest(trade, trade.trailing);
      }
    }
    for (let i = this.trades.length - 1; i >= 0; i--) this.expireEntries(this.trades[i]);
  }

  private expireEntries(trade: OpenTrade): void {
    for (const order of trade.entries) {
      if (isTerminal(order.state)) continue;
      order.barsLeft -= 1;
      if (order.barsLeft <= 0) this.engine.desk.cancel(order);
    }
  }

  enter(direction: 1 | -1, options: EntryOptions = noOptions): void {
    this.signals += 1;
    const { slot } = this;
    const { position } = this.context;
    const side = direction > 0 ? 'BUY' : 'SELL';
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
      if (this.trades.some((trade) => trade.direction === direction && isWorking(trade.entries))) {
        this.refuse(
          'SIGNAL_ENTERING',
          () => `${side} in ${slot.instrument.key} while an earlier entry is still working.`,
        );
        return;
      }
      this.cancelEntries();
    }
    const price = this.entryPrice(options);
    const quantity = this.quantity(direction, price, options);
    if (quantity === undefined) return;
    const trade = new OpenTrade(this, direction, this.product, options);
    const type = entryType(options);
    const sent = this.engine.desk.send(
      trade,
      {
        role: 'entry',
        type,
        quantity,
        price: options.limit === undefined ? Number.NaN : this.engine.desk.onTick(slot, options.limit),
        trigger: options.trigger === undefined ? Number.NaN : this.engine.desk.onTick(slot, options.trigger),
      },
      trade.entries,
    );
    if (!sent) return;
    if (options.bars !== undefined) for (const order of trade.entries) order.barsLeft = options.bars;
    // With a same-close broker the fill has come already, and told the book of this trade.
    if (!this.trades.includes(trade) && isWorking(trade.entries)) this.trades.push(trade);
    this.refresh();
  }

  private entryPrice({ limit, trigger, stopLoss, target, trailingStop, bars }: EntryOptions): number {
    const price = limit ?? trigger ?? this.slot.close;
    if (!(price > 0 && price < Number.POSITIVE_INFINITY)) throw nonsense('price', price);
    if (bars !== undefined && !(bars >= 1)) throw nonsense('number of bars', bars);
    for (const distance of [stopLoss, target, trailingStop])
      if (distance !== undefined) priceAway(price, distance, 1);
    return price;
  }

  private quantity(direction: 1 | -1, price: number, options: EntryOptions): number | undefined {
    const { slot, engine } = this;
    if (options.quantity !== undefined) return options.quantity;
    if (options.lots !== undefined) return options.lots * slot.lotSize;
    const stop = options.stopLoss ?? options.trailingStop;
    const side = direction > 0 ? 'BUY' : 'SELL';
    const request = {
      instrument: slot.instrument,
      lotSize: slot.lotSize,
      price,
      stopDistance:
        stop === undefined ? Number.NaN : Math.abs(price - priceAway(price, stop, direction > 0 ? -1 : 1)),
      equityPaise: engine.account.equityPaise,
      charges: (quantity: number) => engine.desk.chargesOf(slot, side, this.product, quantity, price),
    };
    const quantity = engine.sizing.quantity(request);
    if (quantity > 0) return quantity;
    this.refuse('SIZE_ZERO', () => engine.sizing.whyNothing(request));
    return undefined;
  }

  /**
   * Closes every open trade at market and cancels what is still entering. `atClose` means that no later bar can be waited for:
   * the order takes the price of this close, and replaces one that is waiting.
   */
  exitAll(reason: ExitReason, note?: string, atClose = false): void {
    this.cancelEntries();
    for (let i = this.trades.length - 1; i >= 0; i--) {
      const trade = this.trades[i];
      if (trade.open === 0) continue;
      if (isWorking(trade.exits)) {
        if (!atClose) continue;
        for (const order of trade.exits) this.engine.desk.cancel(order);
      }
      trade.exitNote = note;
      this.exit(trade, reason, atClose);
    }
    this.refresh();
  }

  private exit(trade: OpenTrade, reason: ExitReason, atClose: boolean): void {
    const { desk, account } = this.engine;
    for (const order of [...trade.stops, ...trade.targets]) desk.cancel(order);
    trade.releasingPaise = trade.blockedPaise;
    account.releasingPaise += trade.releasingPaise;
    desk.send(
      trade,
      {
        role: reason,
        type: 'MARKET',
        quantity: trade.open,
        price: Number.NaN,
        trigger: Number.NaN,
        validity: atClose ? 'IOC' : 'DAY',
      },
      trade.exits,
    );
  }

  cancelEntries(): void {
    for (let i = this.trades.length - 1; i >= 0; i--) {
      for (const order of this.trades[i]?.entries ?? []) this.engine.desk.cancel(order);
    }
  }

  /** Closes intraday positions: at the next open while the session lasts, at this close when it is over. */
  squareOff(): void {
    if (this.trades.length > 0) this.exitAll('square-off', undefined, this.time >= this.slot.sessionClose);
  }

  moveStop(to: Distance): void {
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
    if (entry && trade.entered === 0 && !this.trades.includes(trade)) this.trades.push(trade);
    this.engine.books.fill(order, quantity, price, valuePaise, time);
    if (entry) armStops(trade);
    else this.afterExit(order);
    this.refresh();
    if (this.hooks.onFill) {
      const fill = { side: order.intent.side, quantity, price, entry };
      this.guarded('onFill', () => this.hooks.onFill?.(this.context, fill));
    }
    this.time = before;
  }

  /** What is left of a trade's protection follows what is left of the trade. */
  private afterExit(order: WorkingOrder): void {
    const { trade } = order;
    const { desk } = this.engine;
    if (trade.open === 0) {
      for (const other of [...trade.entries, ...trade.stops, ...trade.targets, ...trade.exits])
        if (other !== order) desk.cancel(other);
      this.drop(trade);
      return;
    }
    // A stop that has begun to fill finishes the trade; a target filled in part leaves its stop for the rest.
    if (trade.stops.includes(order)) for (const other of trade.targets) desk.cancel(other);
    if (trade.targets.includes(order))
      for (const other of trade.stops)
        if (!isTerminal(other.state)) desk.resize(other, trade.open + other.filled);
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
    if (trade.entered === 0 && !isWorking(trade.entries)) this.drop(trade);
    this.refresh();
  }

  refuse(code: string, why: () => string): void {
    this.refusals.add(code, why);
  }

  private drop(trade: OpenTrade): void {
    const place = this.trades.indexOf(trade);
    if (place >= 0) this.trades.splice(place, 1);
    if (trade.entered > 0) this.engine.books.close(trade);
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
      const working = isWorking(trade.entries);
      entering ||= working;
      occupied ||= working || (trade.open > 0 && !isWorking(trade.exits));
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

  private guarded<T>(hook: string, call: () => T): T {
    try {
      return call();
    } catch (cause) {
      throw this.blame(hook, cause);
    }
  }

  private blame(hook: string, cause: unknown): unknown {
    if (cause instanceof Error && 'code' in cause && !String(cause.code).startsWith('STRATEGY_'))
      return cause;
    if (cause instanceof Error && cause.message.startsWith('Strategy ')) return cause;
    const { key } = this.slot.instrument;
    const when = this.slot.row >= 0 ? ` at the bar of ${istText(this.slot.series.time[this.slot.row])}` : '';
    const fix = cause instanceof StrategyError ? cause.fix : `Look at ${hook} in strategies/${this.name}.ts.`;
    const what = cause instanceof Error ? cause.message : String(cause);
    return new StrategyError(
      'STRATEGY_FAILED',
      `Strategy ${this.name} on ${key} failed in ${hook}${when}: ${what}`,
      fix,
      cause,
    );
  }
}

function isWorking(orders: readonly WorkingOrder[]): boolean {
  for (let i = 0; i < orders.length; i++) if (!isTerminal(orders[i].state)) return true;
  return false;
}

function entryType({ limit, trigger }: EntryOptions): OrderType {
  if (trigger !== undefined) return limit === undefined ? 'SL-M' : 'SL';
  return limit === undefined ? 'MARKET' : 'LIMIT';
}

function nonsense(what: string, value: number): StrategyError {
  return new StrategyError(
    'STRATEGY_ENTRY',
    `An entry with a ${what} of ${value} was asked for.`,
    `Check the ${what} before entering; NaN means an indicator is still warming up.`,
  );
}

function notSynchronous(name: string): StrategyError {
  return new StrategyError(
    'STRATEGY_ANSWER',
    `onBar of ${name} returned a value.`,
    'Hooks return nothing and never await: call buy, sell or exit instead.',
  );
}
