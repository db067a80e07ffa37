import { BarSeries } from '../domain/bar-series.ts';

/** A causal indicator of one input: give it the next value, get the indicator's. NaN while warming up; a NaN input is skipped and answers NaN. */
export interface Kernel {
  next(value: number): number;
  /**
   * Takes `count` values from `source[from]` on, one after the other, and writes the answers from `target[at]` on.
   * Both may be the same place, so a value is read before its answer is written.
   */
  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void;
}

/** A causal indicator of whole bars. `newSession` is called before the first bar of a trading day. */
export interface BarKernel {
  next(open: number, high: number, low: number, close: number, volume: number): number;
  /** Takes `count` bars from row `from` on, one after the other, and writes the answers from `target[at]` on. */
  fill(bars: BarSeries, from: number, target: Float64Array, at: number, count: number): void;
  newSession?(): void;
}

/** A causal indicator of two inputs that move together, such as a stock and its index. A bar on which either is NaN is skipped. */
export interface PairKernel {
  /** Takes `count` pairs, `one` from `fromOne` on and `other` from `fromOther` on, and writes the answers from `target[at]` on. */
  fill(
    one: Float64Array,
    fromOne: number,
    other: Float64Array,
    fromOther: number,
    target: Float64Array,
    at: number,
    count: number,
  ): void;
}

/**
 * A causal indicator that answers with several lines, such as MACD with its signal: the answers of the i-th of `lines` go
 * into the i-th target. The targets are places of their own and never the source's.
 */
export interface LinesKernel<Source extends Float64Array | BarSeries, Name extends string> {
  readonly lines: readonly Name[];
  fill(source: Source, from: number, targets: readonly Float64Array[], at: number, count: number): void;
  newSession?(): void;
}

export type ValueLinesKernel<Name extends string> = LinesKernel<Float64Array, Name>;
export type BarLinesKernel<Name extends string> = LinesKernel<BarSeries, Name>;

// A kernel writes its step once, inside `fill`, where its state lives in registers; `next` is a fill of one.
// Called once a bar instead, V8 boxes the number on its way in and out and keeps the state in memory:
// two EMAs over 465,000 bars then cost 25 ns a bar. State is in plain fields marked `private`, which #names double.

/** `next` in terms of `fill`. */
export abstract class ValueKernel implements Kernel {
  private readonly cell = new Float64Array(1);

  abstract fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void;

  next(value: number): number {
    this.cell[0] = value;
    this.fill(this.cell, 0, this.cell, 0, 1);
    return this.cell[0];
  }
}

/** `next` in terms of `fill`, for whole bars. */
export abstract class WholeBarKernel implements BarKernel {
  private readonly cell = new Float64Array(1);
  private readonly bar = new BarSeries('', '1m', 1);

  abstract fill(bars: BarSeries, from: number, target: Float64Array, at: number, count: number): void;

  next(open: number, high: number, low: number, close: number, volume: number): number {
    this.bar.open[0] = open;
    this.bar.high[0] = high;
    this.bar.low[0] = low;
    this.bar.close[0] = close;
    this.bar.volume[0] = volume;
    this.fill(this.bar, 0, this.cell, 0, 1);
    return this.cell[0];
  }
}

/** Working memory of a kernel made of others: as long as the longest block so far, and used again for every other. */
export class Scratch {
  private values = new Float64Array(0);

  of(count: number): Float64Array {
    if (this.values.length < count) this.values = new Float64Array(count);
    return this.values;
  }
}

/** Highs and lows of `count` bars from row `from` on; NaN for a bar whose high, low or close is NaN, so that windows skip it as a whole. */
export function wholeRanges(
  { high, low, close }: BarSeries,
  from: number,
  count: number,
  highs: Float64Array,
  lows: Float64Array,
  at = 0,
): void {
  for (let i = 0; i < count; i++) {
    const row = from + i;
    const whole = !Number.isNaN(high[row] + low[row] + close[row]);
    highs[at + i] = whole ? high[row] : Number.NaN;
    lows[at + i] = whole ? low[row] : Number.NaN;
  }
}
