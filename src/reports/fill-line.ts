import type { OrderEvent, OrderIntent } from '../domain/order.ts';
import { istText } from '../domain/time.ts';
import { countText, priceText } from './format.ts';

/** What a journal holds of orders. */
export type OrderEntry =
  | { readonly type: 'intent'; readonly order: OrderIntent }
  | { readonly type: 'order'; readonly event: OrderEvent };

/** A line for each fill and rejection among the entries from `from` on: `10:35 BUY 10 NSE:INFY at 1,502.30, entry of ema20_50`. */
export function fillLines(entries: readonly OrderEntry[], from: number): readonly string[] {
  const lines: string[] = [];
  for (let at = from; at < entries.length; at++) {
    const entry = entries[at];
    if (entry?.type !== 'order') continue;
    const { event } = entry;
    if (event.type !== 'filled' && event.type !== 'rejected') continue;
    const order = orderOf(entries, at, event.id);
    if (!order) continue;
    const what = `${istText(event.time)} ${order.side} ${countText(event.type === 'filled' ? event.quantity : order.quantity)} ${order.key}`;
    const whose = `${order.role} of ${order.strategy}`;
    lines.push(
      event.type === 'filled'
        ? `${what} at ${priceText(event.price)}, ${whose}`
        : `${what} rejected, ${whose}: ${event.reason}`,
    );
  }
  return lines;
}

function orderOf(entries: readonly OrderEntry[], before: number, id: number): OrderIntent | undefined {
  for (let at = before; at >= 0; at--) {
    const entry = entries[at];
    if (entry?.type === 'intent' && entry.order.id === id) return entry.order;
  }
  return undefined;
}
