import type { ExecutedOrder } from '../domain/charges.ts';
import type { OrderIntent, OrderRole, Product, Side } from '../domain/order.ts';
import type { OrderUnderWay } from '../domain/run-result.ts';
import type { OpenTrade } from './open-trade.ts';
import { isTerminal, type OrderState } from './order-lifecycle.ts';

/** What an order has executed on the current day: one line of that day's contract note. Grows fill by fill. */
export class DayExecution implements ExecutedOrder {
  readonly order: WorkingOrder;
  side: Side = 'BUY';
  product: Product = 'CNC';
  quantity = 0;
  valuePaise = 0;
  /** Charges posted so far before the day's note is known. */
  estimatePaise = 0;

  constructor(order: WorkingOrder) {
    this.order = order;
  }

  begin({ side, product }: OrderIntent): void {
    this.side = side;
    this.product = product;
    this.quantity = 0;
    this.valuePaise = 0;
    this.estimatePaise = 0;
  }
}

/** What an order does for its trade. */
export type OrderPurpose = 'entry' | 'stop' | 'target' | 'exit';

/** An order from intent to end. */
export class WorkingOrder {
  readonly trade: OpenTrade;
  intent: OrderIntent;
  purpose: OrderPurpose = 'entry';
  state: OrderState = 'sent';
  filled = 0;
  /** Working trigger of a stop, which trailing moves; rupees. */
  trigger = Number.NaN;
  /** Units still asked for; a protective order shrinks when its sibling fills in part. */
  quantity = 0;
  /** Funds kept aside for a working entry, paise. */
  reservedPaise = 0;
  /** Bars a working entry may still wait; Infinity without a limit. */
  barsLeft = Number.POSITIVE_INFINITY;
  /** Today's line in the contract note; undefined while nothing was executed today. */
  day: DayExecution | undefined = undefined;
  private readonly execution: DayExecution = new DayExecution(this);

  constructor(intent: OrderIntent, trade: OpenTrade) {
    this.intent = intent;
    this.trade = trade;
  }

  /** Starts over as another order of the same trade's next life. */
  begin(intent: OrderIntent): void {
    this.intent = intent;
    this.purpose = purposeOf(intent.role);
    this.state = 'sent';
    this.filled = 0;
    this.trigger = intent.trigger;
    this.quantity = intent.quantity;
    this.reservedPaise = 0;
    this.barsLeft = Number.POSITIVE_INFINITY;
    this.day = undefined;
  }

  /** The day's line, opened with the day's first fill. */
  openDay(): DayExecution {
    this.execution.begin(this.intent);
    this.day = this.execution;
    return this.execution;
  }

  /** The price that the decision counted on: of what rests the level it rests at, else where the market stood. */
  get decision(): number {
    if (!Number.isNaN(this.trigger)) return this.trigger;
    return this.purpose === 'target' ? this.intent.price : this.intent.decided;
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

/** An order as it stands now. */
export function orderUnderWay({
  intent,
  purpose,
  quantity,
  filled,
  trigger,
  trade,
}: WorkingOrder): OrderUnderWay {
  const { id, key, side, type, product, price, time } = intent;
  return {
    ...{ id, strategy: trade.run.name, key, side, type, product, purpose, quantity, filled, time },
    price: Number.isNaN(price) ? null : price,
    trigger: Number.isNaN(trigger) ? null : trigger,
  };
}
