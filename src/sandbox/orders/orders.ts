import type { FillRules } from '../../adapters/simulated/fill-rules.ts';
import { chargeLines, type ExecutedOrder } from '../../domain/charges.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import { isDerivative, isOption } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import { toPaise } from '../../domain/money.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import { dayNumberOf, instantOf, istDayNumber } from '../../domain/time.ts';
import type { ZerodhaCharges } from '../../domain/zerodha-charges.ts';
import type { Cancel } from '../../engine/ports.ts';
import type { Route } from '../http/route.ts';
import type { Listed, SandboxMarket } from '../market/market.ts';
import { priceListOf } from './contract-note.ts';
import { GttDesk } from './gtt-desk.ts';
import { gttRoutes } from './gtt-routes.ts';
import type { HeldOrder } from './held-order.ts';
import { marginRoutes } from './margin-routes.ts';
import { sandboxFills } from './matching.ts';
import { OrderDesk, type Verdict } from './order-desk.ts';
import { orderRoutes } from './order-routes.ts';
import type { KiteOrderRow } from './order-row.ts';
import { type FundSegment, Portfolio, segmentOf } from './portfolio.ts';
import { portfolioRoutes } from './portfolio-routes.ts';
import { type Restrictions, usualRestrictions } from './restrictions.ts';

/** Shares that an account owns when the sandbox starts. Rupees a share. */
export interface OpeningHolding {
  readonly key: InstrumentKey;
  readonly quantity: number;
  readonly averagePrice: number;
}

/** A share offered at the exchange's auction, which its holders may sell into. */
export interface Auction {
  readonly key: InstrumentKey;
  readonly number: string;
}

export interface OrdersOptions {
  readonly market: SandboxMarket;
  readonly rulebook: Rulebook;
  /** Rupees of every account; ten lakh in each segment when left out. */
  readonly openingCash?: Readonly<Record<FundSegment, number>> | undefined;
  readonly holdings?: ((userId: string) => readonly OpeningHolding[]) | undefined;
  readonly auctions?: readonly Auction[] | undefined;
  /** Which of Kite's two answers an autosliced order gets. */
  readonly autosliceReply?: 'flat' | 'children' | undefined;
  readonly fills?: FillRules | undefined;
  /** What the broker refuses besides the exchange's rules. */
  readonly restrictions?: Restrictions | undefined;
  /** Rejections and partial fills that a fault plan wants; asked once an order, when it reaches the exchange. */
  readonly verdictOf?: ((userId: string) => Verdict) | undefined;
}

/** The broker's back office: orders, accounts and triggers of everyone, and the routes to them. */
export interface Orders {
  readonly routes: readonly Route[];
  /** Told of every change that Kite would send as a frame; partial fills and modifications come as UPDATE. */
  onOrder(listen: (userId: string, row: KiteOrderRow) => void): Cancel;
  close(): void;
}

const usualCash = { equity: 1_000_000, commodity: 1_000_000 };
const usualVerdict: Verdict = { rejection: undefined, parts: 1 };

/** Deterministic: the same requests at the same sandbox times give the same day. Accounts see nothing of each other. */
export function createOrders(options: OrdersOptions): Orders {
  const { market, rulebook } = options;
  const { clock } = market;
  const portfolios = new Map<string, Portfolio>();
  const prices = new Map<InstrumentKey, number>();
  const timers: Cancel[] = [];
  const charges = priceListOf(rulebook);
  let dayNumber = istDayNumber(clock.now());

  const portfolioOf = (userId: string): Portfolio => {
    const known = portfolios.get(userId);
    if (known) return known;
    const opened = new Portfolio(
      options.openingCash ?? usualCash,
      rulebook.contracts,
      (key) => prices.get(key) ?? market.quote(key)?.lastPrice ?? 0,
    );
    for (const { key, quantity, averagePrice } of options.holdings?.(userId) ?? []) {
      const listed = market.byKey(key);
      if (listed) opened.holdings.set(key, { listed, quantity, t1: 0, averagePrice, authorised: 0 });
    }
    portfolios.set(userId, opened);
    return opened;
  };

  const offPrice = market.onPrint((quote) => prices.set(quote.listed.instrument.key, quote.lastPrice));
  const desk = new OrderDesk({
    market,
    rulebook,
    rules: options.fills ?? sandboxFills,
    portfolioOf,
    verdictOf: options.verdictOf ?? (() => usualVerdict),
    restrictions: options.restrictions ?? usualRestrictions,
  });
  const triggers = new GttDesk({ market, desk });

  const offDay = market.onDay((next) => {
    for (const cancel of timers.splice(0)) cancel();
    desk.withdrawAll(({ atExchange }) => atExchange, 'The session ended.');
    for (const [userId, portfolio] of portfolios) {
      bill(userId, portfolio);
      portfolio.endDay((listed) => settlementOf(listed));
    }
    desk.newDay();
    dayNumber = next;
    planDay();
  });
  planDay();

  /** Timers of the day: the broker's square-off and the end of each segment's session. */
  function planDay(): void {
    const groups = new Map<number, Set<Listed>>();
    const ends = new Map<number, Set<Listed>>();
    for (const listed of market.listed) {
      const session = rulebook.calendar.session(listed.instrument, dayNumber);
      if (!session || listed.instrument.kind === 'INDEX') continue;
      const cutOff = instantOf(dayNumber, rulebook.calendar.squareOffMinute(listed.instrument, dayNumber));
      groups.set(cutOff, (groups.get(cutOff) ?? new Set()).add(listed));
      ends.set(session.close, (ends.get(session.close) ?? new Set()).add(listed));
    }
    for (const [time, listed] of groups)
      if (time >= clock.now()) timers.push(clock.at(time, () => squareOff(listed)));
    for (const [time, listed] of ends)
      if (time >= clock.now())
        timers.push(
          clock.at(time, () =>
            desk.withdrawAll(
              ({ atExchange, wanted }) => atExchange && listed.has(wanted.listed),
              'The session ended.',
            ),
          ),
        );
  }

  function squareOff(listed: ReadonlySet<Listed>): void {
    const intraday = (product: string) => product === 'MIS' || product === 'CO';
    // A cover order's second leg ends with the position, by the order below.
    desk.withdrawAll(
      ({ wanted, atExchange }) => atExchange && intraday(wanted.product) && listed.has(wanted.listed),
      'Squared off by the broker.',
    );
    for (const [userId, { positions }] of portfolios)
      for (const { listed: held, product, quantity } of [...positions.values()])
        if (quantity !== 0 && intraday(product) && listed.has(held))
          desk.place(userId, closingOrder(held, product, quantity), { closing: true, tags: ['squareoff'] });
  }

  /** Settlement of a contract on its last day: the underlying's last price, in cash. Undefined while it lives. */
  function settlementOf({ instrument }: Listed): number | undefined {
    if (!isDerivative(instrument) || instrument.expiry === undefined) return undefined;
    if (dayNumberOf(instrument.expiry) > dayNumber) return undefined;
    const spot = spotOf(instrument.underlying);
    const own = prices.get(instrument.key) ?? 0;
    if (spot === undefined) return own;
    if (!isOption(instrument)) return spot;
    const strike = instrument.strike ?? 0;
    return Math.max(0, instrument.kind === 'CE' ? spot - strike : strike - spot);
  }

  function spotOf(underlying: string | undefined): number | undefined {
    const spot = market.listed.find(
      ({ instrument }) => !isDerivative(instrument) && namesOf(underlying).includes(instrument.tradingsymbol),
    );
    return spot && prices.get(spot.instrument.key);
  }

  /** The day's contract notes leave the account's cash. */
  function bill(userId: string, portfolio: Portfolio): void {
    const byListed = new Map<Listed, HeldOrder[]>();
    for (const order of desk.books.of(userId)) {
      if (order.filled === 0) continue;
      const { listed } = order.wanted;
      byListed.set(listed, [...(byListed.get(listed) ?? []), order]);
    }
    for (const [listed, orders] of byListed)
      portfolio.cash[segmentOf(listed)] -= noteTotal(charges, listed, dayNumber, orders) / 100;
  }

  const common = { market, rulebook, desk, portfolioOf, charges };
  return {
    routes: [
      ...orderRoutes({
        ...common,
        autosliceReply: options.autosliceReply ?? 'flat',
        auctions: options.auctions ?? [],
      }),
      ...portfolioRoutes({ ...common, auctions: options.auctions ?? [] }),
      ...marginRoutes(common),
      ...gttRoutes(triggers),
    ],
    onOrder: (listen) => desk.onOrder(listen),
    close() {
      for (const cancel of [offPrice, offDay, ...timers.splice(0)]) cancel();
    },
  };
}

/** Names under which the index or share behind a contract may be listed. */
function namesOf(underlying: string | undefined): readonly string[] {
  if (underlying === undefined) return [];
  const long: Readonly<Record<string, string>> = {
    NIFTY: 'NIFTY 50',
    BANKNIFTY: 'NIFTY BANK',
    FINNIFTY: 'NIFTY FIN SERVICE',
    MIDCPNIFTY: 'NIFTY MID SELECT',
    NIFTYNXT50: 'NIFTY NEXT 50',
  };
  return [underlying, long[underlying] ?? underlying];
}

function closingOrder(listed: Listed, product: HeldOrder['wanted']['product'], quantity: number) {
  return {
    variety: 'regular',
    listed,
    side: quantity > 0 ? 'SELL' : 'BUY',
    type: 'MARKET',
    product,
    validity: 'DAY',
    validityTtl: 0,
    quantity: Math.abs(quantity),
    disclosed: 0,
    price: 0,
    trigger: 0,
    tag: undefined,
    marketProtection: -1,
    icebergLegs: 0,
    icebergQuantity: 0,
    auctionNumber: undefined,
    autoslice: false,
  } as const;
}

function noteTotal(
  charges: ZerodhaCharges,
  { instrument }: Listed,
  day: number,
  orders: readonly HeldOrder[],
): number {
  const executed = orders.map((order): ExecutedOrder => executedOf(order));
  const out = new Float64Array(executed.length * chargeLines.length);
  charges.settle(instrument, day, executed, out);
  return out.reduce((sum, line) => sum + line, 0);
}

function executedOf({ wanted, filled, filledValue }: HeldOrder): ExecutedOrder {
  const { product, side, listed } = wanted;
  const multiplier = kiteMultiplier(listed.instrument);
  return {
    side,
    product: product === 'CO' ? 'MIS' : product === 'MTF' ? 'CNC' : product,
    quantity: filled * multiplier,
    valuePaise: toPaise(filledValue * multiplier),
  };
}
