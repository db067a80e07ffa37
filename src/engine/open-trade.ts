import type { BarSeries } from '../domain/bar-series.ts';
import type { OrderId, OrderIntent, OrderRole, OrderType, Product } from '../domain/order.ts';
import type { Distance, EntryOptions } from '../strategy/trade.ts';
import type { StrategyRun } from './strategy-run.ts';
import { type OrderPurpose, WorkingOrder } from './working-order.ts';

/** A round trip under way: one entry decision, its fills, its protective orders and its exit. Prices in rupees. */
export class OpenTrade {
  readonly run: StrategyRun;
  readonly product: Product;
  /** 1 long, -1 short. */
  direction: 1 | -1 = 1;
  stopLoss: Distance | undefined = undefined;
  targetAt: Distance | undefined = undefined;
  trailing: Distance | undefined = undefined;
  note: string | undefined = undefined;
  /** From 1 in order of the first entry fill; 0 before. */
  id = 0;
  /** Units entered and units left again. */
  entered = 0;
  exited = 0;
  /** Means of the fills, rupees. */
  entryPrice = Number.NaN;
  exitPrice = Number.NaN;
  /** Means of what the fills' orders were decided on, rupees. */
  entryDecision = Number.NaN;
  exitDecision = Number.NaN;
  entryType: OrderType = 'MARKET';
  exitType: OrderType = 'MARKET';
  /** Sums of the fills' values, whole paise. */
  entryValuePaise = 0;
  exitValuePaise = 0;
  /** What the open units cost, paise. */
  heldCostPaise = 0;
  entryTime = Number.NaN;
  exitTime = Number.NaN;
  /** Bars in which the entry and the last exit filled. */
  entryIndex = -1;
  exitIndex = -1;
  exitRole: OrderRole = 'signal';
  /** Distance of the first protective stop from the entry price, rupees; NaN without one. */
  riskPerUnit = Number.NaN;
  /** Margin held against what is open, paise. */
  blockedPaise = 0;
  /** Part of it that exits under way will free. */
  releasingPaise = 0;
  chargesPaise = 0;
  /** Extremes seen while open, and the first row that they do not know. They are wanted when the trade ends, so bars are seen then. */
  unseen = 0;
  highest = Number.NEGATIVE_INFINITY;
  lowest = Number.POSITIVE_INFINITY;
  /** Best close for the trailing stop. */
  best = Number.NaN;
  trailed = false;
  /** Day on which the entry was sent; -1 before. */
  sentDay = -1;
  entryOrder: OrderId = 0;
  exitOrder: OrderId = 0;
  exitNote: string | undefined = undefined;
  /** Every order of the trade, in the order in which they were sent. */
  readonly orders: WorkingOrder[] = [];
  /** Orders of an earlier life, to be used again. */
  private readonly spare: WorkingOrder[] = [];

  constructor(run: StrategyRun) {
    this.run = run;
    this.product = run.product;
  }

  /** Starts over as another trade: one that is settled and has no order under way is used again. */
  begin(direction: 1 | -1, options: EntryOptions): void {
    while (this.orders.length > 0) this.spare.push(this.orders.pop() as WorkingOrder);
    this.direction = direction;
    this.stopLoss = orNone(options.stopLoss);
    this.targetAt = orNone(options.target);
    this.trailing = orNone(options.trailingStop);
    this.note = options.note;
    this.id = 0;
    this.entered = 0;
    this.exited = 0;
    this.entryPrice = Number.NaN;
    this.exitPrice = Number.NaN;
    this.entryDecision = Number.NaN;
    this.exitDecision = Number.NaN;
    this.entryValuePaise = 0;
    this.exitValuePaise = 0;
    this.heldCostPaise = 0;
    this.entryTime = Number.NaN;
    this.exitTime = Number.NaN;
    this.entryIndex = -1;
    this.exitIndex = -1;
    this.exitRole = 'signal';
    this.riskPerUnit = Number.NaN;
    this.blockedPaise = 0;
    this.releasingPaise = 0;
    this.chargesPaise = 0;
    this.unseen = 0;
    this.highest = Number.NEGATIVE_INFINITY;
    this.lowest = Number.POSITIVE_INFINITY;
    this.best = Number.NaN;
    this.trailed = false;
    this.sentDay = -1;
    this.entryOrder = 0;
    this.exitOrder = 0;
    this.exitNote = undefined;
  }

  /** Enters an order that is about to be sent. */
  add(intent: OrderIntent): WorkingOrder {
    const order = this.spare.pop() ?? new WorkingOrder(intent, this);
    order.begin(intent);
    this.orders.push(order);
    return order;
  }

  /** No order of the trade can be heard of again. */
  get isOver(): boolean {
    const { orders } = this;
    for (let i = 0; i < orders.length; i++) if (orders[i].isWorking) return false;
    return true;
  }

  get open(): number {
    return this.entered - this.exited;
  }

  /** Takes the extremes of every closed bar since the entry that it has not seen yet. */
  see({ high, low }: BarSeries, to: number): void {
    let { highest, lowest } = this;
    for (let row = this.unseen; row < to; row++) {
      if (high[row] > highest) highest = high[row];
      if (low[row] < lowest) lowest = low[row];
    }
    this.highest = highest;
    this.lowest = lowest;
    this.unseen = to;
  }

  /** An order for that purpose has not ended yet. */
  isWorking(purpose: OrderPurpose): boolean {
    const { orders } = this;
    for (let i = 0; i < orders.length; i++)
      if (orders[i].purpose === purpose && orders[i].isWorking) return true;
    return false;
  }
}

/** A distance of 0 is none, so that `--param stopLoss=0` switches a stop off. */
function orNone(distance: Distance | undefined): Distance | undefined {
  return distance === 0 ? undefined : distance;
}
