import type { OrderIntent } from '../../domain/order.ts';
import type { Reach } from './path.ts';

/** An order in the simulated exchange's book. */
export class RestingOrder {
  readonly order: OrderIntent;
  readonly buys: boolean;
  readonly entry: boolean;
  /** Wanted in all and already filled, units. */
  quantity: number;
  filled = 0;
  /** Limit and trigger in rupees, NaN where the type has none. */
  price: number;
  trigger: number;
  /** A stop that was reached: what is left of it is a market order, or a limit order when it has a limit. */
  triggered = false;
  done = false;
  /** What of the current bar it can still meet; orders born inside a bar see only the rest of it. */
  reach: Reach;
  /** Day of the first bar it saw; entries do not outlive it. -1 before. */
  dayNumber = -1;

  constructor(order: OrderIntent, reach: Reach) {
    this.order = order;
    this.buys = order.side === 'BUY';
    this.entry = order.role === 'entry';
    this.quantity = order.quantity;
    this.price = order.price;
    this.trigger = order.trigger;
    this.reach = reach;
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
