import { BarSeries } from '../../../src/domain/bar-series.ts';
import { minuteMs, startOfDay } from '../../../src/domain/time.ts';
import type { Timeframe } from '../../../src/domain/timeframe.ts';
import { ema } from '../../../src/indicators/ema.ts';
import type { ScannedBars } from '../../../src/research/scan/evaluate.ts';

/** A bar that is being planted. */
export interface Row {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** The same numbers on every machine, between −1 and 1. */
export function noiseOf(seed: number): () => number {
  let state = seed * 2_654_435 + 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) / 0x3fffff - 1;
  };
}

/** Bars that drift by so many percent each, with noise, a range of about 1 % and a volume of about 1,000. */
export function drifting(count: number, percent: number, seed: number, noisePercent = 0.1): Row[] {
  const noise = noiseOf(seed);
  const rows: Row[] = [];
  let level = 100 * (1 + seed / 50);
  let close = level;
  for (let row = 0; row < count; row++) {
    const open = close;
    level *= 1 + percent / 100;
    close = level * (1 + (noise() * noisePercent) / 100);
    const reach = level * 0.004 * (1 + 0.2 * noise());
    rows.push({
      ...{ open, high: Math.max(open, close) + reach, low: Math.min(open, close) - reach, close },
      volume: 1_000 * (1 + 0.2 * noise()),
    });
  }
  return rows;
}

/** The rows with one more, made of the last; high and low hold open and close unless they say otherwise. */
export function then(rows: readonly Row[], next: (last: Row) => Partial<Row>): Row[] {
  const last = rows[rows.length - 1];
  const given = next(last);
  const open = given.open ?? last.close;
  const close = given.close ?? last.close;
  const reach = last.close * 0.003;
  return [
    ...rows,
    {
      ...{ open, close, volume: given.volume ?? 1_000 },
      high: given.high ?? Math.max(open, close) + reach,
      low: given.low ?? Math.min(open, close) - reach,
    },
  ];
}

export function highest(rows: readonly Row[], count: number): number {
  return Math.max(...rows.slice(-count).map(({ high }) => high));
}

export function lowest(rows: readonly Row[], count: number): number {
  return Math.min(...rows.slice(-count).map(({ low }) => low));
}

/** Means of the last closes, one a row; NaN while there are fewer. */
export function means(rows: readonly Row[], count: number): number[] {
  return rows.map((_, row) =>
    row + 1 < count
      ? Number.NaN
      : rows.slice(row + 1 - count, row + 1).reduce((sum, { close }) => sum + close, 0) / count,
  );
}

export function emaOf(rows: readonly Row[], count: number): number {
  const kernel = ema(count);
  return rows.reduce((_, { close }) => kernel.next(close), Number.NaN);
}

const firstDay = 20_000;

/** Day bars that end on a fixed day, so that all of a market have their newest there. */
export function asDays(rows: readonly Row[]): ScannedBars {
  const times = rows.map((_, row) => startOfDay(firstDay - rows.length + 1 + row));
  return barsOf('day', rows, { times, closeAfterMs: 930 * minuteMs });
}

/** Bars of 15 minutes from 09:15 on, 25 a day, the last day being the one after the newest day bar. */
export function asQuarters(days: readonly (readonly Row[])[]): ScannedBars {
  const rows = days.flat();
  const times = days.flatMap((day, at) =>
    day.map((_, row) => startOfDay(firstDay + 1 - (days.length - 1) + at) + (555 + 15 * row) * minuteMs),
  );
  return barsOf('15m', rows, { times, closeAfterMs: 15 * minuteMs });
}

function barsOf(
  timeframe: Timeframe,
  rows: readonly Row[],
  { times, closeAfterMs }: { readonly times: readonly number[]; readonly closeAfterMs: number },
): ScannedBars {
  const series = new BarSeries('TEST:PLANTED', timeframe);
  rows.forEach(({ open, high, low, close, volume }, row) => {
    series.append(times[row], open, high, low, close, volume);
  });
  return { series, closes: Float64Array.from(times, (time) => time + closeAfterMs) };
}
