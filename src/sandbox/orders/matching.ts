import type { FillRules } from '../../adapters/simulated/fill-rules.ts';
import { stopTouch } from '../../adapters/simulated/path.ts';
import { SimulatedBroker } from '../../adapters/simulated/simulated-broker.ts';
import { BarSeries } from '../../domain/bar-series.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { OrderEvent, OrderId } from '../../domain/order.ts';
import type { ContractRules } from '../../domain/rulebook.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Quote, SandboxMarket } from '../market/market.ts';
import type { HeldOrder } from './held-order.ts';

/** A fill takes what was printed, and a resting limit waits until the price trades through it. */
export const sandboxFills: FillRules = {
  price: 'next-open',
  limitTouch: false,
  volumeSharePercent: 100,
  slippage: { kind: 'none', amount: 0, seed: 1 },
};

interface Book {
  readonly cursor: { readonly series: BarSeries; row: number };
}

/**
 * The simulated exchange, fed with the sandbox's prints as bars of one price. An order that arrives first takes what
 * stands in the book up to its limit; the rest waits for prints.
 */
export class Matching {
  readonly #market: SandboxMarket;
  readonly #broker: SimulatedBroker;
  readonly #books = new Map<InstrumentKey, Book>();
  /** Stops that wait for their trigger, by instrument. */
  readonly #waiting = new Map<InstrumentKey, Set<HeldOrder>>();
  /** By their number at the exchange. */
  readonly #orders = new Map<OrderId, HeldOrder>();
  #lastNumber = 0;
  readonly #onFill: (order: HeldOrder, quantity: number, price: number, time: EpochMs) => void;
  readonly #onCancelled: (order: HeldOrder) => void;
  readonly #onTrigger: (order: HeldOrder) => void;

  constructor(options: {
    readonly market: SandboxMarket;
    readonly contracts: ContractRules;
    readonly rules: FillRules;
    onFill(order: HeldOrder, quantity: number, price: number, time: EpochMs): void;
    onCancelled(order: HeldOrder): void;
    onTrigger(order: HeldOrder): void;
  }) {
    this.#market = options.market;
    // On the wire MCX and currencies count lots, so a lot is one; everything else counts units.
    const contracts: ContractRules = {
      ...options.contracts,
      lotSize: (instrument) => (kiteMultiplier(instrument) > 1 ? 1 : options.contracts.lotSize(instrument)),
    };
    this.#broker = new SimulatedBroker(options.rules, contracts);
    this.#broker.connect({ orderEvent: (event) => this.#heard(event) });
    this.#onFill = options.onFill;
    this.#onCancelled = options.onCancelled;
    this.#onTrigger = options.onTrigger;
  }

  /** The order is in the book from here on. */
  submit(order: HeldOrder): void {
    const { wanted, shownPrice } = order;
    const { key } = wanted.listed.instrument;
    this.#openBook(order);
    this.#lastNumber += 1;
    order.number = this.#lastNumber;
    this.#orders.set(order.number, order);
    const stop = isStop(order);
    this.#broker.mark(this.#market.clock.now());
    this.#broker.submit({
      id: order.number,
      strategy: order.userId,
      key,
      side: wanted.side,
      role: 'signal',
      type: stop ? 'SL' : shownPrice > 0 ? 'LIMIT' : 'MARKET',
      product:
        wanted.product === 'MIS' || wanted.product === 'CO'
          ? 'MIS'
          : wanted.product === 'NRML'
            ? 'NRML'
            : 'CNC',
      validity: 'DAY',
      quantity: order.left,
      price: shownPrice > 0 ? shownPrice : Number.NaN,
      trigger: stop ? wanted.trigger : Number.NaN,
      time: this.#market.clock.now(),
      decided: Number.NaN,
    });
    if (stop) waitingOf(this.#waiting, key).add(order);
    else this.#takeBook(order);
  }

  modify(order: HeldOrder): void {
    const { wanted, shownPrice } = order;
    this.#broker.mark(this.#market.clock.now());
    this.#broker.modify(order.number, {
      quantity: wanted.quantity,
      ...(shownPrice > 0 ? { price: shownPrice } : {}),
      ...(wanted.trigger > 0 ? { trigger: wanted.trigger } : {}),
    });
    this.#takeBook(order);
  }

  cancel(order: HeldOrder): void {
    this.forget(order);
    this.#broker.mark(this.#market.clock.now());
    this.#broker.cancel(order.number);
  }

  /** It waits for no trigger any more. */
  forget(order: HeldOrder): void {
    this.#waiting.get(order.wanted.listed.instrument.key)?.delete(order);
  }

  print(quote: Quote, quantity: number): void {
    const { key } = quote.listed.instrument;
    const book = this.#books.get(key);
    if (!book) return;
    const price = quote.lastPrice;
    this.#broker.lock(book.cursor.series, quote.locked);
    for (const order of [...(this.#waiting.get(key) ?? [])]) {
      const up = order.wanted.side === 'BUY';
      if (Number.isNaN(stopTouch(up, order.wanted.trigger, price, price, price, 'whole-bar'))) continue;
      this.forget(order);
      this.#onTrigger(order);
      // A stop that is reached at a locked circuit is a limit order from now on, also when the price comes back from there.
      if (quote.locked === (up ? 1 : -1)) this.enterAnew(order);
    }
    this.#broker.barClosed(book.cursor.series, written(book, quote.time, price, quantity));
  }

  /** The exchange knows an order by its type, so one that changes it leaves without a word and comes back under a new number. */
  enterAnew(order: HeldOrder): void {
    this.#orders.delete(order.number);
    this.cancel(order);
    this.submit(order);
  }

  #heard(event: OrderEvent): void {
    const order = this.#orders.get(event.id);
    if (!order) return;
    // The event's own values, which the broker uses again, are read before anything else happens.
    if (event.type === 'filled') this.#onFill(order, event.quantity, event.price, event.time);
    else if (event.type === 'cancelled') this.#onCancelled(order);
    if (order.ended) this.#orders.delete(order.number);
  }

  /** Best offers of the other side, level by level, as far as the order's own limit goes. */
  #takeBook(order: HeldOrder): void {
    const quote = this.#market.quote(order.wanted.listed.instrument.key);
    if (!quote) return;
    const levels = order.wanted.side === 'BUY' ? quote.asks : quote.bids;
    for (const { price, quantity } of levels) {
      if (order.left <= 0 || !(price > 0)) return;
      this.#broker.offer(order.number, price, quantity);
    }
  }

  #openBook({ wanted: { listed } }: HeldOrder): void {
    const { key } = listed.instrument;
    if (this.#books.has(key)) return;
    const series = new BarSeries(key, '1m', 2);
    series.slot = this.#books.size;
    const quote = this.#market.quote(key);
    const price = quote?.lastPrice ?? 0;
    // The first row says that the instrument has a volume, so that a print fills no more than was traded.
    const now = this.#market.clock.now();
    series.append(now, price, price, price, price, 1);
    series.append(now + 1, price, price, price, price, 1);
    const cursor = { series, row: 0 };
    this.#books.set(key, { cursor });
    this.#broker.open(listed.instrument, cursor);
    this.#broker.lock(series, quote?.locked ?? 0);
  }
}

/** A stop whose trigger has not been reached. */
function isStop({ wanted, triggered }: HeldOrder): boolean {
  return !triggered && (wanted.type === 'SL' || wanted.type === 'SL-M');
}

/**
 * Writes the print as a bar into the row where the print before it is not: the exchange knows a bar that it has met by its
 * row. Both rows carry one time, so that neither is a day before the other.
 */
function written({ cursor }: Book, time: number, price: number, quantity: number): number {
  const { series } = cursor;
  cursor.row = 1 - cursor.row;
  const { row } = cursor;
  series.time.fill(Math.max(time, series.time[0]));
  for (const column of [series.open, series.high, series.low, series.close]) column[row] = price;
  series.volume[row] = quantity;
  return row;
}

function waitingOf(waiting: Map<InstrumentKey, Set<HeldOrder>>, key: InstrumentKey): Set<HeldOrder> {
  const known = waiting.get(key) ?? new Set();
  waiting.set(key, known);
  return known;
}
