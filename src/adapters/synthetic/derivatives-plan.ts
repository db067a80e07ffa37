import type { BarSeries } from '../../domain/bar-series.ts';
import { codeOf } from '../../domain/errors.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { ContractRules, TradingSession } from '../../domain/rulebook.ts';
import {
  dayMs,
  dayNumberOf,
  type EpochMs,
  type IsoDate,
  isoDateOfDay,
  istDayNumber,
  weekdayOf,
} from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import { indexPath, type MarketPlan } from './generate-market.ts';
import { syntheticExchange } from './listings.ts';
import type { PricePath } from './price-path.ts';
import { forecastOf } from './scenario.ts';

/** Bars of a contract, or of a few that are made in one go. Nothing is made until it is asked for. */
export interface ContractLot {
  readonly instruments: readonly Instrument[];
  readonly timeframe: Timeframe;
  /** Opening instants of the first and the last bar. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** One series per instrument, in their order. */
  make(): readonly BarSeries[];
}

export interface DerivativesPlan extends MarketPlan {
  readonly contracts: Pick<ContractRules, 'tickSize' | 'lotSize' | 'expiries'>;
}

/** An invented market and what its derivatives need to know of it. */
export interface DerivativesMarket {
  readonly plan: DerivativesPlan;
  readonly index: PricePath;
  /** Days on which the index trades; contracts that expire later end with the market. */
  readonly days: readonly number[];
  /** Hours of futures and options on each of them, in step with `days`. */
  readonly sessions: readonly TradingSession[];
  /** Whether derivatives trade on a day, also after the market's last. Beyond the calendar every weekday counts. */
  readonly trades: (dayNumber: number) => boolean;
}

/** Whose expiry days and lots the invented index has. */
const mappedUnderlying = 'NIFTY';
export const indexUnderlying = 'INDEX';

/** @throws UsageError USAGE_SYNTHETIC, DataError RULE_CALENDAR as for the market itself */
export function derivativesMarket(plan: DerivativesPlan): DerivativesMarket {
  const index = indexPath(plan);
  const indexDays = daysOf(index.series);
  const probe = derivative({
    symbol: '',
    underlying: indexUnderlying,
    expiry: isoDateOfDay(indexDays[0]),
    kind: 'FUT',
  });
  const sessionsOf = (instrument: Instrument) =>
    indexDays.flatMap((day) => plan.calendar.session(instrument, day) ?? []);
  // What stops the index stops its derivatives, whose day is longer.
  const { hours } = forecastOf(plan.scenario, sessionsOf({ ...probe, rules: 'NSE', kind: 'INDEX' }));
  const sessions = sessionsOf(probe).map(hours);
  const days = sessions.map(({ dayNumber }) => dayNumber);
  return { plan, index, sessions, days, trades: tradingDays(plan, probe) };
}

function tradingDays({ calendar }: DerivativesPlan, probe: Instrument): (dayNumber: number) => boolean {
  const known = new Map<number, boolean>();
  const find = (day: number) => {
    try {
      return calendar.session(probe, day) !== undefined;
    } catch (cause) {
      if (codeOf(cause) !== 'RULE_CALENDAR') throw cause;
      return weekdayOf(day) > 0 && weekdayOf(day) < 6;
    }
  };
  return (day) => {
    const trades = known.get(day) ?? find(day);
    known.set(day, trades);
    return trades;
  };
}

/** A contract of the invented exchange under the rules of NFO. */
export function derivative({
  symbol,
  underlying,
  expiry,
  kind,
  strike,
  lot = 1,
}: {
  readonly symbol: string;
  readonly underlying: string;
  readonly expiry: IsoDate;
  readonly kind: 'FUT' | 'CE' | 'PE';
  readonly strike?: number;
  readonly lot?: number;
}): Instrument {
  return {
    key: `${syntheticExchange}:${symbol}`,
    exchange: syntheticExchange,
    tradingsymbol: symbol,
    rules: 'NFO',
    kind,
    tickSize: 0.05,
    lotSize: lot,
    underlying,
    expiry,
    ...(strike === undefined ? {} : { strike }),
    synthetic: true,
  };
}

/** Units in a lot of the index: the lot that NSE gave the contract of its own index with that expiry. */
export function indexLot({ plan }: DerivativesMarket, expiry: IsoDate): number {
  const contract = derivative({
    symbol: mappedUnderlying,
    underlying: mappedUnderlying,
    expiry,
    kind: 'FUT',
    lot: 75,
  });
  return plan.contracts.lotSize(contract);
}

export interface ContractExpiry {
  readonly date: IsoDate;
  readonly day: number;
  readonly monthly: boolean;
}

/**
 * Expiries of the index from one day to another, oldest first; stocks share the monthly ones. Beyond the end of the calendar the
 * weekday rule counts without holidays: the last Tuesday of each month.
 */
export function expiriesBetween({ contracts }: DerivativesPlan, from: number, to: number): ContractExpiry[] {
  const found: ContractExpiry[] = [];
  for (let month = monthOf(from); month.first <= to; month = monthOf(month.last + 1)) {
    for (const expiry of inMonth(contracts, month)) {
      if (expiry.day >= from && expiry.day <= to) found.push(expiry);
    }
  }
  return found;
}

function inMonth(contracts: DerivativesPlan['contracts'], { first, last }: Month): ContractExpiry[] {
  try {
    return contracts
      .expiries(mappedUnderlying, isoDateOfDay(first), isoDateOfDay(last))
      .map(({ date, kind }) => ({ date, day: dayNumberOf(date), monthly: kind === 'monthly' }));
  } catch (cause) {
    if (codeOf(cause) !== 'RULE_CALENDAR') throw cause;
    const day = last - ((weekdayOf(last) - 2 + 7) % 7);
    return [{ date: isoDateOfDay(day), day, monthly: true }];
  }
}

/** Trading days after `day` until `expiry`, that day included: the same however long the market is. */
export function sessionsUntil({ trades }: DerivativesMarket, day: number, expiry: number): number {
  let count = 0;
  for (let at = day + 1; at <= expiry; at++) if (trades(at)) count++;
  return count;
}

/** Position of the first of the ascending days after `day`. */
export function firstAfter(days: readonly number[], day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle] <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Month {
  readonly first: number;
  readonly last: number;
}

function monthOf(dayNumber: number): Month {
  const date = new Date(dayNumber * dayMs);
  const first = dayNumber - (date.getUTCDate() - 1);
  return { first, last: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / dayMs };
}

function daysOf({ time, length }: BarSeries): number[] {
  const days: number[] = [];
  for (let row = 0; row < length; row++) {
    const day = istDayNumber(time[row]);
    if (day !== days[days.length - 1]) days.push(day);
  }
  return days;
}
