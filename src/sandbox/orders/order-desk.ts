import type { FillRules } from '../../adapters/simulated/fill-rules.ts';
import { kiteModificationsPerOrder } from '../../domain/kite-limits.ts';
import { kiteLot } from '../../domain/kite-multiplier.ts';
import { kiteTime } from '../../domain/kite-time.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import { type EpochMs, istDate, istDayNumber, minuteMs } from '../../domain/time.ts';
import type { Cancel } from '../../engine/ports.ts';
import { KiteRefusal } from '../http/route.ts';
import type { SandboxMarket } from '../market/market.ts';
import { checkBroker } from './broker-checks.ts';
import { HeldOrder } from './held-order.ts';
import { totalOf } from './margin.ts';
import { Matching } from './matching.ts';
import type { KiteOrderRow, KiteTradeRow } from './order-row.ts';
import { isDelivery, type Portfolio, segmentOf } from './portfolio.ts';
import { protectedPrice, protectionPercent } from './protection.ts';
import { checkWanted, refused } from './refusals.ts';
import type { Restrictions } from './restrictions.ts';
import { decimal, input, oneOf, type Wanted, whole } from './wanted.ts';

/** What an order meets at the exchange besides prices. */
export interface Verdict {
  /** The exchange's words of a rejection. */
  readonly rejection: string | undefined;
  /** In how many parts a fill comes. */
  readonly parts: number;
}

/** What belongs to an order besides what the client wants. */
export interface Origin {
  readonly parentId?: string;
  readonly tags?: readonly string[];
  readonly meta?: Readonly<Record<string, unknown>>;
  /** The sandbox's own doing, which no rule refuses: a square-off or the end of a cover order. */
  readonly closing?: boolean;
}

export interface DeskOptions {
  readonly market: SandboxMarket;
  readonly rulebook: Rulebook;
  readonly rules: FillRules;
  readonly portfolioOf: (userId: string) => Portfolio;
  readonly verdictOf: (userId: string) => Verdict;
  readonly restrictions: Restrictions;
}

/** Takes orders, keeps the day's book, and moves the accounts when something fills. Times are the sandbox's. */
export class OrderDesk {
  readonly #market: SandboxMarket;
  readonly #rulebook: Rulebook;
  readonly #portfolioOf: DeskOptions['portfolioOf'];
  readonly #verdictOf: DeskOptions['verdictOf'];
  readonly #restrictions: Restrictions;
  readonly #matching: Matching;
  readonly #listeners = new Set<(userId: string, row: KiteOrderRow) => void>();
  /** By user, oldest first. */
  readonly #books = new Map<string, HeldOrder[]>();
  readonly #parts = new Map<HeldOrder, number>();
  #lastNumber = 0;
  #lastTrade = 0;

  constructor(options: DeskOptions) {
    this.#market = options.market;
    this.#rulebook = options.rulebook;
    this.#portfolioOf = options.portfolioOf;
    this.#verdictOf = options.verdictOf;
    this.#restrictions = options.restrictions;
    this.#matching = new Matching({
      market: options.market,
      contracts: options.rulebook.contracts,
      rules: options.rules,
      onFill: (order, quantity, price, time) => this.#filledInParts(order, quantity, price, time),
      onCancelled: (order) => this.#ended(order),
      onTrigger: (order) => {
        order.triggered = true;
        this.#set(order, 'OPEN');
      },
    });
    options.market.onPrint((quote, quantity) => this.#matching.print(quote, quantity));
  }

  onOrder(listen: (userId: string, row: KiteOrderRow) => void): Cancel {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  orders(userId: string): readonly HeldOrder[] {
    return this.#books.get(userId) ?? [];
  }

  working(userId: string): HeldOrder[] {
    return this.orders(userId).filter((order) => !order.ended);
  }

  /** @throws KiteRefusal OrderException when the day's book has no such order of this user */
  order(userId: string, orderId: string): HeldOrder {
    const found = this.orders(userId).find((order) => order.orderId === orderId);
    if (found) return found;
    throw refused("Couldn't find that `order_id`.");
  }

  /** Answers the order's id: it has been accepted, which says nothing of the exchange. @throws KiteRefusal */
  place(userId: string, wanted: Wanted, origin: Origin = {}): HeldOrder {
    const isLeg = wanted.variety === 'iceberg' && origin.meta !== undefined;
    // A leg has been checked with its whole.
    if (!origin.closing && !isLeg) this.#check(userId, wanted, this.working(userId));
    if (wanted.variety === 'iceberg' && !isLeg) return this.#placeLeg(userId, wanted, 1);
    this.#lastNumber += 1;
    const now = this.#market.clock.now();
    const day = istDate(now).replaceAll('-', '').slice(2);
    const identity = {
      userId,
      orderId: `${day}${String(100_000_000 + this.#lastNumber).padStart(9, '0')}`,
      parentId: origin.parentId,
      tags: [
        ...(wanted.tag === undefined ? [] : [wanted.tag]),
        ...(origin.tags ?? []),
        ...protectionTags(wanted, this.#percent(wanted)),
      ],
      meta: origin.meta ?? {},
    };
    const order = new HeldOrder(identity, wanted, now, origin.closing);
    const book = this.#books.get(userId) ?? [];
    this.#books.set(userId, book);
    book.push(order);
    if (wanted.variety === 'amo') this.#keepUntilOpen(order);
    else {
      this.#set(order, 'PUT ORDER REQ RECEIVED');
      this.#enter(order);
    }
    return order;
  }

  /** Changes what the form names. @throws KiteRefusal */
  modify(userId: string, orderId: string, form: URLSearchParams): HeldOrder {
    const order = this.order(userId, orderId);
    if (order.ended) throw refused(`Order cannot be modified as it is ${order.status.toLowerCase()}.`);
    if (order.modifications >= kiteModificationsPerOrder)
      throw refused('Maximum allowed order modifications exceeded. Cancel the order and place it again.');
    const before = order.wanted;
    const wanted = changed(order, form);
    const amo = wanted.variety === 'amo' && !order.atExchange;
    const day = this.#day();
    const others = this.working(userId).filter((other) => other !== order);
    if (!order.closing)
      this.#check(userId, amo ? wanted : { ...wanted, variety: checkedAs(wanted) }, others, order.filled);
    const shown = this.#shown(order.triggered ? { ...wanted, type: 'LIMIT' } : wanted);
    const portfolio = this.#portfolioOf(userId);
    const segment = segmentOf(wanted.listed);
    const ties = (price: number, quantity: number) =>
      totalOf(portfolio.blocks(day, [...others, sketch(order, wanted, price, quantity)], segment));
    const more =
      ties(shown.price, wanted.quantity - order.filled) -
      totalOf(portfolio.blocks(day, this.working(userId), segment));
    const available = portfolio.available(day, this.working(userId), segment);
    if (!order.closing && more > 0 && more > available)
      throw new KiteRefusal('MarginException', shortOf(more, available));
    order.modifications += 1;
    order.wanted = wanted;
    order.shownPrice = shown.price;
    order.shownType = shown.type;
    if (amo) {
      this.#set(order, 'MODIFY AMO REQ RECEIVED');
      this.#set(order, 'AMO REQ RECEIVED');
      return order;
    }
    for (const status of ['MODIFY VALIDATION PENDING', 'MODIFY PENDING', 'MODIFIED'])
      this.#set(order, status);
    this.#tell(order, 'UPDATE');
    const stop = wanted.type === 'SL' || wanted.type === 'SL-M';
    this.#set(order, stop && !order.triggered ? 'TRIGGER PENDING' : 'OPEN');
    const wasStop = before.type === 'SL' || before.type === 'SL-M';
    if (wasStop === stop || order.triggered) this.#matching.modify(order);
    else this.#matching.enterAnew(order);
    this.#endAtOnce(order);
    return order;
  }

  /** A cover order's second leg is not cancelled but brought to an end at the market. @throws KiteRefusal */
  cancel(userId: string, orderId: string): HeldOrder {
    const order = this.order(userId, orderId);
    if (order.ended) throw refused(`Order cannot be cancelled as it is ${order.status.toLowerCase()}.`);
    if (order.wanted.variety === 'co' && order.parentId !== undefined) {
      order.wanted = { ...order.wanted, type: 'MARKET', trigger: 0 };
      const shown = this.#shown(order.wanted);
      order.shownPrice = shown.price;
      order.shownType = shown.type;
      this.#set(order, 'OPEN');
      this.#matching.enterAnew(order);
    } else this.#withdraw(order, null);
    return order;
  }

  /** Ends an order from our side; what has filled stays. */
  #withdraw(order: HeldOrder, why: string | null): void {
    if (order.ended) return;
    order.statusMessage = why;
    // What has met no matching, as in an auction, has nobody there to confirm it.
    if (!order.atExchange || order.number === 0) this.#ended(order);
    else {
      this.#set(order, 'CANCEL PENDING');
      this.#matching.cancel(order);
    }
  }

  /** Everything that works of an instrument and product comes to an end; `product` undefined means every product. */
  withdrawAll(matches: (order: HeldOrder) => boolean, why: string): void {
    for (const book of this.#books.values())
      for (const order of [...book]) if (!order.ended && matches(order)) this.#withdraw(order, why);
  }

  trades(userId: string): KiteTradeRow[] {
    return this.orders(userId)
      .flatMap((order) => order.trades)
      .sort((a, b) => Number(a.trade_id) - Number(b.trade_id));
  }

  /** The book is for one day; after market orders are for the next. */
  newDay(): void {
    for (const [userId, book] of this.#books) {
      const kept = book.filter(
        (order) => !order.ended && order.wanted.variety === 'amo' && !order.atExchange,
      );
      for (const order of book) if (!kept.includes(order)) this.#parts.delete(order);
      this.#books.set(userId, kept);
    }
  }

  /** Past the risk management and into the exchange. */
  #enter(order: HeldOrder): void {
    const { wanted, userId } = order;
    const shown = this.#shown(wanted);
    order.shownPrice = shown.price;
    order.shownType = shown.type;
    this.#set(order, 'VALIDATION PENDING');
    const objection = order.closing ? undefined : this.#objection(order);
    if (objection) {
      order.statusMessage = objection.message;
      order.statusMessageRaw = objection.raw;
      this.#set(order, 'REJECTED');
      return;
    }
    this.#set(order, 'OPEN PENDING');
    const { rejection, parts } = this.#verdictOf(userId);
    order.exchangeOrderId = `1${order.orderId.padStart(15, '0')}`;
    order.exchangeTime = this.#market.clock.now();
    if (rejection !== undefined && !order.closing) {
      order.statusMessage = rejection;
      order.statusMessageRaw = rejection;
      this.#set(order, 'REJECTED');
      return;
    }
    this.#parts.set(order, parts);
    order.atExchange = true;
    this.#set(order, wanted.type === 'SL' || wanted.type === 'SL-M' ? 'TRIGGER PENDING' : 'OPEN');
    // Nobody bids in the sandbox's auction, so its orders stay open until the day ends.
    if (wanted.variety === 'auction') return;
    this.#matching.submit(order);
    this.#endAtOnce(order);
    if (wanted.validity === 'TTL' && !order.ended)
      this.#market.clock.at(this.#market.clock.now() + wanted.validityTtl * minuteMs, () =>
        this.#withdraw(order, null),
      );
  }

  #endAtOnce(order: HeldOrder): void {
    if (order.wanted.validity === 'IOC' && !order.ended && order.status === 'OPEN')
      this.#withdraw(order, null);
  }

  #keepUntilOpen(order: HeldOrder): void {
    this.#set(order, 'AMO REQ RECEIVED');
    const { calendar } = this.#rulebook;
    const { instrument } = order.wanted.listed;
    const today = calendar.session(instrument, this.#day());
    const now = this.#market.clock.now();
    const next = today && now < today.open ? today : calendar.sessionFrom(instrument, this.#day() + 1);
    this.#market.clock.at(next.open, () => this.#release(order));
  }

  /** A market order waits for the first price of the day, from which its protection is reckoned. */
  #release(order: HeldOrder): void {
    if (order.ended) return;
    const { type, listed } = order.wanted;
    if (type !== 'LIMIT' && type !== 'SL' && !this.#market.quote(listed.instrument.key)) {
      this.#market.clock.at(this.#market.clock.now() + 1_000, () => this.#release(order));
      return;
    }
    this.#set(order, 'PUT ORDER REQ RECEIVED');
    this.#enter(order);
  }

  #placeLeg(userId: string, whole: Wanted, leg: number): HeldOrder {
    const { icebergLegs: legs, icebergQuantity } = whole;
    const placed = (leg - 1) * icebergQuantity;
    const quantity = Math.min(icebergQuantity, whole.quantity - placed);
    const order = this.place(
      userId,
      { ...whole, quantity, disclosed: 0 },
      {
        meta: {
          iceberg: {
            leg,
            legs,
            leg_quantity: icebergQuantity,
            total_quantity: whole.quantity,
            remaining_quantity: whole.quantity - placed - quantity,
          },
        },
      },
    );
    if (leg < legs) this.#onComplete.set(order, () => this.#placeLeg(userId, whole, leg + 1));
    if (order.status === 'COMPLETE') this.#completed(order);
    return order;
  }

  readonly #onComplete = new Map<HeldOrder, () => void>();

  #completed(order: HeldOrder): void {
    const then = this.#onComplete.get(order);
    this.#onComplete.delete(order);
    then?.();
  }

  /** Kite's words of the risk management, and its raw ones. */
  #objection(order: HeldOrder): { readonly message: string; readonly raw: string } | undefined {
    const { wanted, userId } = order;
    const portfolio = this.#portfolioOf(userId);
    const others = this.working(userId).filter((other) => other !== order);
    if (wanted.side === 'SELL' && isDelivery(wanted.listed, wanted.product)) {
      const free = Math.max(0, portfolio.sellable(wanted.listed, wanted.product, others));
      if (wanted.quantity <= free) return undefined;
      return {
        message: `Insufficient stock holding for ${wanted.listed.listing.tradingsymbol}. Required quantity is ${wanted.quantity} but available quantity is ${free}.`,
        raw: `RMS:Rule: Check holdings including BTST for entity account-${userId} across exchange across segment across product `,
      };
    }
    const day = this.#day();
    const segment = segmentOf(wanted.listed);
    const required =
      totalOf(portfolio.blocks(day, [...others, order], segment)) -
      totalOf(portfolio.blocks(day, others, segment));
    const available = portfolio.available(day, others, segment);
    if (required <= 0 || required <= available + 0.005) return undefined;
    return {
      message: shortOf(required, available),
      raw: `RMS:Margin Exceeds,Required:${required.toFixed(2)}, Available:${available.toFixed(2)} for entity account-${userId} across exchange across segment across product `,
    };
  }

  #filledInParts(order: HeldOrder, quantity: number, price: number, time: EpochMs): void {
    const { instrument } = order.wanted.listed;
    const unit = kiteLot({ ...instrument, lotSize: this.#rulebook.contracts.lotSize(instrument) });
    const parts = Math.max(1, Math.min(this.#parts.get(order) ?? 1, Math.floor(quantity / unit)));
    const each = Math.floor(quantity / parts / unit) * unit;
    for (let part = 1; part <= parts; part++)
      this.#filled(order, part === parts ? quantity - each * (parts - 1) : each, price, time);
  }

  #filled(order: HeldOrder, quantity: number, price: number, time: EpochMs): void {
    const { wanted, userId } = order;
    const { listing } = wanted.listed;
    this.#lastTrade += 1;
    const at = kiteTime(Number.isNaN(time) ? this.#market.clock.now() : Math.max(time, order.placedAt));
    order.filled += quantity;
    order.filledValue += quantity * price;
    order.trades.push({
      trade_id: String(10_000_000 + this.#lastTrade),
      order_id: order.orderId,
      exchange: listing.exchange,
      tradingsymbol: listing.tradingsymbol,
      instrument_token: listing.token,
      product: wanted.product,
      average_price: price,
      quantity,
      exchange_order_id: order.exchangeOrderId ?? '',
      transaction_type: wanted.side,
      fill_timestamp: at,
      order_timestamp: kiteTime(order.placedAt).slice(11),
      exchange_timestamp: at,
    });
    this.#portfolioOf(userId).fill(wanted.listed, wanted.product, wanted.side, quantity, price);
    if (order.left > 0) {
      this.#set(order, 'OPEN', 'UPDATE');
      return;
    }
    this.#set(order, 'COMPLETE');
    this.#completed(order);
    if (wanted.variety === 'co' && order.parentId === undefined) this.#placeCover(order);
  }

  #placeCover(parent: HeldOrder): void {
    const { wanted, userId, orderId } = parent;
    this.place(
      userId,
      {
        ...wanted,
        side: wanted.side === 'BUY' ? 'SELL' : 'BUY',
        type: 'SL-M',
        price: 0,
        quantity: parent.filled,
        disclosed: 0,
        validity: 'DAY',
        marketProtection: -1,
      },
      { parentId: orderId, closing: true },
    );
  }

  #ended(order: HeldOrder): void {
    order.cancelled = order.wanted.quantity - order.filled;
    this.#matching.forget(order);
    this.#set(order, 'CANCELLED');
    this.#onComplete.delete(order);
    // What a cover order has bought before it was cancelled is covered all the same.
    if (order.wanted.variety === 'co' && order.parentId === undefined && order.filled > 0)
      this.#placeCover(order);
  }

  #set(order: HeldOrder, status: string, told = status): void {
    order.status = status;
    if (order.exchangeTime !== undefined) order.updateTime = this.#market.clock.now();
    order.history.push(order.row());
    if (heardStatuses.has(told)) this.#tell(order, told);
  }

  #tell(order: HeldOrder, status: string): void {
    const row = order.row(status);
    for (const listen of this.#listeners) listen(order.userId, row);
  }

  #percent({ type, listed, marketProtection }: Wanted): number {
    if (type !== 'MARKET' && type !== 'SL-M') return 0;
    const { instrument } = listed;
    return protectionPercent(
      instrument,
      this.#market.quote(instrument.key)?.lastPrice ?? 0,
      marketProtection,
    );
  }

  /** A protected market order stands in the book as a limit order at the worst price it may have. */
  #shown(wanted: Wanted): { readonly type: string; readonly price: number } {
    const { type, side, listed, trigger, price } = wanted;
    if (type === 'LIMIT' || type === 'SL') return { type, price };
    const { instrument } = listed;
    const quote = this.#market.quote(instrument.key);
    const from = type === 'SL-M' ? trigger : (quote?.lastPrice ?? 0);
    if (!(from > 0)) return { type, price: 0 };
    const grid = {
      tick: this.#rulebook.contracts.tickSize(instrument, this.#day(), from) || 0.01,
      lower: quote?.lowerCircuit ?? 0,
      upper: quote?.upperCircuit ?? 0,
    };
    return {
      type: type === 'SL-M' ? 'SL' : 'LIMIT',
      price: protectedPrice(side, from, this.#percent(wanted), grid),
    };
  }

  /** What is refused at the door. `others` work besides it, `filled` of it is done. @throws KiteRefusal */
  #check(userId: string, wanted: Wanted, others: readonly HeldOrder[], filled = 0): void {
    const { listed, product, side, quantity } = wanted;
    const moment = this.#moment(wanted);
    const portfolio = this.#portfolioOf(userId);
    checkWanted(wanted, moment);
    checkBroker(wanted, moment, {
      restrictions: this.#restrictions,
      market: this.#market,
      account: {
        held: portfolio.quantity(listed, product),
        unauthorised:
          side === 'SELL' ? portfolio.unauthorised(listed, product, quantity - filled, others) : 0,
      },
    });
  }

  #moment({ listed }: Wanted) {
    return {
      now: this.#market.clock.now(),
      rulebook: this.#rulebook,
      quote: this.#market.quote(listed.instrument.key),
    };
  }

  #day(): number {
    return istDayNumber(this.#market.clock.now());
  }
}

/** What goes out as frames; Kite keeps the other interim statuses to the history. */
const heardStatuses = new Set([
  'OPEN',
  'TRIGGER PENDING',
  'UPDATE',
  'COMPLETE',
  'CANCELLED',
  'REJECTED',
  'AMO REQ RECEIVED',
]);

function protectionTags({ type }: Wanted, percent: number): string[] {
  return type === 'MARKET' || type === 'SL-M' ? ['mktp', `mktp:${percent.toFixed(2)}`] : [];
}

function shortOf(required: number, available: number): string {
  return `Insufficient funds. Required margin is ${required.toFixed(2)} but available margin is ${available.toFixed(2)}. Check the orderbook for open orders.`;
}

/** A released order is an ordinary one, and a leg is checked as what it is, not as the whole. */
function checkedAs({ variety }: Wanted): Wanted['variety'] {
  return variety === 'co' ? 'co' : 'regular';
}

/** The order as its margin would see it after a change. */
function sketch(order: HeldOrder, wanted: Wanted, price: number, quantity: number): HeldOrder {
  const after = new HeldOrder(order, { ...wanted, quantity }, order.placedAt, order.closing);
  after.shownPrice = price;
  return after;
}

function changed(order: HeldOrder, form: URLSearchParams): Wanted {
  const { wanted } = order;
  const has = (name: string) => (form.get(name) ?? '') !== '';
  const type = has('order_type')
    ? oneOf(form, 'order_type', ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const)
    : wanted.type;
  const quantity = has('quantity') ? whole(form, 'quantity') : wanted.quantity;
  if (quantity <= order.filled) throw input('Invalid `quantity`. More than that has been filled.');
  const limited = type === 'LIMIT' || type === 'SL';
  const stops = type === 'SL' || type === 'SL-M' || wanted.variety === 'co';
  return {
    ...wanted,
    type,
    quantity,
    price: limited ? (has('price') ? decimal(form, 'price') : wanted.price || order.shownPrice) : 0,
    trigger: stops ? (has('trigger_price') ? decimal(form, 'trigger_price') : wanted.trigger) : 0,
    disclosed: has('disclosed_quantity') ? whole(form, 'disclosed_quantity') : wanted.disclosed,
    validity: has('validity') ? oneOf(form, 'validity', ['DAY', 'IOC', 'TTL'] as const) : wanted.validity,
    validityTtl: has('validity_ttl') ? whole(form, 'validity_ttl') : wanted.validityTtl,
    marketProtection: has('market_protection')
      ? decimal(form, 'market_protection', -1)
      : wanted.marketProtection,
  };
}
