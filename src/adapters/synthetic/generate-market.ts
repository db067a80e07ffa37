import type { BarSeries } from '../../domain/bar-series.ts';
import { UsageError } from '../../domain/errors.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { ContractRules, TradingCalendar, TradingSession } from '../../domain/rulebook.ts';
import { dayNumberOf, type IsoDate } from '../../domain/time.ts';
import { indexShape, stockShape } from './day-shape.ts';
import { type Listing, largestListing, listings } from './listings.ts';
import { applyEvents, type MarketEvents, type PlannedEvents, planEvents } from './market-events.ts';
import { type Market, type PricePath, walk } from './price-path.ts';
import { hashOf, Random } from './random.ts';
import { type Forecast, forecastOf, type Scenario } from './scenario.ts';

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
  /** Undefined is the calm market. */
  readonly scenario?: Scenario | undefined;
  /** Days on which stocks without derivatives are locked at their band. */
  readonly circuits?: boolean | undefined;
  /** Splits and bonus issues of stocks without derivatives, in raw prices. */
  readonly actions?: boolean | undefined;
}

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
  const market = opened(plan);
  const { index, stocks } = market;
  const path = walkIndex(market);
  yield { instrument: index.instrument, series: path.series };
  for (const stock of stocks) {
    const walked = common(market, stock);
    const { series } = walkStock(market, walked, path);
    applyEvents(series, { ...walked, events: eventsFor(plan, walked), band: bandOf(stock) });
    yield { instrument: stock.instrument, series };
  }
}

/** The index alone, with the exact levels and the nerves behind its bars. */
export function indexPath(plan: MarketPlan): PricePath {
  return walkIndex(opened(plan));
}

/** What happens to single stocks besides their prices; empty unless the plan asks for it. */
export function marketEvents(plan: MarketPlan): MarketEvents {
  const market = opened(plan);
  const planned = market.stocks.map((stock) => eventsFor(plan, common(market, stock)));
  return {
    actions: planned.flatMap(({ action }) => (action ? [action] : [])),
    circuits: planned.flatMap(({ circuits }) => circuits),
  };
}

/** A plan with its calendar looked up. */
interface OpenMarket {
  readonly plan: MarketPlan;
  readonly index: Listing;
  readonly stocks: readonly Listing[];
  readonly days: readonly number[];
  readonly forecast: Forecast;
}

function opened(plan: MarketPlan): OpenMarket {
  checkPlan(plan);
  const [index, ...stocks] = listings(plan.symbols);
  const days = tradingDays(plan, index.instrument);
  const forecast = forecastOf(plan.scenario, sessionsOn(plan, index, days));
  return { plan, index, stocks, days, forecast };
}

function eventsFor(plan: MarketPlan, { listing, sessions }: ReturnType<typeof common>): PlannedEvents {
  const { seed, circuits = false, actions = false } = plan;
  return planEvents({ seed, listing, sessions, circuits, actions });
}

function walkIndex(market: OpenMarket): PricePath {
  const { index } = market;
  return walk({
    ...common(market, index),
    ...moves(index, overnightVariance.index),
    shape: indexShape,
    drift: driftPerYear / tradingDaysPerYear,
    band: band.derivatives,
    market: undefined,
  });
}

function walkStock(
  { index }: OpenMarket,
  walked: ReturnType<typeof common>,
  indexWalked: PricePath,
): PricePath {
  const { listing } = walked;
  const ofStock = moves(listing, overnightVariance.stock);
  const ofIndex = moves(index, overnightVariance.index);
  const market: Market = {
    path: indexWalked,
    minuteShare: (listing.correlation * ofStock.dayMove) / ofIndex.dayMove,
    overnightShare: (overnightCorrelation * ofStock.overnightMove) / ofIndex.overnightMove,
    overnightOwn: Math.sqrt(1 - overnightCorrelation * overnightCorrelation),
  };
  return walk({ ...walked, ...ofStock, shape: stockShape, drift: 0, band: bandOf(listing), market });
}

function bandOf({ instrument }: Listing): number {
  return instrument.hasDerivatives ? band.derivatives : band.others;
}

function common({ plan, days, forecast }: OpenMarket, listing: Listing) {
  const { seed, contracts } = plan;
  const { instrument } = listing;
  const sessions = sessionsOn(plan, listing, days).map(forecast.hours);
  // The day's highest possible price has its coarsest tick, and a multiple of that lies on every finer grid below it.
  const tickPaise = (dayNumber: number, price: number) =>
    Math.max(1, Math.round((contracts.tickSize(instrument, dayNumber, price) || instrument.tickSize) * 100));
  const random = new Random((seed ^ hashOf(instrument.tradingsymbol)) >>> 0, instrument.tradingsymbol);
  return { listing, sessions, tickPaise, random, weather: forecast.weather };
}

function sessionsOn(
  { calendar }: MarketPlan,
  { instrument }: Listing,
  days: readonly number[],
): TradingSession[] {
  const sessions: TradingSession[] = [];
  for (const day of days) {
    const session = calendar.session(instrument, day);
    if (session) sessions.push(session);
  }
  return sessions;
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
