import type { Product } from '../domain/order.ts';
import { type EpochMs, istDayNumber } from '../domain/time.ts';
import type { Account } from './account.ts';
import type { ContractNotes } from './contract-notes.ts';
import type { OpenTrade } from './open-trade.ts';
import type { OrderDesk } from './order-desk.ts';
import type { Slot } from './slot.ts';
import { takeOut } from './take-out.ts';
import { TradeRecord } from './trade-record.ts';
import type { WorkingOrder } from './working-order.ts';

/** Turns fills into positions, realised results, margins and charges. The only place where money changes. */
export class Books {
  /** Round trips that have ended and whose day's charges are settled. */
  readonly finished = new TradeRecord();
  /** Ended today: their charges become final with the day's notes. */
  private readonly ended: OpenTrade[] = [];
  private dayNumber = -1;
  private readonly account: Account;
  private readonly notes: ContractNotes;
  private readonly marginOf: OrderDesk['marginOf'];
  private trades = 0;

  constructor(account: Account, notes: ContractNotes, marginOf: OrderDesk['marginOf']) {
    this.account = account;
    this.notes = notes;
    this.marginOf = marginOf;
  }

  fill(order: WorkingOrder, quantity: number, price: number, valuePaise: number, time: EpochMs): void {
    const { trade } = order;
    const { slot } = trade.run;
    this.account.fills += 1;
    // A note covers one day, so the day before is settled before the first fill of the next is booked.
    const dayNumber = istDayNumber(time);
    this.beginDay(dayNumber);
    this.notes.fill(slot, order, dayNumber, quantity, valuePaise);
    if (order.intent.role === 'entry') this.enter(trade, slot, order, quantity, price, valuePaise, time);
    else this.leave(trade, slot, order, quantity, price, valuePaise, time);
  }

  private enter(
    trade: OpenTrade,
    slot: Slot,
    order: WorkingOrder,
    quantity: number,
    price: number,
    valuePaise: number,
    time: EpochMs,
  ): void {
    if (trade.entered === 0) {
      this.trades += 1;
      trade.id = this.trades;
      trade.entryOrder = order.intent.id;
      trade.entryType = order.intent.type;
      trade.entryTime = time;
      trade.entryIndex = slot.row + 1;
      trade.unseen = slot.row + 1;
      trade.best = price;
      trade.highest = price;
      trade.lowest = price;
      trade.run.context.position.entriesToday += 1;
      if (slot.openTrades === 0) this.account.held.push(slot);
      slot.openTrades += 1;
    }
    trade.entryPrice = mean(trade.entryPrice, trade.entered, price, quantity);
    trade.entryDecision = mean(trade.entryDecision, trade.entered, order.decision, quantity);
    trade.entered += quantity;
    trade.entryValuePaise += valuePaise;
    trade.heldCostPaise += valuePaise;
    const margin = this.marginOf(slot, order.intent.side, trade.product, quantity, price);
    trade.blockedPaise += margin;
    this.account.blockedPaise += margin;
    hold(slot, trade.product, trade.direction * quantity, trade.direction * valuePaise);
  }

  private leave(
    trade: OpenTrade,
    slot: Slot,
    order: WorkingOrder,
    quantity: number,
    price: number,
    valuePaise: number,
    time: EpochMs,
  ): void {
    const open = trade.open;
    const cost =
      quantity === open ? trade.heldCostPaise : Math.round((trade.heldCostPaise * quantity) / open);
    const freed = quantity === open ? trade.blockedPaise : Math.floor((trade.blockedPaise * quantity) / open);
    const releasing = quantity === open ? trade.releasingPaise : Math.min(freed, trade.releasingPaise);
    trade.see(slot.series, slot.row + 1);
    // The bar of the exit is not seen to its end, but its price was reached.
    if (price > trade.highest) trade.highest = price;
    if (price < trade.lowest) trade.lowest = price;
    trade.exitPrice = mean(trade.exitPrice, trade.exited, price, quantity);
    trade.exitDecision = mean(trade.exitDecision, trade.exited, order.decision, quantity);
    trade.exited += quantity;
    trade.exitValuePaise += valuePaise;
    trade.heldCostPaise -= cost;
    trade.exitTime = time;
    trade.exitOrder = order.intent.id;
    trade.exitIndex = slot.row + 1;
    trade.exitType = order.intent.type;
    trade.exitRole = order.intent.role;
    trade.blockedPaise -= freed;
    trade.releasingPaise -= releasing;
    this.account.blockedPaise -= freed;
    this.account.releasingPaise -= releasing;
    this.account.realisedPaise += trade.direction * (valuePaise - cost);
    hold(slot, trade.product, -trade.direction * quantity, -trade.direction * cost);
  }

  /** Trades that ended today, with what their charges come to so far: the evening's notes may move them by paise. */
  today(): TradeRecord {
    const record = new TradeRecord();
    for (let i = 0; i < this.ended.length; i++) record.push(this.ended[i]);
    return record;
  }

  /** A day is over: its contract notes are settled, and the trades that ended in it are final. */
  beginDay(dayNumber: number): void {
    if (dayNumber === this.dayNumber) return;
    this.settle();
    this.dayNumber = dayNumber;
  }

  settle(): void {
    this.notes.settle(this.dayNumber);
    const { ended } = this;
    for (let i = 0; i < ended.length; i++) {
      this.finished.push(ended[i]);
      ended[i].run.settled(ended[i]);
    }
    // Popped rather than cut off, since a new length gives the memory back.
    while (ended.length > 0) ended.pop();
  }

  /** The trade is over; its charges become final when the day's note is settled. */
  close(trade: OpenTrade): void {
    const { slot } = trade.run;
    slot.openTrades -= 1;
    if (slot.openTrades === 0) takeOut(this.account.held, slot);
    this.ended.push(trade);
  }
}

function mean(before: number, weight: number, price: number, quantity: number): number {
  return weight === 0 ? price : (before * weight + price * quantity) / (weight + quantity);
}

function hold(slot: Slot, product: Product, quantity: number, costPaise: number): void {
  slot.netQuantity += quantity;
  slot.costPaise += costPaise;
  if (product === 'CNC') return;
  slot.leveragedQuantity += quantity;
  slot.leveragedCostPaise += costPaise;
}
