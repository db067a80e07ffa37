import type { FillRules } from '../../adapters/simulated/fill-rules.ts';
import { kiteModificationsPerOrder } from '../../domain/kite-limits.ts';
import { kiteLot } from '../../domain/kite-multiplier.ts';
import { kiteTime } from '../../domain/kite-time.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import { type EpochMs, istDate, istDayNumber, minuteMs } from '../../domain/time.ts';
import type { Cancel } from '../../engine/ports.ts';
import type { SandboxMarket } from '../market/market.ts';
import { checkBroker } from './broker-checks.ts';
import { changedOrder, checkedAs } from './changed-order.ts';
import { HeldOrder } from './held-order.ts';
import { Matching } from './matching.ts';
import { OrderBooks } from './order-books.ts';
import type { KiteOrderRow } from './order-row.ts';
import type { Portfolio } from './portfolio.ts';
import { checkWanted, refused } from './refusals.ts';
import type { Restrictions } from './restrictions.ts';
import { type AccountRisk, checkChange, objectionTo } from './risk-management.ts';
import { protectionTags, shownOrder } from './shown-order.ts';
import { tradeRow } from './trade-row.ts';
import type { Wanted } from './wanted.ts';

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
  readonly books = new OrderBooks();
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

  /** Answers the order's id: it has been accepted, which says nothing of the exchange. @throws KiteRefusal */
  place(userId: string, wanted: Wanted, origin: Origin = {}): HeldOrder {
    const isLeg = wanted.variety === 'iceberg' && origin.meta !== undefined;
    // A leg has been checked with its whole.
    if (!origin.closing && !isLeg) this.#check(userId, wanted, this.books.working(userId));
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
        ...protectionTags(wanted, this.#market),
      ],
      meta: origin.meta ?? {},
    };
    const order = new HeldOrder(identity, wanted, now, origin.closing);
    this.books.add(order);
    if (wanted.variety === 'amo') this.#keepUntilOpen(order);
    else {
      this.#set(order, 'PUT ORDER REQ RECEIVED');
      this.#enter(order);
    }
    return order;
  }

  /** Changes what the form names. @throws KiteRefusal */
  modify(userId: string, orderId: string, form: URLSearchParams): HeldOrder {
    const order = this.books.order(userId, orderId);
    if (order.ended) throw refused(`Order cannot be modified as it is ${order.status.toLowerCase()}.`);
    if (order.modifications >= kiteModificationsPerOrder)
      throw refused('Maximum allowed order modifications exceeded. Cancel the order and place it again.');
    const before = order.wanted;
    const wanted = changedOrder(order, form);
    const amo = wanted.variety === 'amo' && !order.atExchange;
    const others = this.books.working(userId).filter((other) => other !== order);
    if (!order.closing)
      this.#check(userId, amo ? wanted : { ...wanted, variety: checkedAs(wanted) }, others, order.filled);
    const shown = shownOrder(order.triggered ? { ...wanted, type: 'LIMIT' } : wanted, this.#exchange);
    if (!order.closing) checkChange(order, wanted, shown.price, this.#risk(userId, others));
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
    const order = this.books.order(userId, orderId);
    if (order.ended) throw refused(`Order cannot be cancelled as it is ${order.status.toLowerCase()}.`);
    if (order.wanted.variety === 'co' && order.parentId !== undefined) {
      order.wanted = { ...order.wanted, type: 'MARKET', trigger: 0 };
      const shown = shownOrder(order.wanted, this.#exchange);
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
    for (const order of this.books.allWorking().filter(matches)) this.#withdraw(order, why);
  }

  newDay(): void {
    for (const order of this.books.newDay()) this.#parts.delete(order);
  }

  /** Past the risk management and into the exchange. */
  #enter(order: HeldOrder): void {
    const { wanted, userId } = order;
    const shown = shownOrder(wanted, this.#exchange);
    order.shownPrice = shown.price;
    order.shownType = shown.type;
    this.#set(order, 'VALIDATION PENDING');
    const objection = order.closing
      ? undefined
      : objectionTo(
          order,
          this.#risk(
            userId,
            this.books.working(userId).filter((other) => other !== order),
          ),
        );
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
    this.#lastTrade += 1;
    const at = kiteTime(Number.isNaN(time) ? this.#market.clock.now() : Math.max(time, order.placedAt));
    order.filled += quantity;
    order.filledValue += quantity * price;
    order.trades.push(tradeRow(order, { id: this.#lastTrade, quantity, price, at }));
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

  #risk(userId: string, others: readonly HeldOrder[]): AccountRisk {
    return { portfolio: this.#portfolioOf(userId), others, now: this.#market.clock.now() };
  }

  get #exchange() {
    return { market: this.#market, rulebook: this.#rulebook };
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
