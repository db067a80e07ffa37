import type { BarSeries } from '../../src/domain/bar-series.ts';

/** The textbook definitions, written for the eye: every answer from scratch, every window looked at anew. */

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** For each value the answer of its window; NaN until a window is full, and where the window holds a NaN. */
export function windowed(
  values: readonly number[],
  period: number,
  answer: (window: readonly number[], row: number) => number,
): number[] {
  return values.map((_, row) => {
    const window = row + 1 < period ? [Number.NaN] : values.slice(row + 1 - period, row + 1);
    return window.some(Number.isNaN) ? Number.NaN : answer(window, row);
  });
}

/** Smoothed from the mean of the first `seeds` values that are there, with a weight from then on. */
export function smoothed(values: readonly number[], seeds: number, weight: number): number[] {
  const first = values.findIndex((value) => !Number.isNaN(value));
  let average = Number.NaN;
  return values.map((value, row) => {
    if (row === first + seeds - 1) average = mean(values.slice(first, first + seeds));
    else if (row >= first + seeds) average = average * (1 - weight) + value * weight;
    return average;
  });
}

export const emaOf = (values: readonly number[], period: number) =>
  smoothed(values, period, 2 / (period + 1));
export const wilderOf = (values: readonly number[], period: number) => smoothed(values, period, 1 / period);
export const smaOf = (values: readonly number[], period: number) => windowed(values, period, mean);

export const wmaOf = (values: readonly number[], period: number) =>
  windowed(
    values,
    period,
    (window) => window.reduce((sum, value, at) => sum + value * (at + 1), 0) / ((period * (period + 1)) / 2),
  );

export const deviationOf = (values: readonly number[], period: number) =>
  windowed(values, period, (window) => {
    const middle = mean(window);
    return Math.sqrt(mean(window.map((value) => (value - middle) ** 2)));
  });

export function rsiOf(values: readonly number[], period: number): number[] {
  const changes = values.map((value, row) => (row === 0 ? Number.NaN : value - values[row - 1]));
  const gains = wilderOf(
    changes.map((change) => (Number.isNaN(change) ? change : Math.max(change, 0))),
    period,
  );
  const losses = wilderOf(
    changes.map((change) => (Number.isNaN(change) ? change : Math.max(-change, 0))),
    period,
  );
  return gains.map((gain, row) => 100 - 100 / (1 + gain / losses[row]));
}

export const column = (bars: BarSeries, price: 'open' | 'high' | 'low' | 'close' | 'volume') => [
  ...bars[price].subarray(0, bars.length),
];
export const typicalOf = ({ high, low, close, length }: BarSeries) =>
  Array.from({ length }, (_, row) => (high[row] + low[row] + close[row]) / 3);

export const highestOf = (values: readonly number[], period: number) =>
  windowed(values, period, (window) => Math.max(...window));
export const lowestOf = (values: readonly number[], period: number) =>
  windowed(values, period, (window) => Math.min(...window));

export function trueRanges({ high, low, close, length }: BarSeries): number[] {
  return Array.from({ length }, (_, row) =>
    row === 0
      ? Number.NaN
      : Math.max(
          high[row] - low[row],
          Math.abs(high[row] - close[row - 1]),
          Math.abs(low[row] - close[row - 1]),
        ),
  );
}

export const both = (
  one: readonly number[],
  other: readonly number[],
  answer: (a: number, b: number) => number,
) => one.map((value, row) => answer(value, other[row]));

/** SuperTrend of 10 bars and 3 ranges. */
export function trendOf(bars: BarSeries) {
  const range = wilderOf(trueRanges(bars), 10);
  const line: number[] = [];
  const direction: number[] = [];
  let upper = Number.POSITIVE_INFINITY;
  let lower = Number.NEGATIVE_INFINITY;
  let up = false;
  for (let row = 0; row < bars.length; row++) {
    if (Number.isNaN(range[row])) {
      line.push(Number.NaN);
      direction.push(Number.NaN);
      continue;
    }
    const middle = (bars.high[row] + bars.low[row]) / 2;
    const before = bars.close[row - 1];
    upper = before > upper ? middle + 3 * range[row] : Math.min(upper, middle + 3 * range[row]);
    lower = before < lower ? middle - 3 * range[row] : Math.max(lower, middle - 3 * range[row]);
    if (up && bars.close[row] < lower) up = false;
    else if (!up && bars.close[row] > upper) up = true;
    line.push(up ? lower : upper);
    direction.push(up ? 1 : -1);
  }
  return { line, direction };
}
