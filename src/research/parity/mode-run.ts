import type { InstrumentKey } from '../../domain/instrument.ts';
import type { Paise } from '../../domain/money.ts';
import type { OrderEvent, OrderIntent } from '../../domain/order.ts';
import type { ClosedTrade, RefusalCount } from '../../domain/run-result.ts';
import type { EpochMs } from '../../domain/time.ts';

/** What a journal holds of orders. */
type OrderEntry =
  | { readonly type: 'intent'; readonly order: OrderIntent }
  | { readonly type: 'order'; readonly event: OrderEvent };

/** What a strategy did on a day in one mode of trading. */
export interface ModeRun {
  readonly entries: readonly OrderEntry[];
  readonly trades: readonly ClosedTrade[];
  readonly refusals: readonly RefusalCount[];
  /** Worth of the account in the evening. */
  readonly equityPaise: Paise;
}

/** Rupees; NaN where there is none. */
export interface PricesAround {
  /** Close of the last bar that had closed. */
  readonly before: number;
  /** Open of the next bar. */
  readonly after: number;
}
export type PriceLookup = (key: InstrumentKey, time: EpochMs) => PricesAround;

/** An order and what became of it. */
export interface TracedOrder {
  readonly order: OrderIntent;
  /** The same decision of another mode has the same name. */
  readonly name: string;
  /** Units, and their mean in rupees: NaN while none is filled. */
  readonly filled: number;
  readonly price: number;
  readonly fills: readonly { readonly time: EpochMs; readonly quantity: number }[];
  /** Where the stop stood last; NaN without. */
  readonly trigger: number;
  /** The broker's or our own words when it ended unfilled. */
  readonly end: string | undefined;
}

/** Orders that follow from fills: where a position has been entered, they are placed by themselves. */
const protective: readonly string[] = ['stop', 'target', 'trail'];

export function isDecision({ role }: OrderIntent): boolean {
  return !protective.includes(role);
}

/** Every order of a run in the order in which it was sent. Decisions are named by bar, strategy, instrument and what was wanted. */
export function tracedOrders(entries: readonly OrderEntry[]): readonly TracedOrder[] {
  const orders = new Map<number, { -readonly [Field in keyof TracedOrder]: TracedOrder[Field] }>();
  const seen = new Map<string, number>();
  for (const entry of entries) {
    if (entry.type === 'intent') {
      const { order } = entry;
      const plain = `${order.time} ${order.strategy} ${order.key} ${order.role} ${order.side}`;
      const count = seen.get(plain) ?? 0;
      seen.set(plain, count + 1);
      orders.set(order.id, {
        order,
        name: `${plain} ${count}`,
        ...{ filled: 0, price: Number.NaN, fills: [] },
        trigger: order.trigger,
        end: undefined,
      });
      continue;
    }
    const { event } = entry;
    const traced = orders.get(event.id);
    if (!traced) continue;
    if (event.type === 'filled') {
      const value = (traced.filled === 0 ? 0 : traced.price * traced.filled) + event.price * event.quantity;
      traced.filled += event.quantity;
      traced.price = value / traced.filled;
      traced.fills = [...traced.fills, { time: event.time, quantity: event.quantity }];
    } else if (event.type === 'modified') traced.trigger = event.trigger ?? traced.trigger;
    else if (event.type === 'cancelled' || event.type === 'rejected')
      traced.end = `${event.type}: ${event.reason}`;
  }
  return [...orders.values()];
}
