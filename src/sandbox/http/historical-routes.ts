import { BarSeries, interestAt } from '../../domain/bar-series.ts';
import { kiteSpanDays } from '../../domain/kite-limits.ts';
import { candleTime, readKiteTime } from '../../domain/kite-time.ts';
import { resample, sessionsOf } from '../../domain/resample.ts';
import type { TradingCalendar } from '../../domain/rulebook.ts';
import { dayMs, dayNumberOf, type EpochMs, istDayNumber, startOfDay } from '../../domain/time.ts';
import { parseTimeframe, type Timeframe } from '../../domain/timeframe.ts';
import type { DaySource } from '../market/day-tape.ts';
import type { Listed } from '../market/market.ts';
import type { PlayedMarket } from '../market/sandbox-market.ts';
import { KiteRefusal, type KiteRequest, type Route } from './route.ts';

/**
 * Days that a request may span. Besides the documented intervals Kite knows some that it does not document; their spans are those of the
 * nearest documented one (UNVERIFIED).
 */
const spanDays: ReadonlyMap<string, number> = new Map([
  ...Object.entries(kiteSpanDays),
  ['2minute', kiteSpanDays.minute],
  ['4minute', kiteSpanDays['3minute']],
  ...['hour', '2hour', '3hour', '4hour'].map((hours) => [hours, kiteSpanDays['60minute']] as const),
  ['week', kiteSpanDays.day],
]);

interface CandleRequest {
  readonly listed: Listed;
  readonly timeframe: Timeframe;
  readonly from: EpochMs;
  /** Included. */
  readonly to: EpochMs;
  readonly continuous: boolean;
  readonly withOi: boolean;
}

/**
 * Candles of past days as they are stored and of the day that plays as far as it has gone, the running candle last; nothing beyond the
 * sandbox's now. Open interest is 0 where the store does not know it.
 */
export function historicalRoutes(parts: {
  readonly market: PlayedMarket;
  readonly days: DaySource;
  readonly calendar: TradingCalendar;
}): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/instruments/historical/:token/:interval',
      limit: 'historical',
      async handle(request) {
        const wanted = candleRequest(parts.market, request);
        const series = wanted.continuous ? await chained(wanted) : await candlesOf(wanted.listed, wanted);
        return { data: { candles: rowsOf(series, wanted) } };
      },
    },
  ];

  async function candlesOf(listed: Listed, { timeframe, from, to }: CandleRequest): Promise<BarSeries> {
    const { market, days } = parts;
    const today = startOfDay(market.dayNumber);
    // Whole days: a candle that began before the span would be made of a part of its time. Adjusted to the day that plays, not to the last day asked for: that is what the exchange's charts show on it.
    const stored =
      from < today
        ? await days.bars(listed, timeframe, { from: startOfDay(istDayNumber(from)), to: today + dayMs })
        : new BarSeries(listed.instrument.key, timeframe);
    const past = stored.slice(0, stored.rowAt(today));
    if (to < today) return past;
    return joined(past, runningOf(listed, timeframe));
  }

  function runningOf(listed: Listed, timeframe: Timeframe): BarSeries {
    const minutes = parts.market.minutesToday(listed.instrument.key);
    if (timeframe === '1m' || minutes.length === 0) return minutes;
    return resample(minutes, timeframe, sessionsOf(parts.calendar, listed.instrument)).series;
  }

  /** Day candles of the contract that was nearest to its expiry on each day, one after the other, prices as they were. */
  async function chained(wanted: CandleRequest): Promise<BarSeries> {
    let chain = new BarSeries(wanted.listed.instrument.key, 'day');
    let after = Number.NEGATIVE_INFINITY;
    for (const future of await parts.days.futures(wanted.listed)) {
      const expires = startOfDay(dayNumberOf(future.listing.expiry));
      if (future.listing.expiry > wanted.listed.listing.expiry) break;
      const series = await candlesOf(future, wanted);
      chain = joined(chain, series.slice(series.rowAt(after + 1), series.rowAt(expires + 1)));
      after = expires;
    }
    return chain;
  }
}

function candleRequest(market: PlayedMarket, { path, query }: KiteRequest): CandleRequest {
  const listed = market.byToken(Number(path.token));
  if (!listed) throw new KiteRefusal('InputException', 'invalid token');
  const interval = path.interval ?? '';
  const daysMax = spanDays.get(interval);
  if (daysMax === undefined) throw new KiteRefusal('InputException', 'invalid interval');
  const from = instant(query, 'from');
  const to = instant(query, 'to');
  if (from > to) throw new KiteRefusal('InputException', '`from` date should be less than `to` date');
  if (to - from > daysMax * dayMs)
    throw new KiteRefusal('InputException', `interval exceeds max limit: ${daysMax} days`);
  const continuous = query.get('continuous') === '1';
  const { kind } = listed.instrument;
  if (continuous && (interval !== 'day' || kind !== 'FUT'))
    throw new KiteRefusal('InputException', 'continuous data is served for day candles of futures only');
  return {
    listed,
    timeframe: parseTimeframe(interval),
    from,
    to,
    continuous,
    withOi: query.get('oi') === '1',
  };
}

function instant(query: URLSearchParams, name: string): EpochMs {
  const time = readKiteTime(query.get(name) ?? '');
  if (time !== undefined) return time;
  throw new KiteRefusal('InputException', `invalid ${name} date`);
}

function joined(one: BarSeries, other: BarSeries): BarSeries {
  if (other.length === 0) return one;
  const both = new BarSeries(one.key, one.timeframe, one.length + other.length);
  for (const part of [one, other]) {
    for (let row = 0; row < part.length; row++) both.appendRow(part, row);
  }
  return both;
}

function rowsOf(series: BarSeries, { from, to, withOi }: CandleRequest): (string | number)[][] {
  const rows: (string | number)[][] = [];
  // A minute made of a longer bar does not tell what was open, so it is what the last one told.
  let units = 0;
  for (let row = 0; row < series.length && series.time[row] <= to; row++) {
    const told = interestAt(series, row);
    if (!Number.isNaN(told)) units = told;
    if (series.time[row] < from) continue;
    const { time, open, high, low, close, volume } = series;
    const candle = [
      candleTime(time[row]),
      paise(open[row]),
      paise(high[row]),
      paise(low[row]),
      paise(close[row]),
      Math.round(volume[row]),
    ];
    rows.push(withOi ? [...candle, units] : candle);
  }
  return rows;
}

/** Adjusted prices have more digits than the wire; four are what currencies need. */
function paise(price: number): number {
  return Math.round(price * 10_000) / 10_000;
}
