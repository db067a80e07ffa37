import type { BarSeries } from '../../domain/bar-series.ts';
import { istDayNumber } from '../../domain/time.ts';
import { adx } from '../../indicators/adx.ts';
import { ema } from '../../indicators/ema.ts';
import { percentiles, yearOfDays } from './percentile.ts';

export const trends = ['up', 'sideways', 'down'] as const;
export const volatilities = ['calm', 'normal', 'volatile'] as const;
export type Trend = (typeof trends)[number];
export type Volatility = (typeof volatilities)[number];
/** `up calm`, or `unknown` while either half cannot be told. */
export type RegimeLabel = `${Trend} ${Volatility}` | 'unknown';

/** Every label, in the order of tables. */
export const regimeLabels: readonly RegimeLabel[] = [
  ...trends.flatMap((trend) => volatilities.map((volatility): RegimeLabel => `${trend} ${volatility}`)),
  'unknown',
];

/** The rules behind the labels. Periods are days; `docs/market.md` publishes the same. */
export const regimeRules = {
  fastDays: 50,
  slowDays: 200,
  adxDays: 14,
  /** Below it a market has no direction worth the name. Source: Wilder's own reading is 20 to 25; the lower is taken. */
  adxLeast: 20,
  volatilityDays: 20,
  /** Percentiles of the year below which a market is calm, and from which on it is volatile. */
  calmBelow: 25,
  volatileFrom: 75,
} as const;

/** What an index was like when a day had closed. NaN and undefined are what its bars do not reach back far enough to tell. */
export interface RegimeDay {
  readonly dayNumber: number;
  readonly label: RegimeLabel;
  readonly trend: Trend | undefined;
  readonly volatility: Volatility | undefined;
  readonly close: number;
  readonly emaFast: number;
  readonly emaSlow: number;
  readonly adx: number;
  /** Percent a year: the deviation of 20 daily logarithmic returns, times the root of 252. */
  readonly realisedVolatility: number;
  /** 0 to 100, among the last 252 days. */
  readonly volatilityPercentile: number;
}

/**
 * The regime of an index at the close of each of its day bars, oldest first. Each is told from that day and those before it alone.
 *
 * Trend: up where close > EMA(50) > EMA(200) and ADX(14) is 20 or more, down where close < EMA(50) < EMA(200) and it is, else sideways.
 * Volatility: calm below the 25th percentile of the year's realised volatilities, volatile from the 75th on, else normal.
 */
export function regimesOf(days: BarSeries): readonly RegimeDay[] {
  const { length, time, close } = days;
  const fast = emaOf(days, regimeRules.fastDays);
  const slow = emaOf(days, regimeRules.slowDays);
  const strength = new Float64Array(length);
  const [plus, minus] = [new Float64Array(length), new Float64Array(length)];
  if (length > 0) adx(regimeRules.adxDays).fill(days, 0, [strength, plus, minus], 0, length);
  const realised = realisedVolatility(days);
  const places = percentiles(realised, yearOfDays);
  return Array.from({ length }, (_, row): RegimeDay => {
    const figures = {
      close: close[row],
      emaFast: fast[row],
      emaSlow: slow[row],
      adx: strength[row],
      realisedVolatility: realised[row],
      volatilityPercentile: places[row],
    };
    const trend = trendOf(figures);
    const volatility = volatilityOf(places[row]);
    const label = trend && volatility ? (`${trend} ${volatility}` as const) : 'unknown';
    return { dayNumber: istDayNumber(time[row]), label, trend, volatility, ...figures };
  });
}

/**
 * What was known of the regime before a day began: that of the last day before it, undefined where there is none. A trade belongs to
 * this one, since the day's own label is told by a close that came after its entry.
 */
export function regimeBefore(days: readonly RegimeDay[], dayNumber: number): RegimeDay | undefined {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle].dayNumber < dayNumber) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? days[low - 1] : undefined;
}

/** Percent a year; NaN for the first 20 days. */
export function realisedVolatility({ close, length }: BarSeries): Float64Array {
  const { volatilityDays: count } = regimeRules;
  const values = new Float64Array(length).fill(Number.NaN);
  for (let row = count; row < length; row++) {
    const mean = Math.log(close[row] / close[row - count]) / count;
    let squares = 0;
    for (let at = row - count + 1; at <= row; at++)
      squares += (Math.log(close[at] / close[at - 1]) - mean) ** 2;
    values[row] = 100 * Math.sqrt((252 * squares) / (count - 1));
  }
  return values;
}

function trendOf({
  close,
  emaFast,
  emaSlow,
  adx: strength,
}: Pick<RegimeDay, 'close' | 'emaFast' | 'emaSlow' | 'adx'>): Trend | undefined {
  if (Number.isNaN(close + emaFast + emaSlow + strength)) return undefined;
  if (strength < regimeRules.adxLeast) return 'sideways';
  if (close > emaFast && emaFast > emaSlow) return 'up';
  return close < emaFast && emaFast < emaSlow ? 'down' : 'sideways';
}

function volatilityOf(percentile: number): Volatility | undefined {
  if (Number.isNaN(percentile)) return undefined;
  if (percentile < regimeRules.calmBelow) return 'calm';
  return percentile >= regimeRules.volatileFrom ? 'volatile' : 'normal';
}

function emaOf({ close, length }: BarSeries, period: number): Float64Array {
  const values = new Float64Array(length);
  ema(period).fill(close, 0, values, 0, length);
  return values;
}
