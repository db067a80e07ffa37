import type { BarSeries } from '../../domain/bar-series.ts';
import type { ClosedTrade } from '../../domain/run-result.ts';
import { istDayNumber } from '../../domain/time.ts';
import { atr } from '../../indicators/atr.ts';
import { ema } from '../../indicators/ema.ts';
import { type RegimeDay, regimeBefore, regimesOf, type Trend, type Volatility } from '../market/regime.ts';

/** What an instrument was like when a trade in it was entered, told by days before that one and the day's own open. */
export interface Surroundings {
  /** By the rules of `algo market context`, applied to the instrument itself; absent while it has too few days. */
  readonly trend: Trend | undefined;
  readonly volatility: Volatility | undefined;
  /** The day's open against the close before, percent; NaN on the first day. */
  readonly gapPercent: number;
  /** The entry price's distance from the 20-day average of the closes before, in day ranges (ATR of 14 days). */
  readonly rangesFromAverage: number;
  /** A day range, rupees; NaN while there are too few days. */
  readonly dayRange: number;
}

const averageDays = 20;
const rangeDays = 14;

/** Surroundings of trades in one instrument, from its day bars. */
export function surroundingsOf(days: BarSeries): (trade: ClosedTrade) => Surroundings | undefined {
  const { length, close, open, time } = days;
  const average = new Float64Array(length);
  const range = new Float64Array(length);
  ema(averageDays).fill(close, 0, average, 0, length);
  atr(rangeDays).fill(days, 0, range, 0, length);
  const regimes: readonly RegimeDay[] = regimesOf(days);
  const dayNumbers = Array.from({ length }, (_, row) => istDayNumber(time[row]));
  const rowOfDay = new Map(dayNumbers.map((day, row) => [day, row]));
  return ({ entryTime, entryPrice }) => {
    const day = istDayNumber(entryTime);
    const row = rowOfDay.get(day);
    if (row === undefined || row === 0) return undefined;
    const before = row - 1;
    const regime = regimeBefore(regimes, day);
    return {
      trend: regime?.trend,
      volatility: regime?.volatility,
      gapPercent: (open[row] / close[before] - 1) * 100,
      rangesFromAverage: (entryPrice - average[before]) / range[before],
      dayRange: range[before],
    };
  };
}
