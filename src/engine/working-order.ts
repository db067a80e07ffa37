import type { ExecutedOrder } from '../domain/charges.ts';
import type { OrderIntent, OrderRole, Product, Side } from '../domain/order.ts';
import type { OpenTrade } from './open-trade.ts';
import { isTerminal, type OrderState } from './order-lifecycle.ts';

/** What an order has executed on the current day: one line of that day's contract note. Grows fill by fill. */
export class DayExecution implements ExecutedOrder {
  readonly side: Side;
  readonly product: Product;
  readonly order: WorkingOrder;
  quantity = 0;
  valuePaise = 0;
  /** Charges posted so far before the day's note is known. */
  estimatePaise = 0;

  constructor(order: WorkingOrder) {
    this.order = order;
    this.side = order.intent.side;
    this.product = order.intent.product;
  }
}

/** What an order does for its trade. */
export type OrderPurpose = 'entry' | 'stop' | 'target' | 'exit';

/** An order from intent to end. */
export class WorkingOrder {
  readonly intent: OrderIntent;
  readonly trade: OpenTrade;
  readonly purpose: OrderPurpose;
  state: OrderState = 'sent';
  filled = 0;
  /** Working trigger of a stop, which trailing moves; rupees. */
  trigger: number;
  /** Units still asked for; a protective order shrinks when its sibling fills in part. */
  quantity: number;
  /** Funds kept aside for a working entry, paise. */
  reservedPaise = 0;
  /** Bars a working entry may still wait; Infinity without a limit. */
  barsLeft = Number.POSITIVE_INFINITY;
  day: DayExecution | undefined = undefined;

  constructor(intent: OrderIntent, trade: OpenTrade) {
    this.intent = intent;
    this.trade = trade;
    this.purpose = purposeOf(intent.role);
    this.trigger = intent.trigger;
    this.quantity = intent.quantity;
  }

  get isWorking(): boolean {
    return !isTerminal(this.state);
  }

  /** Units still to be filled. */
  get left(): number {
    return this.quantity - this.filled;
  }
}

function purposeOf(role: OrderRole): OrderPurpose {
  return role === 'entry' || role === 'stop' || role === 'target' ? role : 'exit';
}
