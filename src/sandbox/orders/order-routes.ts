import { kiteSlices } from '../../domain/kite-limits.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import { istDayNumber } from '../../domain/time.ts';
import { KiteRefusal, type Route } from '../http/route.ts';
import type { SandboxMarket } from '../market/market.ts';
import type { OrderDesk } from './order-desk.ts';
import { refused } from './refusals.ts';
import { input, readWanted, type Wanted } from './wanted.ts';

interface OrderRouteParts {
  readonly market: SandboxMarket;
  readonly rulebook: Rulebook;
  readonly desk: OrderDesk;
  readonly autosliceReply: 'flat' | 'children';
  readonly auctions: readonly { readonly key: string; readonly number: string }[];
}

/** Placing, changing, cancelling and reading orders and trades. */
export function orderRoutes(parts: OrderRouteParts): readonly Route[] {
  const { market, desk } = parts;
  return [
    {
      method: 'POST',
      path: '/orders/:variety',
      limit: 'order',
      handle({ caller, path, form }) {
        const wanted = readWanted(market, path.variety ?? '', form);
        checkAuction(wanted, parts);
        const slices = slicesOf(wanted, parts);
        if (slices.length > 1) return { data: placeSlices(parts, caller.userId, wanted, slices) };
        return { data: { order_id: desk.place(caller.userId, wanted).orderId } };
      },
    },
    {
      method: 'PUT',
      path: '/orders/:variety/:order_id',
      limit: 'order',
      handle({ caller, path, form }) {
        checkVariety(desk, caller.userId, path);
        return { data: { order_id: desk.modify(caller.userId, path.order_id ?? '', form).orderId } };
      },
    },
    {
      method: 'DELETE',
      path: '/orders/:variety/:order_id',
      limit: 'order',
      handle({ caller, path }) {
        checkVariety(desk, caller.userId, path);
        return { data: { order_id: desk.cancel(caller.userId, path.order_id ?? '').orderId } };
      },
    },
    read('/orders', (userId) => desk.books.of(userId).map((order) => order.row())),
    read('/orders/:order_id', (userId, id) => desk.books.order(userId, id).history),
    read('/orders/:order_id/trades', (userId, id) => desk.books.order(userId, id).trades),
    read('/trades', (userId) => desk.books.trades(userId)),
  ];
}

function read(path: string, rows: (userId: string, orderId: string) => unknown): Route {
  return {
    method: 'GET',
    path,
    limit: 'other',
    handle: ({ caller, path: named }) => ({ data: rows(caller.userId, named.order_id ?? '') }),
  };
}

/** An order released from an AMO keeps its variety on Kite, so the path has to name it. */
function checkVariety(desk: OrderDesk, userId: string, path: Readonly<Record<string, string>>): void {
  const { wanted } = desk.books.order(userId, path.order_id ?? '');
  if (wanted.variety !== path.variety) throw input(`Invalid \`variety\`. The order is ${wanted.variety}.`);
}

function checkAuction({ variety, side, auctionNumber, listed }: Wanted, { auctions }: OrderRouteParts): void {
  if (variety !== 'auction') return;
  if (side !== 'SELL') throw refused('Auction orders are for selling holdings only.');
  const known = auctions.some(({ key, number }) => key === listed.instrument.key && number === auctionNumber);
  if (!known) throw input('Invalid `auction_number`.');
}

/** Quantities of the parts; one for an order that is not divided. */
function slicesOf(wanted: Wanted, { rulebook, market }: OrderRouteParts): readonly number[] {
  const { listed, autoslice, quantity } = wanted;
  const freeze = rulebook.contracts.freezeQuantity(listed.instrument, istDayNumber(market.clock.now()));
  if (!autoslice || freeze === undefined || quantity <= freeze) return [quantity];
  const lot = rulebook.contracts.lotSize(listed.instrument);
  const most = Math.max(lot, Math.floor(freeze / lot) * lot);
  const count = Math.ceil(quantity / most);
  if (count > kiteSlices)
    throw refused(`The order would need ${count} slices, and at most ${kiteSlices} are allowed.`);
  return Array.from({ length: count }, (_, slice) => Math.min(most, quantity - slice * most));
}

/** Each slice stands for itself: some may be refused while others are placed. */
function placeSlices(
  { desk, autosliceReply }: OrderRouteParts,
  userId: string,
  wanted: Wanted,
  slices: readonly number[],
): unknown {
  let parent: string | undefined;
  const placed = slices.map((quantity) => {
    try {
      const tags = ['autoslice', ...(parent === undefined ? [] : [`autoslice:${parent}`])];
      const { orderId } = desk.place(userId, { ...wanted, quantity, autoslice: false }, { tags });
      parent ??= orderId;
      return { order_id: orderId };
    } catch (cause) {
      if (!(cause instanceof KiteRefusal)) throw cause;
      const { errorType, message, status = 400 } = cause;
      return { error: { code: status, error_type: errorType, message, data: null } };
    }
  });
  if (autosliceReply === 'flat') return placed;
  const [first = {}, ...children] = placed;
  return { ...first, children };
}
