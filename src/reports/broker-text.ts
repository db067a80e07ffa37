import { countText } from './format.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

interface Account {
  readonly account: string;
  readonly userId: string;
  readonly sandbox: boolean;
}

interface Positions extends Account {
  readonly positions: readonly {
    readonly symbol: string;
    readonly product: string;
    readonly quantity: number;
    readonly overnight: number;
    readonly averagePrice: string;
    readonly lastPrice: string;
    readonly pnl: string;
  }[];
  readonly pnl: string;
}

export interface OrderLine {
  readonly orderId: string;
  readonly time: string | null;
  readonly symbol: string;
  readonly side: string;
  readonly type: string;
  readonly product: string;
  readonly quantity: number;
  readonly filled: number;
  readonly price: string | null;
  readonly trigger: string | null;
  readonly averagePrice: string | null;
  readonly status: string;
  readonly message: string | null;
  readonly own: { readonly order: number; readonly leg: number } | null;
}

interface Funds extends Account {
  readonly funds: readonly {
    readonly segment: string;
    readonly net: string;
    readonly cash: string;
    readonly openingBalance: string | null;
    readonly collateral: string | null;
    readonly used: string | null;
    readonly realised: string | null;
    readonly unrealised: string | null;
  }[];
}

interface Holdings extends Account {
  readonly holdings: readonly {
    readonly symbol: string;
    readonly quantity: number;
    readonly t1: number;
    readonly used: number;
    readonly averagePrice: string;
    readonly lastPrice: string;
    readonly value: string;
    readonly pnl: string;
  }[];
  readonly value: string;
  readonly pnl: string;
}

export function positionsText(page: Positions, screen: Screen): string {
  return tableText(
    {
      title: titleOf('Positions', page),
      columns: [
        'instrument',
        'product',
        'quantity',
        { title: 'overnight', optional: true },
        'average',
        'last',
        'P&L',
      ],
      rows: page.positions.map((row) => [
        row.symbol,
        row.product,
        countText(row.quantity),
        countText(row.overnight),
        row.averagePrice,
        row.lastPrice,
        row.pnl,
      ]),
      totals: ['all of today', undefined, undefined, undefined, undefined, undefined, page.pnl],
      empty: `No open position; P&L of today ${page.pnl}.`,
      notes: notesOf(page),
    },
    screen,
  );
}

export function ordersText(
  page: Account & { readonly orders: readonly OrderLine[] },
  screen: Screen,
): string {
  return tableText(
    {
      title: titleOf('Orders of today', page),
      columns: [
        'time',
        'order',
        'side',
        'instrument',
        { title: 'product', optional: true },
        'type',
        'filled',
        'price',
        { title: 'trigger', optional: true },
        { title: 'average', optional: true },
        'status',
        { title: 'ours', optional: true },
      ],
      rows: page.orders.map((row) => [
        row.time?.slice(11, 19),
        row.orderId,
        row.side,
        row.symbol,
        row.product,
        row.type,
        `${countText(row.filled)} of ${countText(row.quantity)}`,
        row.price ?? undefined,
        row.trigger ?? undefined,
        row.averagePrice ?? undefined,
        row.message === null ? row.status : `${row.status}: ${row.message}`,
        row.own === null ? undefined : `order ${row.own.order}`,
      ]),
      empty: 'No orders.',
      notes: notesOf(page),
    },
    screen,
  );
}

export function fundsText(page: Funds, screen: Screen): string {
  return tableText(
    {
      title: titleOf('Funds', page),
      columns: [
        'segment',
        'available',
        'cash',
        { title: 'opening', optional: true },
        { title: 'collateral', optional: true },
        'used',
        { title: 'realised', optional: true },
        { title: 'unrealised', optional: true },
      ],
      rows: page.funds.map((row) => [
        row.segment,
        row.net,
        row.cash,
        row.openingBalance ?? undefined,
        row.collateral ?? undefined,
        row.used ?? undefined,
        row.realised ?? undefined,
        row.unrealised ?? undefined,
      ]),
      empty: 'No segment is open for this account.',
      notes: notesOf(page),
    },
    screen,
  );
}

export function holdingsText(page: Holdings, screen: Screen): string {
  return tableText(
    {
      title: titleOf('Holdings', page),
      columns: [
        'instrument',
        'quantity',
        { title: 'T1', optional: true },
        { title: 'used', optional: true },
        'average',
        'last',
        'value',
        'P&L',
      ],
      rows: page.holdings.map((row) => [
        row.symbol,
        countText(row.quantity),
        countText(row.t1),
        countText(row.used),
        row.averagePrice,
        row.lastPrice,
        row.value,
        row.pnl,
      ]),
      totals: ['all', undefined, undefined, undefined, undefined, undefined, page.value, page.pnl],
      empty: 'No holdings.',
      notes: notesOf(page),
    },
    screen,
  );
}

export function titleOf(what: string, { account, userId }: Account): string {
  return `${what} of ${userId}, account ${account}`;
}

export function notesOf({ sandbox }: Account): string[] {
  return sandbox ? ['Sandbox: nothing is real.'] : [];
}
