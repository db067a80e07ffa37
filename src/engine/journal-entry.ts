import type { OrderEvent, OrderIntent } from '../domain/order.ts';

/** What the engine writes down, in the order it happened. An `intent` is written before the broker hears of it. */
export type JournalEntry =
  | { readonly type: 'intent'; readonly order: OrderIntent }
  | { readonly type: 'order'; readonly event: OrderEvent };
