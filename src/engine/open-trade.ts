import type { BarSeries } from '../domain/bar-series.ts';
import type { OrderId, OrderRole, Product } from '../domain/order.ts';
import type { Distance, EntryOptions } from '../strategy/trade.ts';
import type { StrategyRun } from './strategy-run.ts';
import type { OrderPurpose, WorkingOrder } from './working-order.ts';

/** A round trip under way: one entry decision, its fills, its protective orders and its exit. Prices in rupees. */
export class OpenTrade {
  readonly run: StrategyRun;
  /** 1 long, -1 short. */
  readonly direction: 1 | -1;
  readonly product: Product;
  readonly stopLoss: Distance | undefined;
  readonly targetAt: Distance | undefined;
  readonly trailing: Distance | undefined;
  readonly note: string | undefined;
  /** From 1 in order of the first entry fill; 0 before. */
  id = 0;
  /** Units entered and units left again. */
  entered = 0;
  exited = 0;
  /** Means of the fills, rupees. */
  entryPrice = Number.NaN;
  exitPrice = Number.NaN;
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
  /** Extremes seen while open. */
  highest = Number.NEGATIVE_INFINITY;
  lowest = Number.POSITIVE_INFINITY;
  /** Best close for the trailing stop. */
  best = Number.NaN;
  trailed = false;
  entryOrder: OrderId = 0;
  exitOrder: OrderId = 0;
  exitNote: string | undefined = undefined;
  /** Every order of the trade, in the order in which they were sent. */
  readonly orders: WorkingOrder[] = [];

  constructor(run: StrategyRun, direction: 1 | -1, product: Product, options: EntryOptions) {
    this.run = run;
    this.direction = direction;
    this.product = product;
    this.stopLoss = orNone(options.stopLoss);
    this.targetAt = orNone(options.target);
    this.trailing = orNone(options.trailingStop);
    this.note = options.note;
  }

  get open(): number {
    return this.entered - this.exited;
  }

  /** Takes the extremes of rows `from` to `to - 1`, in which something was held. */
  see({ high, low }: BarSeries, from: number, to: number): void {
    if (this.open === 0) return;
    let { highest, lowest } = this;
    for (let row = from; row < to; row++) {
      if (high[row] > highest) highest = high[row];
      if (low[row] < lowest) lowest = low[row];
    }
    this.highest = highest;
    this.lowest = lowest;
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
