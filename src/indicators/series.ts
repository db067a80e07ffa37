import type { BarSeries } from '../domain/bar-series.ts';
import { StrategyError } from '../domain/errors.ts';

/** What a strategy sees of a line of values: the newest, the one before, and `ago(n)` bars back. NaN where there is none yet. */
export interface Series {
  readonly now: number;
  readonly prev: number;
  /** `ago(0)` is `now`. Values that do not exist yet are NaN; the future cannot be asked for. */
  ago(bars: number): number;
}

/** Where a run stands in its bars: rows up to and including `row` are closed; -1 before the first. */
export interface BarCursor {
  series: BarSeries;
  row: number;
}

export const prices = ['open', 'high', 'low', 'close', 'volume', 'hl2', 'hlc3'] as const;
export type Price = (typeof prices)[number];

/** Whether the bars hold the price itself, rather than what it is made of. */
export function isColumn(price: Price): price is Exclude<Price, 'hl2' | 'hlc3'> {
  return price !== 'hl2' && price !== 'hlc3';
}

/** A price of the bar at `row`, which must exist. Rupees; units for the volume. */
export function priceAt(series: BarSeries, row: number, price: Price): number {
  switch (price) {
    case 'close':
      return series.close[row];
    case 'open':
      return series.open[row];
    case 'high':
      return series.high[row];
    case 'low':
      return series.low[row];
    case 'volume':
      return series.volume[row];
    case 'hl2':
      return (series.high[row] + series.low[row]) / 2;
    case 'hlc3':
      return (series.high[row] + series.low[row] + series.close[row]) / 3;
  }
}

/** A price as a line. Reads the columns where the cursor stands, so it keeps nothing and knows the whole past. */
export class PriceSeries implements Series {
  readonly #cursor: BarCursor;
  readonly price: Price;

  constructor(cursor: BarCursor, price: Price) {
    this.#cursor = cursor;
    this.price = price;
  }

  get now(): number {
    const { series, row } = this.#cursor;
    return row >= 0 ? priceAt(series, row, this.price) : Number.NaN;
  }

  get prev(): number {
    const { series, row } = this.#cursor;
    return row >= 1 ? priceAt(series, row - 1, this.price) : Number.NaN;
  }

  ago(bars: number): number {
    checkPast(bars);
    const { series, row } = this.#cursor;
    return row >= bars ? priceAt(series, row - bars, this.price) : Number.NaN;
  }
}

/** How far back a strategy may look along an indicator. */
export const barsKept = 1_024;
/** How far ahead of the cursor lines are computed at most, a divisor of the ring's size. */
export const barsAhead = 512;
/** Room for the past, the block ahead and the part of a block that has passed. A power of two: a row's place is a mask. */
const placeMask = 2_047;

/**
 * An indicator's values around the cursor. They may be computed in blocks ahead of it, since a kernel sees one bar after
 * the other whatever the block; what lies beyond the cursor cannot be asked for.
 */
export class IndicatorLine implements Series {
  private readonly cursor: BarCursor;
  /** Row r at place r modulo 2,048. NaN where nothing was computed. */
  readonly values: Float64Array = new Float64Array(placeMask + 1).fill(Number.NaN);

  constructor(cursor: BarCursor) {
    this.cursor = cursor;
  }

  get now(): number {
    return this.values[this.cursor.row & placeMask];
  }

  get prev(): number {
    return this.values[(this.cursor.row - 1) & placeMask];
  }

  /** @throws StrategyError STRATEGY_HISTORY beyond the 1,024 values that are kept */
  ago(bars: number): number {
    checkPast(bars);
    if (bars < barsKept) return this.values[(this.cursor.row - bars) & placeMask];
    throw new StrategyError(
      'STRATEGY_HISTORY',
      `ago(${bars}) of an indicator is out of reach: its last ${barsKept} values are kept.`,
      `Ask for at most ago(${barsKept - 1}); prices such as close go back to the first bar.`,
    );
  }
}

/** Where a row's value stands in a line. */
export function placeOf(row: number): number {
  return row & placeMask;
}

function checkPast(bars: number): void {
  if (Number.isInteger(bars) && bars >= 0) return;
  throw new StrategyError(
    'STRATEGY_FUTURE',
    `ago(${bars}) was asked for, expected a whole number of bars from 0 on.`,
    'ago(0) is the newest closed bar and ago(1) the one before; the future cannot be asked for.',
  );
}
