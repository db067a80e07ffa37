import type { EpochMs } from '../../domain/time.ts';
import { istDayNumber } from '../../domain/time.ts';
import { KiteRefusal } from '../http/route.ts';
import { HeldOrder } from './held-order.ts';
import { totalOf } from './margin.ts';
import { isDelivery, type Portfolio, segmentOf } from './portfolio.ts';
import type { Wanted } from './wanted.ts';

/** What the risk management looks at: the account, and what works in it besides the order. */
export interface AccountRisk {
  readonly portfolio: Portfolio;
  readonly others: readonly HeldOrder[];
  readonly now: EpochMs;
}

/** Kite's words of the risk management, and its raw ones; undefined when the account can carry the order. */
export function objectionTo(
  order: HeldOrder,
  { portfolio, others, now }: AccountRisk,
): { readonly message: string; readonly raw: string } | undefined {
  const { wanted, userId } = order;
  if (wanted.side === 'SELL' && isDelivery(wanted.listed, wanted.product)) {
    const free = Math.max(0, portfolio.sellable(wanted.listed, wanted.product, others));
    if (wanted.quantity <= free) return undefined;
    return {
      message: `Insufficient stock holding for ${wanted.listed.listing.tradingsymbol}. Required quantity is ${wanted.quantity} but available quantity is ${free}.`,
      raw: `RMS:Rule: Check holdings including BTST for entity account-${userId} across exchange across segment across product `,
    };
  }
  const day = istDayNumber(now);
  const segment = segmentOf(wanted.listed);
  const required =
    totalOf(portfolio.blocks(day, [...others, order], segment)) -
    totalOf(portfolio.blocks(day, others, segment));
  const available = portfolio.available(day, others, segment);
  if (required <= 0 || required <= available + 0.005) return undefined;
  return {
    message: shortOf(required, available),
    raw: `RMS:Margin Exceeds,Required:${required.toFixed(2)}, Available:${available.toFixed(2)} for entity account-${userId} across exchange across segment across product `,
  };
}

/** A change may tie up more than the account has. @throws KiteRefusal MarginException */
export function checkChange(
  order: HeldOrder,
  wanted: Wanted,
  price: number,
  { portfolio, others, now }: AccountRisk,
): void {
  const day = istDayNumber(now);
  const segment = segmentOf(wanted.listed);
  const working = [...others, order];
  const after = sketch(order, wanted, price, wanted.quantity - order.filled);
  const more =
    totalOf(portfolio.blocks(day, [...others, after], segment)) -
    totalOf(portfolio.blocks(day, working, segment));
  const available = portfolio.available(day, working, segment);
  if (more > 0 && more > available) throw new KiteRefusal('MarginException', shortOf(more, available));
}

/** The order as its margin would see it after a change. */
function sketch(order: HeldOrder, wanted: Wanted, price: number, quantity: number): HeldOrder {
  const after = new HeldOrder(order, { ...wanted, quantity }, order.placedAt, order.closing);
  after.shownPrice = price;
  return after;
}

function shortOf(required: number, available: number): string {
  return `Insufficient funds. Required margin is ${required.toFixed(2)} but available margin is ${available.toFixed(2)}. Check the orderbook for open orders.`;
}
