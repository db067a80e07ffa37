import type { BarSeries } from '../../domain/bar-series.ts';
import { assert } from '../../domain/errors.ts';
import type { Instrument, InstrumentKey } from '../../domain/instrument.ts';
import type { OrderChange, OrderId, OrderIntent, OrderRole } from '../../domain/order.ts';
import { OrderTable } from '../../domain/order-table.ts';
import type { ContractRules } from '../../domain/rulebook.ts';
import { type EpochMs, istDayNumber } from '../../domain/time.ts';
import { timeframeMs } from '../../domain/timeframe.ts';
import type { Broker, OrderListener } from '../../engine/ports.ts';
import type { BarCursor } from '../../indicators/series.ts';
import { type FillRules, seededDraw } from './fill-rules.ts';
import type { Exchange } from './in-order.ts';
import { InstrumentBook } from './instrument-book.ts';
import type { CircuitLock } from './locked-circuit.ts';
import { limitTouch, type Reach, stopTouch } from './path.ts';
import { RestingOrder } from './resting-order.ts';

/** Price at which a contract settles on its last day, rupees; undefined when it is not known. */
export type SettlementPrice = (instrument: Instrument, dayNumber: number) => number | undefined;

/**
 * The simulated exchange and broker in one: it keeps orders, meets them with bars and tells what happened.
 * Told of a bar before the engine is, so an order never meets the bar it was decided on.
 */
export class SimulatedBroker implements Broker, Exchange {
  private readonly rules: FillRules;
  private readonly contracts: ContractRules;
  private readonly settlement: SettlementPrice | undefined;
  private readonly draw: () => number;
  private readonly books: (InstrumentBook | undefined)[] = [];
  private readonly byKey = new Map<InstrumentKey, InstrumentBook>();
  private readonly resting = new OrderTable<RestingOrder>();
  /** Orders that have ended, to be used for others. */
  private readonly spare: RestingOrder[] = [];
  private listener: OrderListener = {
    orderEvent: () => assert(false, 'a broker is connected before it trades'),
  };
  private time: EpochMs = Number.NaN;
  /** The engine goes alone through bars of this book that meet no order; the time is that of its cursor. */
  private paced: InstrumentBook | undefined = undefined;
  private matching = false;
  /** What orders that arrive now can still meet of the current bar. */
  private reach: Reach = 'whole-bar';
  private readonly fill = {
    type: 'filled' as const,
    id: 0,
    time: Number.NaN,
    quantity: 0,
    price: Number.NaN,
    tradeId: 0,
  };

  constructor(rules: FillRules, contracts: ContractRules, settlement?: SettlementPrice) {
    this.rules = rules;
    this.contracts = contracts;
    this.settlement = settlement;
    this.draw = seededDraw(rules.slippage.seed);
  }

  connect(listener: OrderListener): void {
    this.listener = listener;
  }

  /** Opens a book where the engine's cursor moves. Of several series of one instrument the finest decides its fills. */
  open(instrument: Instrument, cursor: BarCursor, detail?: BarSeries): void {
    const book = new InstrumentBook(instrument, this.contracts.lotSize(instrument), cursor, detail);
    const known = this.byKey.get(instrument.key);
    if (known && known.barMs <= book.barMs) return;
    if (known) this.books[known.series.slot] = undefined;
    this.byKey.set(instrument.key, book);
    this.books[book.series.slot] = book;
  }

  /** The engine reaches this through the `Broker` port, which takes approved orders only; an exchange takes what a client sends. */
  submit(order: OrderIntent): void {
    const book = this.bookOf(order.key);
    const resting = this.spare.pop() ?? new RestingOrder(order);
    resting.begin(order, this.reach);
    this.resting.set(order.id, resting);
    if (order.validity === 'IOC') this.fillNow(book, resting);
    else if (order.type === 'MARKET' && this.rules.price === 'same-close' && !this.matching)
      this.fillAtClose(book, resting);
    if (resting.done) return;
    // What a strategy decides on a fill inside a bar meets the market from the next bar on: when in the bar the fill
    // happened is not known. The stop and target that the fill itself brings are met at once.
    if (this.matching && !protects(order.role)) book.arrivals.push(resting);
    else book.add(resting);
  }

  modify(id: OrderId, { quantity, price, trigger }: OrderChange): void {
    const resting = this.resting.get(id);
    assert(resting !== undefined && !resting.done, 'an order is still working when it is modified');
    if (quantity !== undefined) resting.quantity = quantity;
    if (price !== undefined) resting.price = price;
    if (trigger !== undefined) resting.trigger = trigger;
    this.bookOf(resting.order.key).wake();
    const time = this.now();
    this.listener.orderEvent(
      trigger === undefined ? { type: 'modified', id, time } : { type: 'modified', id, time, trigger },
    );
  }

  cancel(id: OrderId): void {
    const resting = this.resting.get(id);
    if (resting === undefined || resting.done) return;
    this.withdraw(resting, 'cancelled by us');
    if (!this.matching) this.sweep(this.bookOf(resting.order.key).orders);
  }

  /**
   * One resting order alone meets what stands in the market's book: up to `quantity` units at `price`, rupees, when its own limit
   * allows that price. A stop that has not been reached stays where it is.
   */
  offer(id: OrderId, price: number, quantity: number): void {
    const resting = this.resting.get(id);
    if (resting === undefined || resting.done || resting.isStop) return;
    if (resting.isLimit && (resting.buys ? price > resting.price : price < resting.price)) return;
    const book = this.bookOf(resting.order.key);
    if (stuck(resting, book.locked ?? 0)) return;
    const taken = Math.min(resting.left, Math.floor(quantity / book.lot) * book.lot);
    if (taken > 0) this.tell(resting, taken, price);
    if (!this.matching) this.sweep(book.orders);
    book.wake();
  }

  /** Says of an instrument whether it is locked at a circuit, from here on and whatever its bars look like. */
  lock(series: BarSeries, locked: CircuitLock): void {
    const book = this.books[series.slot];
    if (book !== undefined) book.locked = locked;
  }

  barClosed(series: BarSeries, row: number): void {
    this.paced = undefined;
    const book = this.books[series.slot];
    if (book === undefined || book.orders.length === 0) return;
    if (book.calmUntil(row, row + 1) === row) this.match(book, row);
  }

  mark(time: EpochMs): void {
    this.time = time;
  }

  calmUntil(series: BarSeries, from: number, to: number): number {
    const book = this.books[series.slot];
    if (book === undefined) return from;
    this.paced = book;
    return book.calmUntil(from, to);
  }

  barsClosed(series: BarSeries, from: number, to: number): number {
    const barMs = this.books[series.slot]?.barMs ?? timeframeMs(series.timeframe);
    for (let row = from; row < to; row++) {
      this.barClosed(series, row);
      this.time = series.time[row] + barMs;
    }
    return to;
  }

  private now(): EpochMs {
    if (this.paced === undefined) return this.time;
    const { cursor, series, barMs } = this.paced;
    return series.time[cursor.row] + barMs;
  }

  private match(book: InstrumentBook, row: number): void {
    const { series, detail } = book;
    this.matching = true;
    book.metRow = row;
    let row1 = 0;
    let end = 0;
    if (detail) {
      row1 = detail.rowAt(series.time[row]);
      end = detail.rowAt(series.time[row] + book.barMs);
    }
    if (detail && end > row1)
      for (; row1 < end && book.orders.length > 0; row1++) this.matchBar(book, detail, row1);
    else {
      this.matchBar(book, series, row);
      book.sleep();
    }
    this.matching = false;
  }

  /** Meets the resting orders with one bar: the open, then stops, then entries with what they bring, then targets. */
  private matchBar(book: InstrumentBook, series: BarSeries, row: number): void {
    const { orders } = book;
    const open = series.open[row];
    const high = series.high[row];
    const low = series.low[row];
    const close = series.close[row];
    this.time = series.time[row];
    book.enterDay(this.time);
    book.capacity = this.capacity(book, series, row);
    const circuit = high === low ? book.circuit(high, low, this.tick(book, close)) : 0;
    const range = high - low;
    this.expire(book);

    // Orders that events bring in on the way are appended, so these loops meet them too.
    for (let i = 0; i < orders.length; i++) {
      const resting = orders[i];
      if (resting.done || stuck(resting, circuit)) continue;
      if (resting.isMarket) this.fillMarket(book, resting, open, range);
      else if (resting.isStop && opensBeyond(resting, open)) this.reachStop(book, resting, open, range);
      else if (resting.isLimit && opensInFavour(resting, open)) this.fillLimit(book, resting, open);
    }
    for (let i = 0; i < orders.length; i++) {
      const resting = orders[i];
      if (resting.done || resting.entry || !resting.isStop || stuck(resting, circuit)) continue;
      const touch = stopTouch(resting.buys, resting.trigger, open, high, low, resting.reach);
      if (!Number.isNaN(touch)) this.reachStop(book, resting, touch, range);
    }
    const settled = orders.length;
    for (let i = 0; i < settled; i++) {
      const resting = orders[i];
      if (resting.done || !resting.entry || resting.isMarket || stuck(resting, circuit)) continue;
      this.meetEntry(book, resting, open, high, low, close, range);
    }
    for (let i = 0; i < settled; i++) {
      const resting = orders[i];
      if (resting.done || resting.entry || !resting.isLimit || stuck(resting, circuit)) continue;
      const touch = limitTouch(
        resting.buys,
        resting.price,
        open,
        high,
        low,
        close,
        'whole-bar',
        this.rules.limitTouch,
      );
      if (!Number.isNaN(touch)) this.fillLimit(book, resting, touch);
    }
    this.reach = 'whole-bar';
    this.sweep(orders);
    if (book.arrivals.length > 0) {
      for (const arrival of book.arrivals) if (!arrival.done) book.add(arrival);
      book.arrivals.length = 0;
    }
  }

  /** An entry inside the bar, and right after it the stop and target that it brought, which meet only the rest of the bar. */
  private meetEntry(
    book: InstrumentBook,
    entry: RestingOrder,
    open: number,
    high: number,
    low: number,
    close: number,
    range: number,
  ): void {
    const { orders } = book;
    const born = orders.length;
    if (entry.isStop) {
      const touch = stopTouch(entry.buys, entry.trigger, open, high, low, 'whole-bar');
      if (Number.isNaN(touch)) return;
      this.reach = 'after-stop-entry';
      this.reachStop(book, entry, touch, range);
    } else {
      const touch = limitTouch(
        entry.buys,
        entry.price,
        open,
        high,
        low,
        close,
        'whole-bar',
        this.rules.limitTouch,
      );
      if (Number.isNaN(touch)) return;
      this.reach = 'after-limit-entry';
      this.fillLimit(book, entry, touch);
    }
    const reach = this.reach;
    for (let i = born; i < orders.length; i++) {
      const child = orders[i];
      if (child.done || !child.isStop) continue;
      const touch = stopTouch(child.buys, child.trigger, open, high, low, reach);
      if (!Number.isNaN(touch)) this.reachStop(book, child, touch, range);
    }
    for (let i = born; i < orders.length; i++) {
      const child = orders[i];
      if (child.done || !child.isLimit) continue;
      const touch = limitTouch(child.buys, child.price, open, high, low, close, reach, this.rules.limitTouch);
      if (!Number.isNaN(touch)) this.fillLimit(book, child, touch);
    }
    this.reach = 'whole-bar';
  }

  /** A stop was reached at `touch`: SL-M trades at market from there, SL becomes a limit order. */
  private reachStop(book: InstrumentBook, resting: RestingOrder, touch: number, range: number): void {
    resting.triggered = true;
    if (resting.order.type === 'SL-M') {
      this.fillMarket(book, resting, touch, range);
      return;
    }
    // A limit that the trigger has jumped over waits for the price to come back, like any other limit order.
    const { buys, price } = resting;
    if (buys ? touch <= price : touch >= price) this.fillLimit(book, resting, touch);
  }

  private fillMarket(book: InstrumentBook, resting: RestingOrder, price: number, range: number): void {
    this.trade(book, resting, this.slipped(book, resting.buys, price, range));
  }

  private fillLimit(book: InstrumentBook, resting: RestingOrder, price: number): void {
    this.trade(book, resting, onGrid(price, this.tick(book, price), resting.buys));
  }

  private trade(book: InstrumentBook, resting: RestingOrder, price: number): void {
    const quantity = Math.min(resting.left, book.capacity);
    if (quantity <= 0) return;
    book.capacity -= quantity;
    this.tell(resting, quantity, price);
  }

  private tell(resting: RestingOrder, quantity: number, price: number): void {
    resting.filled += quantity;
    resting.done = resting.left === 0;
    const { fill } = this;
    fill.id = resting.order.id;
    fill.time = this.now();
    fill.quantity = quantity;
    fill.price = price;
    fill.tradeId += 1;
    if (resting.done) this.resting.delete(fill.id);
    this.listener.orderEvent(fill);
  }

  /** Fills everything at the newest close: the end of a contract, of a session or of the data. */
  private fillNow(book: InstrumentBook, resting: RestingOrder): void {
    const { instrument, series } = book;
    const { row } = book.cursor;
    assert(row >= 0, 'an instrument has a bar before a position in it is closed');
    const { role } = resting.order;
    const close = series.close[row];
    let price = close;
    if (role === 'expiry') price = this.settlement?.(instrument, istDayNumber(this.now())) ?? close;
    if (role === 'square-off')
      price = this.slipped(book, resting.buys, close, series.high[row] - series.low[row]);
    this.tell(resting, resting.left, price);
  }

  private fillAtClose(book: InstrumentBook, resting: RestingOrder): void {
    const { series } = book;
    const { row } = book.cursor;
    book.enterDay(series.time[row]);
    if (book.metRow < row) book.capacity = this.capacity(book, series, row);
    book.metRow = row;
    this.fillMarket(book, resting, series.close[row], series.high[row] - series.low[row]);
  }

  /** Market price made worse by the slippage, on the grid, inside the day's widest band. */
  private slipped(book: InstrumentBook, buys: boolean, price: number, range: number): number {
    const { kind, amount } = this.rules.slippage;
    const tick = this.tick(book, price);
    let slip = 0;
    if (kind === 'ticks') slip = amount * tick;
    else if (kind === 'bps') slip = (price * amount) / 10_000;
    else if (kind === 'volatility') slip = ((range * amount) / 100) * this.draw();
    const worse = buys ? price + slip : price - slip;
    const floor = tick > 0 ? tick : Number.MIN_VALUE;
    return onGrid(Math.max(floor, this.insideBand(book, worse, price, tick)), tick, buys);
  }

  private insideBand(book: InstrumentBook, worse: number, price: number, tick: number): number {
    const { previousClose, instrument } = book;
    if (Number.isNaN(previousClose) || instrument.kind !== 'EQ' || instrument.rules === 'none') return worse;
    // A bar that itself left the band (a split in raw prices) shows that the band is not the old close's.
    const highest = Math.max(price, onGrid(previousClose * 1.2, tick, false));
    const lowest = Math.min(price, onGrid(previousClose * 0.8, tick, true));
    return Math.min(highest, Math.max(lowest, worse));
  }

  private tick(book: InstrumentBook, price: number): number {
    return this.contracts.tickSize(book.instrument, book.dayNumber, price);
  }

  private capacity({ volumeFrom, lot }: InstrumentBook, { time, volume }: BarSeries, row: number): number {
    if (time[row] < volumeFrom) return Number.POSITIVE_INFINITY;
    return Math.floor((volume[row] * this.rules.volumeSharePercent) / 100 / lot) * lot;
  }

  /** Entries live for one session; exits and protective orders stay until they fill or are cancelled. */
  private expire({ orders, dayNumber }: InstrumentBook): void {
    for (let i = 0; i < orders.length; i++) {
      const resting = orders[i];
      if (resting.done) continue;
      if (resting.dayNumber < 0) resting.dayNumber = dayNumber;
      else if (resting.entry && dayNumber > resting.dayNumber) this.withdraw(resting, 'the session ended');
    }
  }

  private withdraw(resting: RestingOrder, reason: string): void {
    resting.done = true;
    this.resting.delete(resting.order.id);
    this.listener.orderEvent({ type: 'cancelled', id: resting.order.id, time: this.now(), reason });
  }

  /** Takes out of a book what has ended, to be used again for orders to come. */
  private sweep(orders: RestingOrder[]): void {
    let kept = 0;
    for (let i = 0; i < orders.length; i++) {
      const resting = orders[i];
      if (resting.done) {
        this.spare.push(resting);
        continue;
      }
      resting.reach = 'whole-bar';
      orders[kept++] = resting;
    }
    // Setting the length gives the memory back, which costs more than sweeping does.
    while (orders.length > kept) orders.pop();
  }

  private bookOf(key: InstrumentKey): InstrumentBook {
    const book = this.byKey.get(key);
    assert(book !== undefined, 'an instrument is watched before it is traded');
    return book;
  }
}

function protects(role: OrderRole): boolean {
  return role === 'stop' || role === 'target';
}

/** Nobody sells at an upper circuit and nobody buys at a lower one. */
function stuck({ buys }: RestingOrder, circuit: CircuitLock): boolean {
  return circuit !== 0 && buys === circuit > 0;
}

function opensBeyond({ buys, trigger, reach }: RestingOrder, open: number): boolean {
  return reach === 'whole-bar' && (buys ? open >= trigger : open <= trigger);
}

function opensInFavour({ buys, price, reach }: RestingOrder, open: number): boolean {
  return reach === 'whole-bar' && (buys ? open < price : open > price);
}

/** Nearest price on the grid that is no better for us. The nudge keeps prices that are on the grid where they are. */
function onGrid(price: number, tick: number, buys: boolean): number {
  if (tick === 0) return price;
  const steps = price / tick;
  const whole = buys ? Math.ceil(steps - 1e-6) : Math.floor(steps + 1e-6);
  return Math.round(whole * tick * 1e8) / 1e8;
}
