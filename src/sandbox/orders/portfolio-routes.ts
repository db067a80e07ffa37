import { kiteTime } from '../../domain/kite-time.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import { istDayNumber, startOfDay } from '../../domain/time.ts';
import { KiteRefusal, type Route } from '../http/route.ts';
import type { SandboxMarket } from '../market/market.ts';
import type { OrderDesk } from './order-desk.ts';
import type { Holding, Portfolio } from './portfolio.ts';
import { segmentOf } from './portfolio.ts';
import { tidy } from './position.ts';
import { input, isCash, oneOf, required, whole } from './wanted.ts';

interface PortfolioRouteParts {
  readonly market: SandboxMarket;
  readonly rulebook: Rulebook;
  readonly desk: OrderDesk;
  readonly portfolioOf: (userId: string) => Portfolio;
  readonly auctions: readonly { readonly key: string; readonly number: string }[];
}

/** Positions, holdings and funds. */
export function portfolioRoutes(parts: PortfolioRouteParts): readonly Route[] {
  const { market, desk, portfolioOf } = parts;
  const day = () => istDayNumber(market.clock.now());
  const funds = (userId: string, segment: 'equity' | 'commodity') =>
    portfolioOf(userId).margins(day(), desk.books.working(userId), segment);
  return [
    read('/user/margins', (userId) => ({
      equity: funds(userId, 'equity'),
      commodity: funds(userId, 'commodity'),
    })),
    read('/user/margins/equity', (userId) => funds(userId, 'equity')),
    read('/user/margins/commodity', (userId) => funds(userId, 'commodity')),
    read('/portfolio/positions', (userId) => positionsOf(portfolioOf(userId))),
    {
      method: 'PUT',
      path: '/portfolio/positions',
      limit: 'other',
      handle({ caller, form }) {
        convert(parts, caller.userId, form);
        return { data: true };
      },
    },
    read('/portfolio/holdings', (userId) => holdingsOf(parts, userId)),
    read('/portfolio/holdings/summary', (userId) => summaryOf(holdingsOf(parts, userId))),
    read('/portfolio/holdings/compact', (userId) =>
      holdingsOf(parts, userId).map(
        ({ exchange, tradingsymbol, instrument_token, isin, quantity, t1_quantity }) => ({
          ...{ exchange, tradingsymbol, instrument_token, isin, quantity, t1_quantity },
        }),
      ),
    ),
    read('/portfolio/holdings/auctions', (userId) => auctionsOf(parts, userId)),
    {
      method: 'POST',
      path: '/portfolio/holdings/authorise',
      limit: 'other',
      handle({ caller, form }) {
        return { data: { request_id: authorise(parts, caller.userId, form) } };
      },
    },
  ];
}

function read(path: string, answer: (userId: string) => unknown): Route {
  return { method: 'GET', path, limit: 'other', handle: ({ caller }) => ({ data: answer(caller.userId) }) };
}

function positionsOf(portfolio: Portfolio) {
  const all = [...portfolio.positions.values()];
  const traded = all.filter(({ dayBuy, daySell }) => dayBuy + daySell > 0);
  return {
    net: all.map((position) => position.row(portfolio.lastPrice(position), 'net')),
    day: traded.map((position) => position.row(portfolio.lastPrice(position), 'day')),
  };
}

/** Moves a quantity to another product at what it cost. @throws KiteRefusal */
function convert(
  { market, desk, portfolioOf }: PortfolioRouteParts,
  userId: string,
  form: URLSearchParams,
): void {
  const products = ['CNC', 'NRML', 'MIS', 'MTF'] as const;
  const listed = market.byKey(`${required(form, 'exchange')}:${required(form, 'tradingsymbol')}`);
  const side = oneOf(form, 'transaction_type', ['BUY', 'SELL'] as const);
  const kind = oneOf(form, 'position_type', ['day', 'overnight'] as const);
  const quantity = whole(form, 'quantity');
  const from = oneOf(form, 'old_product', products);
  const to = oneOf(form, 'new_product', products);
  if (!listed || from === to || quantity <= 0) throw input('Invalid position conversion.');
  const cash = isCash(listed.instrument);
  if (cash ? to === 'NRML' : to === 'CNC' || to === 'MTF') throw input('Invalid `new_product`.');
  if (cash && to !== 'MIS' && side === 'SELL')
    throw input('Short positions cannot be converted to delivery.');
  const portfolio = portfolioOf(userId);
  const old = portfolio.position(listed, from);
  const buys = side === 'BUY';
  const open = buys ? old.quantity : -old.quantity;
  const ofKind = kind === 'overnight' ? Math.abs(old.overnight) : buys ? old.dayBuy : old.daySell;
  if (quantity > Math.min(open, ofKind)) throw input('Quantity to convert is more than the open position.');
  const next = portfolio.position(listed, to);
  const day = istDayNumber(market.clock.now());
  const working = desk.books.working(userId);
  const move = (source: typeof old, target: typeof old) => {
    if (kind === 'overnight') {
      const signed = buys ? quantity : -quantity;
      target.overnightPrice = source.overnightPrice;
      target.closePrice = source.closePrice;
      target.overnight += signed;
      source.overnight -= signed;
      return;
    }
    const value =
      quantity * (buys ? source.dayBuyValue / source.dayBuy : source.daySellValue / source.daySell);
    if (buys) {
      target.dayBuy += quantity;
      target.dayBuyValue += value;
      source.dayBuy -= quantity;
      source.dayBuyValue -= value;
    } else {
      target.daySell += quantity;
      target.daySellValue += value;
      source.daySell -= quantity;
      source.daySellValue -= value;
    }
  };
  const segment = segmentOf(listed);
  const before = portfolio.available(day, working, segment);
  move(old, next);
  const after = portfolio.available(day, working, segment);
  if (after >= 0 || after >= before) return;
  move(next, old);
  throw new KiteRefusal(
    'MarginException',
    `Insufficient funds. Required margin is ${(before - after).toFixed(2)} but available margin is ${before.toFixed(2)}.`,
  );
}

type HoldingRow = ReturnType<typeof holdingRow>;

function holdingsOf({ market, portfolioOf }: PortfolioRouteParts, userId: string): HoldingRow[] {
  const portfolio = portfolioOf(userId);
  return [...portfolio.holdings.values()].map((holding) => {
    const sold = Math.max(0, -portfolio.quantity(holding.listed, 'CNC'));
    return holdingRow(holding, sold, market);
  });
}

function holdingRow(holding: Holding, sold: number, market: SandboxMarket) {
  const { listed, quantity, t1, averagePrice, authorised } = holding;
  const { listing, instrument } = listed;
  const quote = market.quote(instrument.key);
  const last = quote?.lastPrice ?? averagePrice;
  const close = quote?.previousClose ?? last;
  const change = last - close;
  return {
    tradingsymbol: listing.tradingsymbol,
    exchange: listing.exchange,
    instrument_token: listing.token,
    isin: isinOf(listing.token),
    product: 'CNC',
    price: 0,
    quantity: quantity - Math.min(quantity, sold),
    used_quantity: Math.min(quantity, sold),
    t1_quantity: t1,
    realised_quantity: quantity,
    authorised_quantity: authorised,
    authorised_date: kiteTime(startOfDay(istDayNumber(market.clock.now()))),
    authorisation: {},
    opening_quantity: quantity + t1,
    short_quantity: 0,
    collateral_quantity: 0,
    collateral_type: '',
    discrepancy: false,
    average_price: averagePrice,
    last_price: last,
    close_price: close,
    pnl: tidy((last - averagePrice) * (quantity + t1 - Math.min(quantity, sold))),
    day_change: tidy(change),
    day_change_percentage: close > 0 ? (change / close) * 100 : 0,
    mtf: { quantity: 0, used_quantity: 0, average_price: 0, value: 0, initial_margin: 0 },
  };
}

function summaryOf(rows: readonly HoldingRow[]) {
  const sum = (value: (row: HoldingRow) => number) =>
    tidy(rows.reduce((total, row) => total + value(row), 0));
  const count = (row: HoldingRow) => row.quantity + row.t1_quantity;
  const invested = sum((row) => count(row) * row.average_price);
  const current = sum((row) => count(row) * row.last_price);
  const today = sum((row) => count(row) * row.day_change);
  return {
    total_pnl: tidy(current - invested),
    total_pnl_percent: invested > 0 ? ((current - invested) / invested) * 100 : 0,
    today_pnl: today,
    today_pnl_percent: current - today > 0 ? (today / (current - today)) * 100 : 0,
    invested_amount: invested,
    current_value: current,
  };
}

function auctionsOf(parts: PortfolioRouteParts, userId: string) {
  return holdingsOf(parts, userId).flatMap((row) => {
    const auction = parts.auctions.find(({ key }) => key === `${row.exchange}:${row.tradingsymbol}`);
    if (!auction) return [];
    const { used_quantity, authorisation, short_quantity, mtf, ...shown } = row;
    return [{ ...shown, auction_number: auction.number }];
  });
}

/** Marks holdings as released for sale at the depository; all of them when the form names none. */
function authorise(
  { portfolioOf, market }: PortfolioRouteParts,
  userId: string,
  form: URLSearchParams,
): string {
  const isins = form.getAll('isin');
  const quantities = form.getAll('quantity').map(Number);
  const { holdings } = portfolioOf(userId);
  for (const holding of holdings.values()) {
    const place = isins.indexOf(isinOf(holding.listed.listing.token));
    if (isins.length > 0 && place < 0) continue;
    const asked = quantities[place] ?? holding.quantity;
    if (!(asked > 0) || asked > holding.quantity) throw input('Invalid `quantity`.');
    holding.authorised = asked;
  }
  return `SB${market.clock.now().toString(36)}`;
}

/** The sandbox knows no ISINs, so it makes one of the right length out of the token; no company has it. */
function isinOf(token: number): string {
  return `INX${String(token).padStart(9, '0').slice(-9)}`;
}
