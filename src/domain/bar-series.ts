import { assert } from './errors.ts';
import type { InstrumentKey } from './instrument.ts';
import type { Timeframe } from './timeframe.ts';

/**
 * Closed bars of one instrument as columns, oldest first. `time` is each bar's opening instant in epoch ms;
 * prices are rupees; volume is units. Row `length - 1` is the newest closed bar. Columns may be longer than `length`.
 *
 * Only contracts have open interest and not every source tells it, so its column is absent until a row has one.
 */
export class BarSeries {
  readonly key: InstrumentKey;
  readonly timeframe: Timeframe;
  time: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  /** Units of the contract that are open when the bar closes; NaN where it is not known. */
  openInterest: Float64Array | undefined;
  length: number;
  /** Place of the series in the run that watches it, so that a bar finds its state without a look-up; -1 outside a run. */
  slot: number;

  constructor(key: InstrumentKey, timeframe: Timeframe, capacity = 0) {
    this.key = key;
    this.timeframe = timeframe;
    this.time = new Float64Array(capacity);
    this.open = new Float64Array(capacity);
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.close = new Float64Array(capacity);
    this.volume = new Float64Array(capacity);
    this.openInterest = undefined;
    this.length = 0;
    this.slot = -1;
  }

  /** Appends a closed bar; columns grow by doubling. Time must move forward. */
  append(time: number, open: number, high: number, low: number, close: number, volume: number): void {
    const row = this.length;
    assert(row === 0 || time > this.time[row - 1], 'bars move forward in time');
    if (row === this.time.length) this.#grow(Math.max(64, row * 2));
    this.time[row] = time;
    this.open[row] = open;
    this.high[row] = high;
    this.low[row] = low;
    this.close[row] = close;
    this.volume[row] = volume;
    this.length = row + 1;
  }

  /** Says the open interest of a row. */
  setOpenInterest(row: number, units: number): void {
    this.openInterest ??= unknowns(this.time.length);
    this.openInterest[row] = units;
  }

  /** Appends a bar of another series with all that is known of it. */
  appendRow(from: BarSeries, row: number): void {
    this.append(
      from.time[row],
      from.open[row],
      from.high[row],
      from.low[row],
      from.close[row],
      from.volume[row],
    );
    const units = interestAt(from, row);
    if (this.openInterest !== undefined || !Number.isNaN(units)) this.setOpenInterest(this.length - 1, units);
  }

  #grow(capacity: number): void {
    this.time = grown(this.time, capacity);
    this.open = grown(this.open, capacity);
    this.high = grown(this.high, capacity);
    this.low = grown(this.low, capacity);
    this.close = grown(this.close, capacity);
    this.volume = grown(this.volume, capacity);
    const { openInterest } = this;
    if (openInterest === undefined) return;
    this.openInterest = unknowns(capacity);
    this.openInterest.set(openInterest);
  }

  /** First row from `from` on whose time is at or after the instant; `length` when there is none. Near rows are found soonest. */
  rowAt(time: number, from = 0): number {
    let low = from;
    let high = this.length;
    if (from > 0) {
      let step = 64;
      while (low + step < high && this.time[low + step] < time) {
        low += step;
        step *= 2;
      }
      high = Math.min(high, low + step + 1);
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time[middle] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows `from` to `to` (exclusive) as a view on the same memory. */
  slice(from: number, to: number): BarSeries {
    const part = new BarSeries(this.key, this.timeframe);
    part.time = this.time.subarray(from, to);
    part.open = this.open.subarray(from, to);
    part.high = this.high.subarray(from, to);
    part.low = this.low.subarray(from, to);
    part.close = this.close.subarray(from, to);
    part.volume = this.volume.subarray(from, to);
    part.openInterest = this.openInterest?.subarray(from, to);
    part.length = to - from;
    return part;
  }
}

/** Whether any bar has a volume; indices and some vendors' files have none. */
export function hasVolume({ volume, length }: BarSeries): boolean {
  for (let row = 0; row < length; row++) if (volume[row] > 0) return true;
  return false;
}

/** Open interest of a row; NaN where it is not known. */
export function interestAt({ openInterest }: BarSeries, row: number): number {
  return openInterest === undefined ? Number.NaN : openInterest[row];
}

/** Whether the open interest of any bar is known. */
export function hasOpenInterest({ openInterest, length }: BarSeries): boolean {
  if (openInterest === undefined) return false;
  for (let row = 0; row < length; row++) if (!Number.isNaN(openInterest[row])) return true;
  return false;
}

function unknowns(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const next = new Float64Array(capacity);
  next.set(column);
  return next;
}

/** The same columns under another name. */
export function renamedBars(series: BarSeries, key: InstrumentKey): BarSeries {
  const { time, open, high, low, close, volume, openInterest, length } = series;
  const named = new BarSeries(key, series.timeframe);
  return Object.assign(named, { time, open, high, low, close, volume, openInterest, length });
}
