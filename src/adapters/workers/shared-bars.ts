import { BarSeries } from '../../domain/bar-series.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import type { Timeframe } from '../../domain/timeframe.ts';

const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Bars in memory that every thread of the process reads: sent to a worker as they are, without a copy. */
export interface SharedBars {
  readonly key: InstrumentKey;
  readonly timeframe: Timeframe;
  readonly length: number;
  /** Float64 columns in the order time, open, high, low, close, volume. */
  readonly memory: SharedArrayBuffer;
}

/** Copies closed bars once into shared memory. Nobody may write to them after that. */
export function shareBars(series: BarSeries): SharedBars {
  const { key, timeframe, length } = series;
  const memory = new SharedArrayBuffer(columns.length * length * Float64Array.BYTES_PER_ELEMENT);
  const all = new Float64Array(memory);
  for (const [at, column] of columns.entries()) all.set(series[column].subarray(0, length), at * length);
  return { key, timeframe, length, memory };
}

/** A series of one thread's own on shared columns: its place in a run is not shared. */
export function seriesOf({ key, timeframe, length, memory }: SharedBars): BarSeries {
  const series = new BarSeries(key, timeframe);
  const all = new Float64Array(memory);
  for (const [at, column] of columns.entries()) series[column] = all.subarray(at * length, (at + 1) * length);
  series.length = length;
  return series;
}
