import type { OrderIntent } from '../../domain/order.ts';
import type { Reach } from './path.ts';

/** An order in the simulated exchange's book. */
export class RestingOrder {
  order: OrderIntent;
  buys = false;
  entry = false;
  /** Wanted in all and already filled, units. */
  quantity = 0;
  filled = 0;
  /** Limit and trigger in rupees, NaN where the type has none. */
  price = Number.NaN;
  trigger = Number.NaN;
  /** A stop that was reached: what is left of it is a market order, or a limit order when it has a limit. */
  triggered = false;
  done = false;
  /** What of the current bar it can still meet; orders born inside a bar see only the rest of it. */
  reach: Reach = 'whole-bar';
  /** Day of the first bar it saw; entries do not outlive it. -1 before. */
  dayNumber = -1;

  constructor(order: OrderIntent) {
    this.order = order;
  }

  /** Starts over as another order: the objects of orders that have ended are used again. */
  begin(order: OrderIntent, reach: Reach): void {
    this.order = order;
    this.buys = order.side === 'BUY';
    this.entry = order.role === 'entry';
    this.quantity = order.quantity;
    this.filled = 0;
    this.price = order.price;
    this.trigger = order.trigger;
    this.triggered = false;
    this.done = false;
    this.reach = reach;
    this.dayNumber = -1;
  }

  get left(): number {
    return this.quantity - this.filled;
  }

  get isMarket(): boolean {
    return this.order.type === 'MARKET' || (this.triggered && this.order.type === 'SL-M');
  }

  get isStop(): boolean {
    return !this.triggered && (this.order.type === 'SL' || this.order.type === 'SL-M');
  }

  get isLimit(): boolean {
    return this.order.type === 'LIMIT' || (this.triggered && this.order.type === 'SL');
  }
}
