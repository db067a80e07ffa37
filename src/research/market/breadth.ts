import type { BarSeries } from '../../domain/bar-series.ts';
import { istDayNumber } from '../../domain/time.ts';

/** Days of the averages that shares are counted above. */
export const averageDays = [20, 50, 200] as const;
/** Trading days of 52 weeks. */
export const yearDays = 252;
/** Percent between the close before and the open from which on a share has gapped. */
export const gapLeast = 1;

/** Shares that have something, among those that have bars enough to tell. */
export interface Share {
  readonly count: number;
  readonly known: number;
}

/** How many shares of a market took part in a day. */
export interface Breadth {
  /** The newest day of all; NaN without shares. */
  readonly dayNumber: number;
  /** Shares with a bar on that day. */
  readonly shares: number;
  readonly advances: number;
  readonly declines: number;
  readonly unchanged: number;
  /** Above their mean of so many closes, the day's own included. */
  readonly above: readonly (Share & { readonly days: number })[];
  /** Whose high is above those of the 251 days before, or whose low is below them. */
  readonly newHighs: Share;
  readonly newLows: Share;
  readonly gapsUp: number;
  readonly gapsDown: number;
  /** Without a bar on that day, so that they say nothing of it. */
  readonly stale: readonly string[];
}

/** Counts over day bars, oldest first, none later than what may be known. */
export function breadthOf(all: readonly BarSeries[]): Breadth {
  const dayNumber = all.reduce((newest, days) => Math.max(newest, lastDay(days)), Number.NEGATIVE_INFINITY);
  const there = all.filter((days) => lastDay(days) === dayNumber);
  const changes = there.map((days) => percentSince(days, 1));
  const gaps = there.map(({ open, close, length }) =>
    length > 1 ? (open[length - 1] / close[length - 2] - 1) * 100 : Number.NaN,
  );
  return {
    dayNumber: there.length > 0 ? dayNumber : Number.NaN,
    shares: there.length,
    advances: changes.filter((change) => change > 0).length,
    declines: changes.filter((change) => change < 0).length,
    unchanged: changes.filter((change) => change === 0).length,
    above: averageDays.map((days) => ({ days, ...counted(there, days, isAboveMean(days)) })),
    newHighs: counted(there, yearDays, ({ high, length }) => isHighest(high, length, yearDays)),
    newLows: counted(there, yearDays, ({ low, length }) => isLowest(low, length, yearDays)),
    gapsUp: gaps.filter((gap) => gap >= gapLeast).length,
    gapsDown: gaps.filter((gap) => gap <= -gapLeast).length,
    stale: all.filter((days) => lastDay(days) !== dayNumber).map(({ key }) => key),
  };
}

/** Percent from the close so many bars ago to the newest; NaN where the bars do not reach back. */
export function percentSince({ close, length }: BarSeries, bars: number): number {
  return length > bars ? (close[length - 1] / close[length - 1 - bars] - 1) * 100 : Number.NaN;
}

/** Does the newest close stand above the mean of so many, itself included? */
export function isAboveMean(days: number): (series: BarSeries) => boolean {
  return ({ close, length }) => {
    let sum = 0;
    for (let row = length - days; row < length; row++) sum += close[row];
    return close[length - 1] > sum / days;
  };
}

function counted(all: readonly BarSeries[], least: number, holds: (series: BarSeries) => boolean): Share {
  const known = all.filter(({ length }) => length >= least);
  return { count: known.filter(holds).length, known: known.length };
}

function isHighest(values: Float64Array, length: number, count: number): boolean {
  for (let row = length - count; row < length - 1; row++) if (values[row] >= values[length - 1]) return false;
  return true;
}

function isLowest(values: Float64Array, length: number, count: number): boolean {
  for (let row = length - count; row < length - 1; row++) if (values[row] <= values[length - 1]) return false;
  return true;
}

function lastDay({ time, length }: BarSeries): number {
  return length > 0 ? istDayNumber(time[length - 1]) : Number.NEGATIVE_INFINITY;
}
