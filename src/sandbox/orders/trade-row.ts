import { kiteTime } from '../../domain/kite-time.ts';
import type { HeldOrder } from './held-order.ts';
import type { KiteTradeRow } from './order-row.ts';

/** One fill of an order as `GET /trades` has it. `at` is in Kite's own form. */
export function tradeRow(
  { orderId, exchangeOrderId, placedAt, wanted }: HeldOrder,
  fill: { readonly id: number; readonly quantity: number; readonly price: number; readonly at: string },
): KiteTradeRow {
  const { listing } = wanted.listed;
  return {
    trade_id: String(10_000_000 + fill.id),
    order_id: orderId,
    exchange: listing.exchange,
    tradingsymbol: listing.tradingsymbol,
    instrument_token: listing.token,
    product: wanted.product,
    average_price: fill.price,
    quantity: fill.quantity,
    exchange_order_id: exchangeOrderId ?? '',
    transaction_type: wanted.side,
    fill_timestamp: fill.at,
    order_timestamp: kiteTime(placedAt).slice(11),
    exchange_timestamp: fill.at,
  };
}
