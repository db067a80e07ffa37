import { BarSeries } from '../domain/bar-series.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { type EpochMs, istDayNumber } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';

/** A price at which a protective order stood. */
export interface Protection {
  readonly role: 'stop' | 'target';
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Rupees. */
  readonly price: number;
}

/** An indicator as the strategy saw it, a value for each candle; NaN while it warmed up. */
export interface PictureLine {
  readonly name: string;
  readonly values: Float64Array;
}

/** What a price chart is drawn from: candles, each made of one or more bars, and what the strategies drew and placed on them. */
export interface Picture {
  readonly key: InstrumentKey;
  readonly timeframe: Timeframe;
  /** Of the strategies that ran on these bars. */
  readonly strategies: readonly string[];
  /** Bars of the run in one candle at most; 1 when every bar is drawn. */
  readonly barsPerCandle: number;
  readonly candles: BarSeries;
  readonly lines: readonly PictureLine[];
  readonly protections: readonly Protection[];
  /** Earlier ones that are not drawn, because a page holds only so many. */
  readonly protectionsLeft: number;
}

/** Where each candle begins in a series; the last entry is the series' length. */
export type CandleRows = Int32Array;

// Steps that keep whole parts of a session of 375 minutes or 25 quarters together.
const steps = [1, 2, 3, 5, 10, 15, 25, 30, 75, 125, 375];

/**
 * Cuts a series into at most about `most` candles. Several bars in a candle stay within a day, so that a candle begins
 * where a session does, until a day is a single candle; after that a candle is several days.
 */
export function candleRows(series: BarSeries, most: number): { rows: CandleRows; barsPerCandle: number } {
  for (const barsPerCandle of steps) {
    if (series.length / barsPerCandle > most) continue;
    const rows = cutWithinDays(series, barsPerCandle);
    if (rows.length - 1 <= most || barsPerCandle === 1) return { rows, barsPerCandle };
  }
  const days = cutWithinDays(series, series.length);
  const together = Math.max(1, Math.ceil((days.length - 1) / most));
  const rows = days.filter((_, at) => at % together === 0 || at === days.length - 1);
  let barsPerCandle = 1;
  for (let at = 1; at < rows.length; at++) barsPerCandle = Math.max(barsPerCandle, rows[at] - rows[at - 1]);
  return { rows, barsPerCandle };
}

function cutWithinDays({ time, length }: BarSeries, barsPerCandle: number): CandleRows {
  const rows: number[] = [];
  let day = Number.NaN;
  let begun = 0;
  for (let row = 0; row < length; row++) {
    const today = barsPerCandle === 1 ? row : istDayNumber(time[row]);
    if (today === day && row - begun < barsPerCandle) continue;
    rows.push(row);
    begun = row;
    day = today;
  }
  return Int32Array.from([...rows, length]);
}

/** Bars put together: first open, highest high, lowest low, last close, sum of the volumes, time of the first. */
export function candlesOf(series: BarSeries, rows: CandleRows): BarSeries {
  const candles = new BarSeries(series.key, series.timeframe, rows.length - 1);
  for (let at = 0; at + 1 < rows.length; at++) {
    const from = rows[at];
    const end = rows[at + 1];
    let high = series.high[from];
    let low = series.low[from];
    let volume = 0;
    for (let row = from; row < end; row++) {
      if (series.high[row] > high) high = series.high[row];
      if (series.low[row] < low) low = series.low[row];
      volume += series.volume[row];
    }
    candles.append(series.time[from], series.open[from], high, low, series.close[end - 1], volume);
  }
  return candles;
}
