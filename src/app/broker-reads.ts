import { readTag } from '../adapters/kite/order-tag.ts';
import type { KiteHolding, KiteOrder, KitePosition } from '../adapters/kite/schemas.ts';
import { decimalOf, toPaise } from '../domain/money.ts';
import { isoInstant } from '../domain/time.ts';
import { priceText } from '../reports/format.ts';
import type { Context } from './context.ts';
import { kiteClientFor } from './kite-client.ts';
import { type KiteSession, type SessionOptions, withKiteSession } from './kite-session.ts';

/** Whose account a page is about. */
export interface AccountPage {
  readonly account: string;
  readonly userId: string;
  readonly sandbox: boolean;
}

/** Quantities are Kite's: units, lots on MCX and in currencies. Prices and amounts are decimal strings of rupees. */
export interface PositionRow {
  readonly symbol: string;
  readonly product: string;
  readonly quantity: number;
  /** Held since an earlier day. */
  readonly overnight: number;
  readonly multiplier: number;
  readonly averagePrice: string;
  readonly lastPrice: string;
  readonly pnl: string;
}

export interface PositionsPage extends AccountPage {
  readonly positions: readonly PositionRow[];
  readonly pnl: string;
  readonly open: number;
}

export interface OrderRow {
  readonly orderId: string;
  readonly time: string | null;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly variety: string;
  readonly product: string;
  readonly validity: string;
  readonly quantity: number;
  readonly filled: number;
  readonly price: string | null;
  readonly trigger: string | null;
  readonly averagePrice: string | null;
  readonly status: string;
  readonly message: string | null;
  readonly tag: string | null;
  /** An order of this program, by its tag: of which session's order it is a leg. */
  readonly own: { readonly order: number; readonly leg: number } | null;
}

export interface OrdersPage extends AccountPage {
  readonly orders: readonly OrderRow[];
}

export interface FundsRow {
  readonly segment: 'equity' | 'commodity';
  /** What orders may use now. */
  readonly net: string;
  readonly cash: string;
  readonly openingBalance: string | null;
  readonly collateral: string | null;
  readonly used: string | null;
  readonly realised: string | null;
  readonly unrealised: string | null;
}

export interface FundsPage extends AccountPage {
  readonly funds: readonly FundsRow[];
}

export interface HoldingRow {
  readonly symbol: string;
  readonly isin: string | null;
  readonly quantity: number;
  /** Bought and not delivered yet. */
  readonly t1: number;
  readonly used: number;
  readonly collateral: number;
  readonly averagePrice: string;
  readonly lastPrice: string;
  readonly value: string;
  readonly pnl: string;
}

export interface HoldingsPage extends AccountPage {
  readonly holdings: readonly HoldingRow[];
  readonly value: string;
  readonly pnl: string;
}

/** The account's net positions; those that were closed today stand only on the page when `all` is given. */
export function positionsPage(
  context: Context,
  options: SessionOptions & { readonly all?: boolean },
): Promise<PositionsPage> {
  return withKiteSession(context, options, async (session) => {
    const { net } = await kiteClientFor(context, session).positions();
    const shown = net.filter(({ quantity }) => options.all === true || quantity !== 0);
    return {
      ...accountOf(session),
      positions: bySymbol(shown.map(positionRow)),
      pnl: rupees(net.reduce((sum, { pnl }) => sum + pnl, 0)),
      open: net.filter(({ quantity }) => quantity !== 0).length,
    };
  });
}

/** The day's order book, oldest first. */
export function ordersPage(
  context: Context,
  options: SessionOptions & { readonly open?: boolean },
): Promise<OrdersPage> {
  return withKiteSession(context, options, async (session) => {
    const rows = await kiteClientFor(context, session).orders();
    const shown = rows.filter(({ status }) => options.open !== true || !ended.has(status));
    const sorted = [...shown].sort((a, b) => (a.order_timestamp ?? 0) - (b.order_timestamp ?? 0));
    return { ...accountOf(session), orders: sorted.map(orderRow) };
  });
}

export function fundsPage(context: Context, options: SessionOptions): Promise<FundsPage> {
  return withKiteSession(context, options, async (session) => {
    const margins = await kiteClientFor(context, session).margins();
    const funds = (['equity', 'commodity'] as const).flatMap((segment): FundsRow[] => {
      const found = margins[segment];
      if (found === undefined || found.enabled === false) return [];
      const { available, utilised } = found;
      return [
        {
          segment,
          net: rupees(found.net),
          cash: rupees(available.cash),
          openingBalance: orNull(available.opening_balance),
          collateral: orNull(available.collateral),
          used: orNull(utilised.debits),
          realised: orNull(utilised.m2m_realised),
          unrealised: orNull(utilised.m2m_unrealised),
        },
      ];
    });
    return { ...accountOf(session), funds };
  });
}

export function holdingsPage(context: Context, options: SessionOptions): Promise<HoldingsPage> {
  return withKiteSession(context, options, async (session) => {
    const rows = await kiteClientFor(context, session).holdings();
    return {
      ...accountOf(session),
      holdings: bySymbol(rows.map(holdingRow)),
      value: rupees(rows.reduce((sum, row) => sum + worthOf(row), 0)),
      pnl: rupees(rows.reduce((sum, { pnl }) => sum + pnl, 0)),
    };
  });
}

/** Statuses after which nothing happens to an order any more. */
const ended: ReadonlySet<string> = new Set(['COMPLETE', 'CANCELLED', 'CANCELLED AMO', 'REJECTED']);

export function accountOf({ profile, userId, sandbox }: KiteSession): AccountPage {
  return { account: profile, userId, sandbox };
}

export function orderRow(row: KiteOrder): OrderRow {
  const tag = [row.tag, ...row.tags].map((text) => readTag(text ?? '')).find((read) => read !== undefined);
  return {
    orderId: row.order_id,
    time: row.order_timestamp === null ? null : isoInstant(row.order_timestamp),
    symbol: `${row.exchange}:${row.tradingsymbol}`,
    side: row.transaction_type,
    type: row.order_type,
    variety: row.variety,
    product: row.product,
    validity: row.validity,
    quantity: row.quantity,
    filled: row.filled_quantity,
    price: row.price > 0 ? priceText(row.price) : null,
    trigger: row.trigger_price > 0 ? priceText(row.trigger_price) : null,
    averagePrice: row.filled_quantity > 0 ? priceText(row.average_price) : null,
    status: row.status,
    message: row.status_message,
    tag: row.tag,
    own: tag === undefined ? null : { order: tag.id, leg: tag.leg },
  };
}

function positionRow(row: KitePosition): PositionRow {
  return {
    symbol: `${row.exchange}:${row.tradingsymbol}`,
    product: row.product,
    quantity: row.quantity,
    overnight: row.overnight_quantity,
    multiplier: row.multiplier,
    averagePrice: priceText(row.average_price),
    lastPrice: priceText(row.last_price),
    pnl: rupees(row.pnl),
  };
}

function holdingRow(row: KiteHolding): HoldingRow {
  return {
    symbol: `${row.exchange}:${row.tradingsymbol}`,
    isin: row.isin,
    quantity: row.quantity,
    t1: row.t1_quantity ?? 0,
    used: row.used_quantity ?? 0,
    collateral: row.collateral_quantity ?? 0,
    averagePrice: priceText(row.average_price),
    lastPrice: priceText(row.last_price),
    value: rupees(worthOf(row)),
    pnl: rupees(row.pnl),
  };
}

function worthOf({ quantity, t1_quantity: t1, last_price: price }: KiteHolding): number {
  return (quantity + (t1 ?? 0)) * price;
}

export function rupees(amount: number): string {
  return decimalOf(toPaise(amount));
}

function orNull(amount: number | null | undefined): string | null {
  return amount === null || amount === undefined ? null : rupees(amount);
}

function bySymbol<Row extends { readonly symbol: string }>(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
}
