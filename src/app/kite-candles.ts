import { BarSeries } from '../domain/bar-series.ts';
import { BrokerError } from '../domain/errors.ts';
import { type Instrument, type InstrumentKey, isDerivative } from '../domain/instrument.ts';
import { type KiteInterval, kiteRequestsPerSecond, kiteSpanDays } from '../domain/kite-limits.ts';
import { dayNumberOf, type EpochMs, isoInstant, istDayNumber, secondMs, startOfDay } from '../domain/time.ts';
import { isIntraday, parseTimeframe, type Timeframe } from '../domain/timeframe.ts';
import type { CandleSource } from '../engine/ports.ts';

/** Columns of candles as the broker sent them: epoch ms of the opening, rupees, units. */
export interface CandleColumns {
  readonly length: number;
  readonly time: ArrayLike<number>;
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
  readonly volume: ArrayLike<number>;
  /** Units; NaN where the broker gave none. */
  readonly openInterest: ArrayLike<number>;
}

/** What backfill and the archive of lists need of the broker. Reads only; they may be tried again inside. */
export interface KiteData {
  /** The broker's clock. */
  now(): Promise<EpochMs>;
  historical(request: {
    readonly token: number;
    readonly interval: KiteInterval;
    readonly from: EpochMs;
    /** Included. */
    readonly to: EpochMs;
    readonly continuous: boolean;
    readonly openInterest: boolean;
  }): Promise<CandleColumns>;
  /** The day's list of all instruments as CSV. */
  instruments(): Promise<Buffer>;
}

/** Minute candles begin in February 2015; day candles of some shares in the nineties. Source: Kite's forum, and facts of 2026-11. */
const firstMinuteDay = dayNumberOf('2015-02-02');
const firstDay = dayNumberOf('1990-01-01');

const intervals: ReadonlyMap<Timeframe, KiteInterval> = new Map(
  (Object.keys(kiteSpanDays) as KiteInterval[]).map((interval) => [parseTimeframe(interval), interval]),
);

/** Timeframes that Kite serves, by Kite's word; all others are made from these. */
export const kiteTimeframes: readonly Timeframe[] = [...intervals.keys()];

/** Kite's historical candles. `tokens` has those of the day; a token means nothing on another. */
export function kiteCandles(data: KiteData, tokens: ReadonlyMap<InstrumentKey, number>): CandleSource {
  return {
    name: 'kite',
    parallel: kiteRequestsPerSecond.historical,
    requestsPerSecond: kiteRequestsPerSecond.historical,
    spanDays(timeframe) {
      const interval = intervals.get(timeframe);
      return interval && kiteSpanDays[interval];
    },
    firstDay: (timeframe) => (isIntraday(timeframe) ? firstMinuteDay : firstDay),
    now: () => data.now(),
    async candles({ instrument, timeframe, days, continuous }) {
      const interval = intervals.get(timeframe);
      const token = tokens.get(instrument.key);
      if (interval === undefined || token === undefined)
        throw new BrokerError('BROKER_CANDLES', `Kite has no ${timeframe} candles of ${instrument.key}.`);
      const from = startOfDay(days.from);
      const to = startOfDay(days.to + 1) - secondMs;
      return seriesOf(
        instrument,
        timeframe,
        await data.historical({
          ...{ token, interval, from, to, continuous },
          // Of shares and indices Kite says 0, which would be stored as if it were known.
          openInterest: isDerivative(instrument),
        }),
      );
    },
  };
}

function seriesOf({ key }: Instrument, timeframe: Timeframe, candles: CandleColumns): BarSeries {
  const series = new BarSeries(key, timeframe, candles.length);
  const { time, open, high, low, close, volume, openInterest } = candles;
  for (let row = 0; row < candles.length; row++) {
    // Day candles are stamped 00:00 or 09:15 by different accounts of the same interface: the date is what counts.
    const stamp = isIntraday(timeframe) ? time[row] : startOfDay(istDayNumber(time[row]));
    if (row > 0 && stamp <= series.time[row - 1]) {
      throw new BrokerError(
        'BROKER_CANDLES',
        `Kite's ${timeframe} candles of ${key} do not move forward in time: ${isoInstant(stamp)} follows ${isoInstant(series.time[row - 1])}.`,
        'Run it again later; nothing of this answer was stored.',
      );
    }
    series.append(stamp, open[row], high[row], low[row], close[row], volume[row]);
    if (!Number.isNaN(openInterest[row])) series.setOpenInterest(row, openInterest[row]);
  }
  return series;
}
