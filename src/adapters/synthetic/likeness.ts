import type { BarSeries } from '../../domain/bar-series.ts';
import { istDayNumber } from '../../domain/time.ts';

/** A property of real prices beside the same property of invented ones. */
export interface Likeness {
  readonly measure: string;
  /** What NSE's data showed; a single year of a real market strays as far as this range. */
  readonly target: string;
  /** NaN when the market is too short to say. */
  readonly measured: number;
}

/**
 * Measures one-minute series of an invented market against the figures it was calibrated to: NSE minute data 2021–2024 and
 * daily data 2010–2024. Pure; reads whole days only.
 */
export function measureLikeness(index: BarSeries, stocks: readonly BarSeries[]): readonly Likeness[] {
  const market = describe(index);
  const listed = stocks.map(describe);
  return [
    { measure: 'index: volatility, % a year', target: '9 to 21', measured: market.annualVolatility },
    { measure: 'index: excess kurtosis of minutes', target: '12 to 15', measured: market.kurtosis },
    {
      measure: 'index: autocorrelation of |minute return|, 1 bar',
      target: '0.28',
      measured: market.memory(1),
    },
    {
      measure: 'index: autocorrelation of |minute return|, 5 bars',
      target: '0.21 to 0.23',
      measured: market.memory(5),
    },
    {
      measure: 'index: autocorrelation of |minute return|, 30 bars',
      target: '0.18 to 0.20',
      measured: market.memory(30),
    },
    { measure: 'index: first 15 minutes against the middle, moves', target: '2.4', measured: market.opening },
    { measure: 'index: overnight share of variance', target: '0.32 to 0.35', measured: market.gapShare },
    {
      measure: 'stocks: volatility, % a year',
      target: '28 to 39',
      measured: mean(listed.map((one) => one.annualVolatility)),
    },
    {
      measure: 'stocks: excess kurtosis of minutes',
      target: '3 to 14',
      measured: mean(listed.map((one) => one.kurtosis)),
    },
    {
      measure: 'stocks: first 15 minutes against the middle, moves',
      target: '2.8 to 2.9',
      measured: mean(listed.map((one) => one.opening)),
    },
    {
      measure: 'stocks: first 15 minutes against the middle, volume',
      target: '3.6 to 4.1',
      measured: mean(listed.map((one) => one.openingVolume)),
    },
    {
      measure: 'stocks: overnight share of variance',
      target: '0.15 to 0.19',
      measured: mean(listed.map((one) => one.gapShare)),
    },
    {
      measure: 'stocks: correlation of minutes with the index',
      target: '0.20 to 0.76',
      measured: mean(stocks.map((stock) => correlation(index, stock))),
    },
    {
      measure: 'stocks: share of minutes without a move',
      target: '0.04 to 0.43',
      measured: mean(listed.map((one) => one.still)),
    },
  ];
}

function describe(series: BarSeries) {
  const returns = minuteReturns(series);
  const { gaps, days } = dailyReturns(series);
  const sizes = returns.map(Math.abs);
  const firstRows = rowsOfDay(series, 0, 15);
  const middleRows = rowsOfDay(series, 120, 240);
  return {
    annualVolatility: Math.sqrt(variance(days) * 250) * 100,
    gapShare: variance(gaps) / variance(days),
    kurtosis: kurtosis(returns),
    memory: (lag: number) => autocorrelation(sizes, lag),
    opening: meanAt(sizes, firstRows) / meanAt(sizes, middleRows),
    openingVolume: meanAt(series.volume, firstRows) / meanAt(series.volume, middleRows),
    still: returns.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) / returns.length,
  };
}

/** Close over the close before; the first minute of a day over its own open. One for each bar. */
function minuteReturns(series: BarSeries): Float64Array {
  const returns = new Float64Array(series.length);
  for (let row = 0; row < series.length; row++) {
    const from = row === 0 || opensDay(series, row) ? series.open[row] : series.close[row - 1];
    returns[row] = series.close[row] / from - 1;
  }
  return returns;
}

function dailyReturns(series: BarSeries): { gaps: number[]; days: number[] } {
  const gaps: number[] = [];
  const days: number[] = [];
  let previousClose = Number.NaN;
  for (let row = 0; row < series.length; row++) {
    if (row > 0 && opensDay(series, row)) {
      const lastClose = series.close[row - 1];
      if (previousClose > 0) days.push(lastClose / previousClose - 1);
      gaps.push(series.open[row] / lastClose - 1);
      previousClose = lastClose;
    }
  }
  return { gaps, days };
}

function rowsOfDay(series: BarSeries, from: number, to: number): number[] {
  const rows: number[] = [];
  let first = 0;
  for (let row = 0; row < series.length; row++) {
    if (opensDay(series, row)) first = row;
    if (row - first >= from && row - first < to) rows.push(row);
  }
  return rows;
}

function opensDay({ time }: BarSeries, row: number): boolean {
  return row === 0 || istDayNumber(time[row]) !== istDayNumber(time[row - 1]);
}

function correlation(index: BarSeries, stock: BarSeries): number {
  const ofIndex = minuteReturns(index);
  const ofStock = minuteReturns(stock);
  const left: number[] = [];
  const right: number[] = [];
  for (let row = 0; row < stock.length; row++) {
    const twin = index.rowAt(stock.time[row]);
    if (twin === index.length || index.time[twin] !== stock.time[row]) continue;
    left.push(ofIndex[twin]);
    right.push(ofStock[row]);
  }
  return covariance(left, right) / Math.sqrt(variance(left) * variance(right));
}

type Numbers = Float64Array | readonly number[];

function mean(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function meanAt(values: Numbers, rows: readonly number[]): number {
  let sum = 0;
  for (const row of rows) sum += values[row];
  return sum / rows.length;
}

function variance(values: Numbers): number {
  return covariance(values, values);
}

function covariance(left: Numbers, right: Numbers): number {
  const leftMean = mean(left);
  const rightMean = mean(right);
  let sum = 0;
  for (let row = 0; row < left.length; row++) sum += (left[row] - leftMean) * (right[row] - rightMean);
  return sum / left.length;
}

function kurtosis(values: Numbers): number {
  const centre = mean(values);
  let fourth = 0;
  for (const value of values) fourth += (value - centre) ** 4;
  return fourth / values.length / variance(values) ** 2 - 3;
}

function autocorrelation(values: Float64Array, lag: number): number {
  const centre = mean(values);
  let sum = 0;
  for (let row = lag; row < values.length; row++)
    sum += (values[row] - centre) * (values[row - lag] - centre);
  return sum / values.length / variance(values);
}
