import type { ChargeModel, ExecutedOrder } from '../domain/charges.ts';
import { assert } from '../domain/errors.ts';
import { isOption } from '../domain/instrument.ts';
import { type Paise, roundHalfUp } from '../domain/money.ts';
import type {
  OrderEvent,
  OrderIntent,
  OrderRole,
  OrderType,
  Product,
  Side,
  Validity,
} from '../domain/order.ts';
import { OrderTable } from '../domain/order-table.ts';
import type { ContractRules } from '../domain/rulebook.ts';
import { type EpochMs, istMinuteOfDay } from '../domain/time.ts';
import type { Account } from './account.ts';
import type { OpenTrade } from './open-trade.ts';
import { stepTo } from './order-lifecycle.ts';
import type { Broker, Journal, OrderFacts, OrderListener } from './ports.ts';
import type { AccountBook } from './risk/account-book.ts';
import { Breaker } from './risk/breaker.ts';
import type { RiskGate } from './risk/gate.ts';
import type { Halts } from './risk/halts.ts';
import { isSet, type RiskLimits } from './risk/limits.ts';
import type { Slot } from './slot.ts';
import type { StrategyRun } from './strategy-run.ts';
import type { OrderPurpose, WorkingOrder } from './working-order.ts';

/** What an order is for; prices in rupees, NaN when not used. */
export interface OrderWish {
  readonly role: OrderRole;
  readonly type: OrderType;
  readonly quantity: number;
  readonly price: number;
  readonly trigger: number;
  /** IOC takes the price there is now: how a position is closed when no later bar can be waited for. */
  readonly validity?: Validity;
}

/** Reusable facts for the gate; refreshed for every order. */
type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * Where orders leave and where the news of them comes in. Each order is sized, sliced at the freeze quantity, checked by the
 * gate, written down, and only then given to the broker.
 */
export class OrderDesk implements OrderListener {
  private readonly broker: Broker;
  private readonly journal: Journal;
  private gate: RiskGate;
  private readonly account: Account;
  private readonly charges: ChargeModel;
  private readonly contracts: ContractRules;
  private readonly book: AccountBook;
  private breaker: Breaker | undefined;
  /** Orders sent so far, which is the id of the newest. */
  orderCount = 0;
  private readonly orders = new OrderTable<WorkingOrder>();
  private readonly probe: Mutable<ExecutedOrder> = {
    side: 'BUY',
    product: 'CNC',
    quantity: 0,
    valuePaise: 0,
  };
  private facts: Mutable<OrderFacts> | undefined;

  constructor(parts: {
    broker: Broker;
    journal: Journal;
    gate: RiskGate;
    account: Account;
    charges: ChargeModel;
    contracts: ContractRules;
    book: AccountBook;
    breaker: Breaker | undefined;
  }) {
    this.broker = parts.broker;
    this.journal = parts.journal;
    this.gate = parts.gate;
    this.account = parts.account;
    this.charges = parts.charges;
    this.contracts = parts.contracts;
    this.book = parts.book;
    this.breaker = parts.breaker;
    parts.broker.connect(this);
  }

  /** Other limits from now on; rejections that were counted still count. */
  limit(gate: RiskGate, { breakerRejections }: RiskLimits, halts: Halts): void {
    this.gate = gate;
    this.breaker = isSet(breakerRejections) ? new Breaker(breakerRejections, halts, this.breaker) : undefined;
  }

  /** What one order by itself would cost, paise. */
  chargesOf(slot: Slot, side: Side, product: Product, quantity: number, price: number): number {
    const probe = this.probe;
    probe.side = side;
    probe.product = product;
    probe.quantity = quantity;
    probe.valuePaise = roundHalfUp(price * quantity * 100);
    return this.charges.estimate(slot.instrument, slot.dayNumber, probe);
  }

  /** What a position of that size ties up, paise. A sold option ties up a share of its strike, everything else of its price. */
  marginOf(slot: Slot, side: Side, product: Product, quantity: number, price: number): Paise {
    if (slot.marginDay !== slot.dayNumber || slot.marginProduct !== product) {
      const { instrument, dayNumber } = slot;
      slot.marginDay = dayNumber;
      slot.marginProduct = product;
      slot.buyMargin = this.contracts.marginRate(instrument, dayNumber, product, 'BUY');
      slot.sellMargin = this.contracts.marginRate(instrument, dayNumber, product, 'SELL');
    }
    if (side === 'BUY') return Math.ceil(quantity * price * 100 * slot.buyMargin);
    const base = isOption(slot.instrument) ? (slot.instrument.strike ?? price) : price;
    return Math.ceil(quantity * base * 100 * slot.sellMargin);
  }

  /** Nearest price on the day's tick grid. */
  onTick(slot: Slot, price: number): number {
    const tick = this.contracts.tickSize(slot.instrument, slot.dayNumber, price);
    return tick > 0 ? Math.round(Math.round(price / tick) * tick * 1e8) / 1e8 : price;
  }

  /** The limit price on the grid that is no worse than the one asked for. */
  limitOnTick(slot: Slot, price: number, buys: boolean): number {
    const tick = this.contracts.tickSize(slot.instrument, slot.dayNumber, price);
    if (tick === 0) return price;
    const steps = buys ? Math.floor(price / tick + 1e-6) : Math.ceil(price / tick - 1e-6);
    return Math.round(Math.max(steps, 1) * tick * 1e8) / 1e8;
  }

  /**
   * Sends an order for a trade, in slices where the exchange's freeze quantity asks for it.
   * Answers whether it left; a refusal is counted with its code and words.
   */
  send(trade: OpenTrade, wish: OrderWish): boolean {
    const { slot } = trade.run;
    const largest = Math.floor(slot.freezeQuantity / slot.lotSize) * slot.lotSize;
    // Slices that pass one by one must not carry what the whole may not.
    if (wish.quantity > largest && wish.role === 'entry' && this.refused(trade, wish)) return false;
    let rest = wish.quantity;
    let sent = false;
    do {
      const quantity = rest > largest ? largest : rest;
      if (!this.sendOne(trade, wish, quantity)) break;
      sent = true;
      rest -= quantity;
    } while (rest > 0);
    if (sent && wish.role === 'entry') this.entered(trade, wish.quantity);
    return sent;
  }

  /** However many slices it takes, an entry is one. */
  private entered(trade: OpenTrade, quantity: number): void {
    const { run } = trade;
    trade.sentDay = run.slot.dayNumber;
    run.history.entered(run.time, trade.sentDay, trade.direction > 0 ? 'BUY' : 'SELL', quantity);
    this.book.entered(run.time);
  }

  /** A protective stop has closed a trade at a loss. */
  stopped(run: StrategyRun, time: EpochMs): void {
    run.history.stopTime = time;
    this.book.stopped(time);
  }

  /** Whether a rule refuses an order that is too large to leave in one piece. */
  private refused(trade: OpenTrade, wish: OrderWish): boolean {
    const { run } = trade;
    const intent = this.intentOf(trade, wish, wish.quantity);
    const facts = this.factsOf(intent, trade);
    facts.freezeQuantity = Number.POSITIVE_INFINITY;
    const rule = this.gate.refusal(intent, facts, this.account);
    if (rule !== undefined) run.refuse(rule.code, () => rule.why(intent, facts, this.account));
    return rule !== undefined;
  }

  private intentOf(trade: OpenTrade, wish: OrderWish, quantity: number): OrderIntent {
    const { run } = trade;
    const buys = (wish.role === 'entry') === trade.direction > 0;
    return {
      id: this.orderCount + 1,
      strategy: run.name,
      key: run.slot.instrument.key,
      side: buys ? 'BUY' : 'SELL',
      role: wish.role,
      type: wish.type,
      product: trade.product,
      validity: wish.validity ?? 'DAY',
      quantity,
      price: wish.price,
      trigger: wish.trigger,
      time: run.time,
      decided: run.slot.close,
    };
  }

  private sendOne(trade: OpenTrade, wish: OrderWish, quantity: number): boolean {
    const { run } = trade;
    const entry = wish.role === 'entry';
    const intent = this.intentOf(trade, wish, quantity);
    const facts = this.factsOf(intent, trade);
    const approved = this.gate.approve(intent, facts, this.account);
    if (approved === undefined) {
      const rule = this.gate.refusal(intent, facts, this.account);
      assert(rule !== undefined, 'an order that was not approved has a rule that refused it');
      run.refuse(rule.code, () => rule.why(intent, facts, this.account));
      return false;
    }
    const order = trade.add(intent);
    this.orderCount += 1;
    this.orders.set(intent.id, order);
    if (entry) {
      order.reservedPaise = facts.marginPaise + facts.chargesPaise;
      this.account.reservedPaise += order.reservedPaise;
    }
    this.journal.append({ type: 'intent', order: intent });
    this.broker.submit(approved);
    return true;
  }

  private factsOf(intent: OrderIntent, trade: OpenTrade): Mutable<OrderFacts> {
    const { run, direction } = trade;
    const { slot } = run;
    let price = slot.close;
    if (!Number.isNaN(intent.price)) price = intent.price;
    else if (!Number.isNaN(intent.trigger)) price = intent.trigger;
    this.facts ??= {
      instrument: slot.instrument,
      dayNumber: 0,
      referencePrice: 0,
      previousClose: Number.NaN,
      lotSize: 1,
      freezeQuantity: 0,
      marginPaise: 0,
      chargesPaise: 0,
      cutOffMinute: 0,
      minute: 0,
      opensPosition: true,
      heldQuantity: 0,
      lastPrice: 0,
      own: run.history,
      book: this.book,
    };
    const facts = this.facts;
    facts.instrument = slot.instrument;
    facts.dayNumber = slot.dayNumber;
    facts.referencePrice = price;
    facts.previousClose = slot.previousClose;
    facts.lastPrice = slot.close;
    facts.own = run.history;
    this.book.about = trade;
    facts.lotSize = slot.lotSize;
    facts.freezeQuantity = slot.freezeQuantity;
    facts.cutOffMinute = slot.cutOffMinute;
    facts.minute = istMinuteOfDay(intent.time);
    facts.marginPaise = 0;
    facts.chargesPaise = 0;
    if (intent.role === 'entry') {
      facts.opensPosition = !run.holds;
      facts.heldQuantity = run.committed(direction);
      facts.marginPaise = this.marginOf(slot, intent.side, intent.product, intent.quantity, price);
      facts.chargesPaise = this.chargesOf(slot, intent.side, intent.product, intent.quantity, price);
    }
    return facts;
  }

  cancel(order: WorkingOrder): void {
    if (order.isWorking) this.broker.cancel(order.intent.id);
  }

  /** Cancels what a trade still has working for a purpose; the answer may come at once and drop the trade. */
  cancelAll({ orders }: OpenTrade, purpose: OrderPurpose): void {
    for (let i = 0; i < orders.length; i++) if (orders[i].purpose === purpose) this.cancel(orders[i]);
  }

  resize(order: WorkingOrder, quantity: number): void {
    order.quantity = quantity;
    this.broker.modify(order.intent.id, { quantity });
  }

  moveTrigger(order: WorkingOrder, trigger: number): void {
    order.trigger = trigger;
    this.broker.modify(order.intent.id, { trigger });
  }

  orderEvent(event: OrderEvent): void {
    const order = this.orders.get(event.id);
    assert(order !== undefined, 'the broker speaks only of orders that were sent and have not ended');
    this.journal.append({ type: 'order', event });
    switch (event.type) {
      case 'accepted':
        order.state = stepTo(order.state, 'working');
        return;
      case 'modified':
        return;
      case 'filled':
        this.fill(order, event.quantity, event.price, event.time);
        return;
      case 'cancelled':
        this.end(order, 'cancelled', event.reason);
        return;
      case 'rejected':
        this.breaker?.rejected(event.time, event.reason);
        this.end(order, 'rejected', event.reason);
        return;
      case 'unknown':
        order.state = stepTo(order.state, 'unknown');
        return;
      default:
        event satisfies never;
    }
  }

  private fill(order: WorkingOrder, quantity: number, price: number, time: EpochMs): void {
    assert(quantity > 0, 'a fill moves at least one unit');
    assert(order.filled + quantity <= order.quantity, 'fills stay within the order');
    order.filled += quantity;
    const complete = order.filled === order.quantity;
    order.state = stepTo(order.state, complete ? 'filled' : 'working');
    if (order.reservedPaise > 0) {
      const left = order.quantity - order.filled;
      this.reserve(order, Math.floor((order.reservedPaise * left) / (left + quantity)));
    }
    if (complete) this.orders.delete(order.intent.id);
    order.trade.run.filled(order, quantity, price, time);
  }

  private end(order: WorkingOrder, state: 'cancelled' | 'rejected', reason: string): void {
    order.state = stepTo(order.state, state);
    this.reserve(order, 0);
    this.orders.delete(order.intent.id);
    order.trade.run.ended(order, state, reason);
  }

  private reserve(order: WorkingOrder, paise: number): void {
    this.account.reservedPaise += paise - order.reservedPaise;
    order.reservedPaise = paise;
  }
}
