import type { BarSeries } from '../../domain/bar-series.ts';
import { UsageError } from '../../domain/errors.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { ContractRules, TradingCalendar, TradingSession } from '../../domain/rulebook.ts';
import { dayNumberOf, type IsoDate } from '../../domain/time.ts';
import { indexShape, stockShape } from './day-shape.ts';
import { type Listing, largestListing, listings } from './listings.ts';
import { type Market, type PricePath, walk } from './price-path.ts';
import { hashOf, Random } from './random.ts';

export interface MarketPlan {
  /** Whole number from 0 to 4294967295. */
  readonly seed: number;
  /** The first session is on or after this day. */
  readonly from: IsoDate;
  /** Trading days, from 1. */
  readonly days: number;
  /** Stocks beside the index, 0 to 20. */
  readonly symbols: number;
  readonly calendar: TradingCalendar;
  readonly contracts: Pick<ContractRules, 'tickSize'>;
}

export const defaultSeed = 2020;
/** Crosses the charges of 2026-04-01 and the session hours of 2026-08-03. */
export const defaultMarket = { seed: defaultSeed, from: '2025-10-01', days: 250, symbols: 5 } as const;

// Calibrated to NSE minute data 2021–2024: the overnight move's share of a day's variance, and how far it is shared.
const overnightVariance = { index: 0.34, stock: 0.18 };
const overnightCorrelation = 0.62;
const tradingDaysPerYear = 250;
/** Of the index, a year; about what prices alone need to keep their median level. Strategies should not live on it. */
const driftPerYear = 0.05;
/** Dynamic band of stocks with derivatives, widest band of the others (NSE, 2026). */
const band = { derivatives: 0.1, others: 0.2 };

/**
 * An invented market as one-minute bars: the index first, then the stocks. The same seed and first day give the same
 * prices on every machine; a symbol's prices depend neither on how many others are asked for nor on how long the market runs.
 *
 * @throws UsageError USAGE_SYNTHETIC for a figure outside its range
 * @throws DataError RULE_CALENDAR when the calendar does not cover the days
 */
export function* generateMarket(plan: MarketPlan): Iterable<{ instrument: Instrument; series: BarSeries }> {
  checkPlan(plan);
  const [index, ...stocks] = listings(plan.symbols);
  const days = tradingDays(plan, index.instrument);
  const indexPath = walkIndex(plan, index, days);
  yield { instrument: index.instrument, series: indexPath.series };
  for (const stock of stocks) {
    yield {
      instrument: stock.instrument,
      series: walkStock(plan, stock, days, { index, path: indexPath }).series,
    };
  }
}

function walkIndex(plan: MarketPlan, index: Listing, days: readonly number[]): PricePath {
  return walk({
    ...common(plan, index, days),
    ...moves(index, overnightVariance.index),
    shape: indexShape,
    drift: driftPerYear / tradingDaysPerYear,
    band: band.derivatives,
    market: undefined,
  });
}

function walkStock(
  plan: MarketPlan,
  stock: Listing,
  days: readonly number[],
  lead: { index: Listing; path: PricePath },
): PricePath {
  const ofStock = moves(stock, overnightVariance.stock);
  const ofIndex = moves(lead.index, overnightVariance.index);
  const market: Market = {
    path: lead.path,
    minuteShare: (stock.correlation * ofStock.dayMove) / ofIndex.dayMove,
    overnightShare: (overnightCorrelation * ofStock.overnightMove) / ofIndex.overnightMove,
    overnightOwn: Math.sqrt(1 - overnightCorrelation * overnightCorrelation),
  };
  return walk({
    ...common(plan, stock, days),
    ...ofStock,
    shape: stockShape,
    drift: 0,
    band: stock.instrument.hasDerivatives ? band.derivatives : band.others,
    market,
  });
}

function common({ seed, calendar, contracts }: MarketPlan, listing: Listing, days: readonly number[]) {
  const { instrument } = listing;
  const sessions: TradingSession[] = [];
  for (const day of days) {
    const session = calendar.session(instrument, day);
    if (session) sessions.push(session);
  }
  // The day's highest possible price has its coarsest tick, and a multiple of that lies on every finer grid below it.
  const tickPaise = (dayNumber: number, price: number) =>
    Math.max(1, Math.round((contracts.tickSize(instrument, dayNumber, price) || instrument.tickSize) * 100));
  const random = new Random((seed ^ hashOf(instrument.tradingsymbol)) >>> 0, instrument.tradingsymbol);
  return { listing, sessions, tickPaise, random };
}

/** Splits a year's volatility into the moves of one day. */
function moves({ annualVolatility }: Listing, overnight: number): { dayMove: number; overnightMove: number } {
  const dailyVariance = (annualVolatility * annualVolatility) / tradingDaysPerYear;
  return {
    dayMove: Math.sqrt(dailyVariance * (1 - overnight)),
    overnightMove: Math.sqrt(dailyVariance * overnight),
  };
}

function tradingDays({ from, days, calendar }: MarketPlan, index: Instrument): number[] {
  const found: number[] = [];
  let day = dayNumberOf(from);
  while (found.length < days) {
    const { dayNumber } = calendar.sessionFrom(index, day);
    found.push(dayNumber);
    day = dayNumber + 1;
  }
  return found;
}

function checkPlan({ seed, days, symbols }: MarketPlan): void {
  wholeNumber('Seed', seed, 0, 4_294_967_295);
  wholeNumber('Number of trading days', days, 1, 10_000);
  wholeNumber('Number of stocks', symbols, 0, largestListing);
}

function wholeNumber(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(
    'USAGE_SYNTHETIC',
    `${what} of the synthetic market was ${value}.`,
    `Use a whole number from ${least} to ${most}.`,
  );
}
