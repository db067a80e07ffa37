import { BarSeries } from '../../domain/bar-series.ts';
import { contractTradingsymbol } from '../../domain/contract-symbol.ts';
import { exactExp } from '../../domain/exact-math.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { dayMs, type EpochMs, hourMs, minuteMs, startOfDay } from '../../domain/time.ts';
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
import { listings } from './listings.ts';
import { futuresShare, type InterestDay, layOpenInterest } from './open-interest.ts';
import { hashOf, Random } from './random.ts';
import { SpotDays } from './spot-days.ts';

/** Stocks that have futures: the first with derivatives, as far as the market has them. */
const stocksWithFutures = 3;

// Calibrated to NSE F&O bhavcopies of early 2026: futures over spot, a year, median and 10 % to 90 % range.
export const carryOfIndex = 0.067;
const carryOfStock = 0.061;
const carryDeviation = 0.013;
const carryKept = 0.9;
/** Deviation of the futures price from its fair value in a minute, as a share, by month: current, next, far. */
const mispricing = { index: [0.00008, 0.00015, 0.00025], stock: [0.0002, 0.0004, 0.0007] } as const;
const mispricingKept = 0.8;

/** Contract value that a stock's lot is sized for, rupees; lots are multiples of 25. */
const stockContractValue = 750_000;
/** Units of the index's three contracts on an ordinary day. */
const indexVolumePerDay = 5_200_000;
const stockVolumeShare = 0.8;
/** Units of the index's three contracts that are open, and days of trading that a stock's open contracts are. */
const indexOpenInterest = 14_500_000;
const stockOpenDays = 6;
const interestDeviation = 0.12;
const interestKept = 0.97;
const yearMs = 365 * dayMs;

/** Expiring at the end of the expiry's session, as a time for the carry; the same on every calendar. */
export function expiryInstant(day: number): EpochMs {
  return startOfDay(day) + 15.5 * hourMs;
}

interface Underlying {
  readonly name: string;
  readonly series: BarSeries;
  readonly carry: number;
  readonly mispricing: readonly number[];
  readonly lot: (expiry: ContractExpiry) => number;
  readonly volumePerDay: number;
  /** Units of its contracts that are open on an ordinary day. */
  readonly openInterest: number;
}

/**
 * Monthly futures on the index and on the first stocks with derivatives: current, next and far month on every day. They trade at
 * spot plus cost of carry plus a little noise, converge to the settlement on their last day, and hand their volume and open interest
 * to the next month over the last five sessions. `stocks` are one-minute bars.
 */
export function futuresOf(market: DerivativesMarket, stocks: readonly BarSeries[]): ContractLot[] {
  return underlyingsOf(market, stocks).flatMap((underlying) => {
    const spot = new SpotDays(underlying.series, 1);
    const carries = carriesOf(market, underlying);
    const interest = interestOf(market, underlying);
    return monthsOf(market).map(({ expiry, from }) =>
      contract(market, { underlying, spot, carries, interest, expiry, from }),
    );
  });
}

function underlyingsOf({ index, ...market }: DerivativesMarket, stocks: readonly BarSeries[]): Underlying[] {
  const all: Underlying[] = [
    {
      name: indexUnderlying,
      series: index.series,
      carry: carryOfIndex,
      mispricing: mispricing.index,
      lot: ({ date }) => indexLot({ index, ...market }, date),
      volumePerDay: indexVolumePerDay,
      openInterest: indexOpenInterest,
    },
  ];
  for (const { instrument, price, volumePerDay } of listings(market.plan.symbols)) {
    const series = stocks.find(({ key }) => key === instrument.key);
    if (!instrument.hasDerivatives || !series || all.length > stocksWithFutures) continue;
    const lot = Math.max(25, Math.round(stockContractValue / price / 25) * 25);
    all.push({
      name: instrument.tradingsymbol,
      series,
      carry: carryOfStock,
      mispricing: mispricing.stock,
      lot: () => lot,
      volumePerDay: volumePerDay * stockVolumeShare,
      openInterest: volumePerDay * stockVolumeShare * stockOpenDays,
    });
  }
  return all;
}

/** Monthly expiries with the first day on which each is among the three nearest. */
function monthsOf({ plan, days }: DerivativesMarket): { expiry: ContractExpiry; from: number }[] {
  const first = days[0];
  const last = days[days.length - 1];
  const monthly = expiriesBetween(plan, first, last + 130).filter((one) => one.monthly);
  return monthly
    .map((expiry, at) => ({ expiry, from: at < 3 ? first : monthly[at - 3].day + 1 }))
    .filter(({ from }) => from <= last);
}

/** The yearly cost of carry of each session: it wanders around its mean. */
function carriesOf({ plan, days }: DerivativesMarket, { name, carry }: Underlying): Float64Array {
  const random = new Random(plan.seed, `${name} carry`);
  const news = carryDeviation * Math.sqrt(1 - carryKept * carryKept);
  let strayed = carryDeviation * random.normal();
  return Float64Array.from(days, () => {
    strayed = carryKept * strayed + news * random.normal();
    return carry + strayed;
  });
}

/** Units of all contracts of an underlying at the end of each session. Of a chance of its own: it moves no price and no volume. */
function interestOf({ plan, days }: DerivativesMarket, { name, openInterest }: Underlying): Float64Array {
  const random = new Random(plan.seed, `${name} open interest`);
  const news = interestDeviation * Math.sqrt(1 - interestKept * interestKept);
  let strayed = interestDeviation * random.normal();
  return Float64Array.from(days, () => {
    strayed = interestKept * strayed + news * random.normal();
    return openInterest * exactExp(strayed);
  });
}

interface Month {
  readonly underlying: Underlying;
  readonly spot: SpotDays;
  readonly carries: Float64Array;
  readonly interest: Float64Array;
  readonly expiry: ContractExpiry;
  readonly from: number;
}

function contract(market: DerivativesMarket, month: Month): ContractLot {
  const { sessions, days } = market;
  const { underlying, expiry, from } = month;
  const symbol = contractTradingsymbol({
    kind: 'FUT',
    underlying: underlying.name,
    expiry: expiry.date,
    monthly: true,
  });
  const instrument = derivative({
    symbol,
    underlying: underlying.name,
    expiry: expiry.date,
    kind: 'FUT',
    lot: underlying.lot(expiry),
  });
  const firstDay = firstAfter(days, from - 1);
  const endDay = firstAfter(days, expiry.day);
  return {
    instruments: [instrument],
    timeframe: '1m',
    first: sessions[firstDay].open,
    last: sessions[endDay - 1].close - minuteMs,
    make: () => [walkFuture(market, { ...month, instrument, firstDay, endDay })],
  };
}

/** The market moves on by a session even where the underlying rests, so that bars and calendar agree. */
function walkFuture(
  market: DerivativesMarket,
  {
    underlying,
    spot,
    carries,
    interest,
    expiry,
    instrument,
    firstDay,
    endDay,
  }: Month & { readonly instrument: Instrument; readonly firstDay: number; readonly endDay: number },
): BarSeries {
  const { plan, sessions } = market;
  const random = new Random((plan.seed ^ hashOf(instrument.tradingsymbol)) >>> 0, instrument.tradingsymbol);
  const series = new BarSeries(instrument.key, '1m', (endDay - firstDay) * 390);
  const settles = expiryInstant(expiry.day);
  const interestDays: InterestDay[] = [];
  let stray = 0;

  for (let at = firstDay; at < endDay; at++) {
    const session = sessions[at];
    const seen = spot.day(session, session.dayNumber === expiry.day);
    if (!seen) continue;
    const left = sessionsUntil(market, session.dayNumber, expiry.day);
    const rank = rankOf(left);
    const deviation = underlying.mispricing[rank];
    const news = deviation * Math.sqrt(1 - mispricingKept * mispricingKept);
    const perYear = carries[at];
    const typicalVolume = (underlying.volumePerDay * shareOf(left)) / 375;
    const dayVolume = exactExp(0.35 * random.normal() - 0.06);
    const lot = instrument.lotSize;
    const highest = Math.max(...seen.high) * 1.05;
    const tick = Math.max(
      1,
      Math.round(plan.contracts.tickSize(instrument, session.dayNumber, highest) * 100),
    );
    const ticksPerRupee = 100 / tick;
    const sessionMinutes = Math.round((session.close - session.open) / minuteMs);
    const firstRow = series.length;
    let factor = exactExp((perYear * (settles - session.open)) / yearMs) * (1 + stray);

    for (let bar = 0; bar < seen.length; bar++) {
      const time = seen.time[bar];
      stray = mispricingKept * stray + news * random.normal();
      // The last hour of a contract is too near its settlement for opinions.
      const fading = left === 0 ? Math.min(1, seen.leftAtClose[bar] / 60) : 1;
      const years = Math.max(0, settles - seen.end[bar]) / yearMs;
      const next = exactExp(perYear * years) * (1 + stray * fading);
      const side = random.int32();
      const from = nearest(seen.open[bar] * factor * ticksPerRupee + (side & 1023) / 1023 - 0.5);
      const to = nearest(seen.close[bar] * next * ticksPerRupee + ((side >> 10) & 1023) / 1023 - 0.5);
      const top = nearest(seen.high[bar] * Math.max(factor, next) * ticksPerRupee);
      const bottom = nearest(seen.low[bar] * Math.min(factor, next) * ticksPerRupee);
      const place = minuteOnOrdinaryDay(Math.round((time - session.open) / minuteMs), sessionMinutes);
      const units =
        typicalVolume * dayVolume * indexShape.volumes[place] * exactExp(0.6 * random.normal() - 0.18);

      const row = series.length;
      series.time[row] = time;
      series.open[row] = (from * tick) / 100;
      series.high[row] = (Math.max(from, to, top) * tick) / 100;
      series.low[row] = (Math.min(from, to, bottom) * tick) / 100;
      series.close[row] = (to * tick) / 100;
      series.volume[row] = Math.max(1, nearest(units / lot)) * lot;
      series.length = row + 1;
      factor = next;
    }
    interestDays.push({ from: firstRow, to: series.length, units: interest[at] * futuresShare(left) });
  }
  layOpenInterest(series, interestDays, {
    // What was listed before the market began has been traded already.
    before: firstDay === 0 ? (interestDays[0]?.units ?? 0) : 0,
    lot: instrument.lotSize,
    random: new Random(plan.seed, `${instrument.tradingsymbol} open interest`),
  });
  return series;
}

/** 0 for the current month, 1 for the next, 2 for the far one, by sessions that are left. */
function rankOf(sessionsLeft: number): number {
  if (sessionsLeft < 22) return 0;
  return sessionsLeft < 43 ? 1 : 2;
}

/** Share of the underlying's futures volume that a contract has, by sessions left: five sessions of rolling into the next month. */
function shareOf(sessionsLeft: number): number {
  if (sessionsLeft < 5) return 0.4 + 0.09 * sessionsLeft;
  if (sessionsLeft < 21) return 0.86;
  if (sessionsLeft < 26) return 0.6 - 0.1 * (sessionsLeft - 21);
  return sessionsLeft < 42 ? 0.1 : 0.03;
}

function nearest(value: number): number {
  return Math.floor(value + 0.5);
}
