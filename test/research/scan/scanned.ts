import { BarSeries } from '../../../src/domain/bar-series.ts';
import { minuteMs, startOfDay } from '../../../src/domain/time.ts';
import type { Timeframe } from '../../../src/domain/timeframe.ts';
import { Evaluation, type PatternColumn, type ScannedBars } from '../../../src/research/scan/evaluate.ts';
import { parseCondition, parseMeasure } from '../../../src/research/scan/parse.ts';
import type { Candidate } from '../../../src/research/scan/scan.ts';

export const noPatterns: PatternColumn = () => {
  throw new Error('no pattern is looked for here');
};

/** Day bars from closes; open is the close before, high and low stand one rupee around both. */
export function dayBars(
  closes: readonly number[],
  volumes: readonly number[] = [],
  firstDay = 20_000,
): ScannedBars {
  const series = new BarSeries('TEST:ONE', 'day');
  closes.forEach((close, row) => {
    const open = row > 0 ? Number(closes[row - 1]) : close;
    series.append(
      startOfDay(firstDay + row),
      open,
      Math.max(open, close) + 1,
      Math.min(open, close) - 1,
      close,
      volumes[row] ?? 1_000,
    );
  });
  const ends = series.time.slice(0, series.length).map((time) => time + 930 * minuteMs);
  return { series, closes: ends };
}

/** Bars of so many minutes from 09:15 on, `perDay` of them a day. */
export function minuteBars(
  closes: readonly number[],
  minutes: number,
  perDay: number,
  firstDay = 20_000,
): ScannedBars {
  const series = new BarSeries('TEST:ONE', `${minutes}m` as Timeframe);
  closes.forEach((close, row) => {
    const open = row > 0 ? Number(closes[row - 1]) : close;
    const time =
      startOfDay(firstDay + Math.floor(row / perDay)) + (555 + (row % perDay) * minutes) * minuteMs;
    series.append(time, open, Math.max(open, close) + 1, Math.min(open, close) - 1, close, 1_000);
  });
  return { series, closes: series.time.slice(0, series.length).map((time) => time + minutes * minuteMs) };
}

export function candidate(key: string, base: ScannedBars, others: readonly ScannedBars[] = []): Candidate {
  return { key, base, others: new Map(others.map((each) => [each.series.timeframe, each])) };
}

function evaluation(base: ScannedBars, others: readonly ScannedBars[] = []): Evaluation {
  return new Evaluation({ ...candidate('TEST:ONE', base, others), ranks: new Map(), patterns: noPatterns });
}

/** What a condition answers at every bar: 1, 0 or NaN. */
export function holds(where: string, base: ScannedBars, others: readonly ScannedBars[] = []): number[] {
  return [...evaluation(base, others).column(parseCondition(where).node)];
}

/** What a number is at every bar. */
export function numbers(of: string, base: ScannedBars, others: readonly ScannedBars[] = []): number[] {
  return [...evaluation(base, others).column(parseMeasure(of).node)];
}
