import { BarSeries } from '../../domain/bar-series.ts';
import { callOnForward } from '../../domain/black-scholes.ts';
import { contractTradingsymbol } from '../../domain/contract-symbol.ts';
import { exactExp, exactLog } from '../../domain/exact-math.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { TradingSession } from '../../domain/rulebook.ts';
import { dayMs, minuteMs } from '../../domain/time.ts';
import { indexShape, minuteOnOrdinaryDay } from './day-shape.ts';
import {
  type ContractExpiry,
  type ContractLot,
  type DerivativesMarket,
  derivative,
  expiriesBetween,
  firstAfter,
  indexLot,
  indexUnderlying,
  sessionsUntil,
} from './derivatives-plan.ts';
import { carryOfIndex, expiryInstant } from './futures.ts';
import { layOptionInterest } from './open-interest.ts';
import { Random } from './random.ts';
import { atTheMoney, smileAt, spreadOf } from './smile.ts';
import { averagingMinutes, type SpotDay, SpotDays } from './spot-days.ts';
import type { ExpectedVolatility } from './volatility-index.ts';

/** Points between strikes. */
const strikeStep = 50;
/** Sessions that an expiry is traded before it expires, that day included. */
const listedSessions = { weekly: 10, monthly: 25 } as const;
/** A strike is listed on the first session after whose eve's close it lies this near, as a share. */
const listedBand = 0.025;

/** At which the strike's payment is discounted. */
const discountRate = 0.065;
const yearMs = 365 * dayMs;
const sessionsPerYear = 250;
/** Share of a session's variance that passes between open and close. */
const intradayVariance = 0.66;

const tick = 0.05;
/** Units of one expiry on its last day; by sessions left before it. */
const volumeOnExpiry = 450_000_000;
const volumeKept = 0.62;

/**
 * Weekly and monthly options on the index: calls and puts of every strike that was within 2.5 % of the money on some eve since the
 * expiry was listed. Prices are Black's on the index plus carry, with volatilities of a smile that hangs on the volatility index;
 * time is trading time. A bar opens and closes at the bid or the ask, so put-call parity holds within the spread. On their last
 * day they follow the mean that they will settle at.
 */
export function optionsOf(
  market: DerivativesMarket,
  volatility: ExpectedVolatility,
  timeframe: '1m' | '5m',
): Iterable<ContractLot> {
  const spot = new SpotDays(market.index.series, timeframe === '1m' ? 1 : 5);
  const { days, plan } = market;
  const expiries = expiriesBetween(plan, days[0], days[days.length - 1] + 45);
  return expiries.flatMap((expiry) => chain(market, { expiry, spot, volatility, timeframe }));
}

interface Chain {
  readonly expiry: ContractExpiry;
  readonly spot: SpotDays;
  readonly volatility: ExpectedVolatility;
  readonly timeframe: '1m' | '5m';
}

function chain(market: DerivativesMarket, which: Chain): ContractLot[] {
  const { days, sessions, index } = market;
  const { expiry, spot, timeframe } = which;
  const endDay = firstAfter(days, expiry.day);
  const lifetime = expiry.monthly ? listedSessions.monthly : listedSessions.weekly;
  const firstDay = Math.max(0, firstListed(market, expiry, lifetime));
  if (firstDay >= endDay) return [];

  const listedFrom = new Map<number, number>();
  for (let at = firstDay; at < endDay; at++) {
    const eve = spot.closeBefore(days[at]);
    const money = Number.isNaN(eve) ? index.opening[0] : eve;
    const lowest = Math.ceil((money * (1 - listedBand)) / strikeStep) * strikeStep;
    for (let strike = lowest; strike <= money * (1 + listedBand); strike += strikeStep) {
      if (!listedFrom.has(strike)) listedFrom.set(strike, at);
    }
  }
  // The market's side of the prices is the same for all strikes, so it is worked out once and only when somebody asks.
  let quoted: readonly QuoteDay[] | undefined;
  const quotes = () => {
    quoted ??= sessions.slice(firstDay, endDay).map((session) => quoteDay(market, which, session));
    return quoted;
  };
  const lastSession = sessions[endDay - 1];
  const lot = indexLot(market, expiry.date);
  return [...listedFrom]
    .sort(([a], [b]) => a - b)
    .map(([strike, from]) => {
      const instruments = (['CE', 'PE'] as const).map((kind) => option({ kind, strike, expiry, lot }));
      return {
        instruments,
        timeframe,
        first: sessions[from].open,
        last: lastBar(lastSession, timeframe === '1m' ? 1 : 5),
        make: () =>
          walkPair(market, instruments, {
            ...{ strike, timeframe },
            days: quotes().slice(from - firstDay),
            fresh: from > 0,
          }),
      };
    });
}

/** Position of the session on which an expiry is listed; the market may end before it expires. */
function firstListed(market: DerivativesMarket, { day }: ContractExpiry, lifetime: number): number {
  const { days } = market;
  return firstAfter(days, day) - lifetime + sessionsUntil(market, days[days.length - 1], day);
}

function option({
  kind,
  strike,
  expiry,
  lot,
}: {
  readonly kind: 'CE' | 'PE';
  readonly strike: number;
  readonly expiry: ContractExpiry;
  readonly lot: number;
}): Instrument {
  const terms = { kind, strike, underlying: indexUnderlying, expiry: expiry.date };
  const symbol = contractTradingsymbol({ ...terms, monthly: expiry.monthly });
  return derivative({ ...terms, symbol, lot });
}

function lastBar({ windows }: TradingSession, step: number): number {
  const { from, to } = windows[windows.length - 1];
  const stepMs = step * minuteMs;
  return from + (Math.ceil((to - from) / stepMs) - 1) * stepMs;
}

/** What all strikes of an expiry share on one day, bar by bar. */
interface QuoteDay {
  readonly seen: SpotDay;
  /** Sessions until the expiry. */
  readonly left: number;
  /** Forward over spot, discount of the strike, and volatility at the money times root of the time, when the bar opens and closes. */
  readonly carryAtOpen: Float64Array;
  readonly carryAtClose: Float64Array;
  readonly discount: Float64Array;
  readonly deviationAtOpen: Float64Array;
  readonly deviationAtClose: Float64Array;
  /** Units of the whole expiry in the bar. */
  readonly volume: Float64Array;
}

function quoteDay(
  market: DerivativesMarket,
  { expiry, spot, volatility }: Chain,
  session: TradingSession,
): QuoteDay {
  const seen = spot.day(session, session.dayNumber === expiry.day) ?? noDay;
  const left = sessionsUntil(market, session.dayNumber, expiry.day);
  const settles = expiryInstant(expiry.day);
  const sessionMinutes = Math.round((session.close - session.open) / minuteMs);
  const column = () => new Float64Array(seen.length);
  const day: QuoteDay = {
    seen,
    left,
    carryAtOpen: column(),
    carryAtClose: column(),
    discount: column(),
    deviationAtOpen: column(),
    deviationAtClose: column(),
    volume: column(),
  };
  const deviation = (minutesLeft: number, vix: number) => {
    const ahead =
      left + intradayVariance * (left === 0 ? expiringVariance(minutesLeft) : varianceOf(minutesLeft));
    const averaged = left === 0 ? 0 : intradayVariance * averagingRebate;
    const variance = Math.max(0, ahead - averaged);
    return atTheMoney(vix, Math.max(variance, 0.05)) * Math.sqrt(variance / sessionsPerYear);
  };
  const lively = volumeOnExpiry * exactExp(exactLog(volumeKept) * left);
  for (let bar = 0; bar < seen.length; bar++) {
    const vix = volatility.closing[seen.row[bar]];
    const vixBefore = bar === 0 ? vix : volatility.closing[seen.row[bar - 1]];
    const toOpen = Math.max(0, settles - seen.time[bar]) / yearMs;
    const toClose = Math.max(0, settles - seen.end[bar]) / yearMs;
    day.carryAtOpen[bar] = exactExp(carryOfIndex * toOpen);
    day.carryAtClose[bar] = exactExp(carryOfIndex * toClose);
    day.discount[bar] = exactExp(-discountRate * toClose);
    day.deviationAtOpen[bar] = deviation(seen.leftAtOpen[bar], vixBefore);
    day.deviationAtClose[bar] = deviation(seen.leftAtClose[bar], vix);
    const place = minuteOnOrdinaryDay(Math.round((seen.time[bar] - session.open) / minuteMs), sessionMinutes);
    day.volume[bar] = (lively * indexShape.volumes[place]) / seen.length;
  }
  return day;
}

/** Share of a day's open-to-close variance in its last minutes, 0 to 1. */
const tailVariance = tails();
/** The mean of the last thirty closes varies a third as much as the last of them. */
const averagingRebate = (tailVariance[averagingMinutes] * 2) / 3;

function tails(): Float64Array {
  const { moves } = indexShape;
  const sums = new Float64Array(moves.length + 1);
  for (let left = 1; left <= moves.length; left++) {
    const move = moves[moves.length - left];
    sums[left] = sums[left - 1] + (move * move) / moves.length;
  }
  return sums;
}

function varianceOf(minutesLeft: number): number {
  return tailVariance[Math.min(minutesLeft, tailVariance.length - 1)];
}

/** On the last day: with the settlement partly known, only the rest of the mean can still move. */
function expiringVariance(minutesLeft: number): number {
  if (minutesLeft >= averagingMinutes) return varianceOf(minutesLeft) - averagingRebate;
  const share = minutesLeft / averagingMinutes;
  return (varianceOf(minutesLeft) * share * share) / 3;
}

interface Pair {
  readonly strike: number;
  readonly days: readonly QuoteDay[];
  readonly timeframe: '1m' | '5m';
  /** Listed on the first of the days, so that nothing is open before. */
  readonly fresh: boolean;
}

/** Call and put of one strike. A hot loop: four prices a bar, both sides from each. */
function walkPair(market: DerivativesMarket, instruments: readonly Instrument[], pair: Pair): BarSeries[] {
  const { strike, days, timeframe } = pair;
  const [call, put] = instruments;
  const bars = days.reduce((sum, { seen }) => sum + seen.length, 0);
  const calls = new BarSeries(call.key, timeframe, bars);
  const puts = new BarSeries(put.key, timeframe, bars);
  const random = new Random(market.plan.seed, call.tradingsymbol);
  const lot = call.lotSize;
  for (const day of days) {
    const { seen, carryAtOpen, carryAtClose, discount, deviationAtOpen, deviationAtClose, volume } = day;
    for (let bar = 0; bar < seen.length; bar++) {
      const before = deviationAtOpen[bar];
      const after = deviationAtClose[bar];
      const kept = discount[bar];
      const opening = seen.open[bar] * carryAtOpen[bar];
      const upper = seen.high[bar] * carryAtClose[bar];
      const lower = seen.low[bar] * carryAtClose[bar];
      const closing = seen.close[bar] * carryAtClose[bar];
      const atOpen = kept * priced(opening, strike, before);
      const atTop = kept * priced(upper, strike, after);
      const atBottom = kept * priced(lower, strike, after);
      const atClose = kept * priced(closing, strike, after);
      const owed = kept * strike;
      const depth = (seen.close[bar] - strike) / seen.close[bar];
      const sides = random.int32();
      const units =
        (volume[bar] * interestIn(strike, closing, after) * exactExp(0.8 * random.normal() - 0.32)) / 2;
      const traded = Math.max(1, nearest(units / lot)) * lot;
      print(calls, seen.time[bar], traded, sides, depth, atOpen, atTop, atBottom, atClose);
      print(
        puts,
        seen.time[bar],
        traded,
        sides >> 2,
        -depth,
        atOpen - kept * opening + owed,
        atBottom - kept * lower + owed,
        atTop - kept * upper + owed,
        atClose - kept * closing + owed,
      );
    }
  }
  for (const [side, series] of [calls, puts].entries())
    layOptionInterest(series, { ...pair, instrument: instruments[side], seed: market.plan.seed, strikeStep });
  return [calls, puts];
}

/** Undiscounted call on the smile. */
function priced(forward: number, strike: number, deviation: number): number {
  if (!(deviation > 0)) return forward > strike ? forward - strike : 0;
  return callOnForward(forward, strike, deviation * smileAt(exactLog(strike / forward) / deviation));
}

// Positional, since it runs twice a bar: fair prices at the open, the best and worst moment and the close.
function print(
  series: BarSeries,
  time: number,
  volume: number,
  sides: number,
  inTheMoney: number,
  opening: number,
  top: number,
  bottom: number,
  closing: number,
): void {
  const half = spreadOf(closing, inTheMoney, tick) / 2;
  const open = inTicks((sides & 1) === 0 ? opening + half : opening - half);
  const close = inTicks((sides & 2) === 0 ? closing + half : closing - half);
  const high = Math.max(open, close, inTicks(top + half));
  const low = Math.min(open, close, inTicks(bottom - half));
  const row = series.length;
  series.time[row] = time;
  series.open[row] = open / ticksPerRupee;
  series.high[row] = high / ticksPerRupee;
  series.low[row] = low / ticksPerRupee;
  series.close[row] = close / ticksPerRupee;
  series.volume[row] = volume;
  series.length = row + 1;
}

/** Twenty ticks of five paise in a rupee: a whole number divided by it is the double nearest to the decimal price. */
const ticksPerRupee = 20;

/** Nobody trades below one tick. */
function inTicks(price: number): number {
  return Math.max(1, nearest(price * ticksPerRupee));
}

/** Share of an expiry's volume that a strike has: most of it near the money, NSE F&O bhavcopies of early 2026. */
function interestIn(strike: number, forward: number, deviation: number): number {
  const unit = Math.max(deviation, 0.001) * forward;
  const distance = Math.abs(strike - forward) / unit;
  return 0.34 * exactExp(-0.62 * Math.min(distance, 12)) * Math.min(1, strikeStep / unit);
}

function nearest(value: number): number {
  return Math.floor(value + 0.5);
}

const noDay: SpotDay = {
  length: 0,
  time: new Float64Array(),
  open: new Float64Array(),
  high: new Float64Array(),
  low: new Float64Array(),
  close: new Float64Array(),
  leftAtOpen: new Float64Array(),
  leftAtClose: new Float64Array(),
  row: new Int32Array(),
  end: new Float64Array(),
};
