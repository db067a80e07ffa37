import type { FillRules } from '../../adapters/simulated/fill-rules.ts';
import { stopTouch } from '../../adapters/simulated/path.ts';
import { SimulatedBroker } from '../../adapters/simulated/simulated-broker.ts';
import { BarSeries } from '../../domain/bar-series.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { OrderEvent } from '../../domain/order.ts';
import type { ContractRules } from '../../domain/rulebook.ts';
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
  readonly #onTrigger: (order: HeldOrder) => void;

  constructor(options: {
    readonly market: SandboxMarket;
    readonly contracts: ContractRules;
    readonly rules: FillRules;
    onEvent(event: OrderEvent): void;
    onTrigger(order: HeldOrder): void;
  }) {
    this.#market = options.market;
    // On the wire MCX and currencies count lots, so a lot is one; everything else counts units.
    const contracts: ContractRules = {
      ...options.contracts,
      lotSize: (instrument) => (kiteMultiplier(instrument) > 1 ? 1 : options.contracts.lotSize(instrument)),
    };
    this.#broker = new SimulatedBroker(options.rules, contracts);
    this.#broker.connect({ orderEvent: options.onEvent });
    this.#onTrigger = options.onTrigger;
  }

  /** The order is in the book from here on; answers come through `onEvent`. */
  submit(order: HeldOrder): void {
    const { wanted, shownPrice } = order;
    const { key } = wanted.listed.instrument;
    this.#openBook(order);
    const stop = wanted.type === 'SL' || wanted.type === 'SL-M';
    this.#broker.mark(this.#market.clock.now());
    this.#broker.submit({
      id: order.id,
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
    });
    if (stop) waitingOf(this.#waiting, key).add(order);
    else this.#takeBook(order);
  }

  modify(order: HeldOrder): void {
    const { wanted, shownPrice } = order;
    this.#broker.mark(this.#market.clock.now());
    this.#broker.modify(order.id, {
      quantity: wanted.quantity,
      ...(shownPrice > 0 ? { price: shownPrice } : {}),
      ...(wanted.trigger > 0 ? { trigger: wanted.trigger } : {}),
    });
    this.#takeBook(order);
  }

  cancel(order: HeldOrder): void {
    this.forget(order);
    this.#broker.mark(this.#market.clock.now());
    this.#broker.cancel(order.id);
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
    for (const order of [...(this.#waiting.get(key) ?? [])]) {
      const up = order.wanted.side === 'BUY';
      if (Number.isNaN(stopTouch(up, order.wanted.trigger, price, price, price, 'whole-bar'))) continue;
      this.forget(order);
      this.#onTrigger(order);
    }
    this.#broker.barClosed(book.cursor.series, written(book, quote.time, price, quantity));
  }

  /** Best offers of the other side, level by level, as far as the order's own limit goes. */
  #takeBook(order: HeldOrder): void {
    const quote = this.#market.quote(order.wanted.listed.instrument.key);
    if (!quote) return;
    const levels = order.wanted.side === 'BUY' ? quote.asks : quote.bids;
    for (const { price, quantity } of levels) {
      if (order.left <= 0 || !(price > 0)) return;
      this.#broker.offer(order.id, price, quantity);
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
  }
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
