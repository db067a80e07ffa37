import type { BarSeries } from '../../domain/bar-series.ts';
import type { EpochMs, Interval } from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import type { Listed } from './market.ts';

/** One instrument's part of a day. */
export interface Track {
  readonly listed: Listed;
  /** One-minute bars of the day, inside the trading hours; empty when it did not trade. */
  readonly minutes: BarSeries;
  /** Rupees, on the scale of the day's own prices; NaN when nothing before the day is stored. */
  readonly previousClose: number;
  /** Units that were open at the end of the day before; 0 when it is not known. */
  readonly previousOpenInterest: number;
  /** Rupees; 0 is any price. */
  readonly tick: number;
}

/** A day of the market as it is stored. */
export interface DayTape {
  readonly dayNumber: number;
  /** First opening and last closing of all instruments. */
  readonly open: EpochMs;
  readonly close: EpochMs;
  /** In the order of the instrument list. */
  readonly tracks: readonly Track[];
}

/** Where the sandbox's days and its past candles come from. */
export interface DaySource {
  /** The first stored trading day on or after one; undefined when there is none. */
  day(fromDayNumber: number): Promise<DayTape | undefined>;
  /** Stored bars of a listed instrument, at a timeframe they can be made into; empty where nothing is stored. Prices as they were printed, or adjusted to the last day of the span. */
  bars(listed: Listed, timeframe: Timeframe, span: Interval): Promise<BarSeries>;
  /** Futures of the same underlying and exchange, soonest expiry first, also those that have expired. */
  futures(listed: Listed): Promise<readonly Listed[]>;
}
