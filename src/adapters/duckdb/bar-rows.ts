import type { DataChunk } from '@duckdb/node-bindings';
import { BarSeries } from '../../domain/bar-series.ts';
import { minuteMs } from '../../domain/time.ts';
import type { DuckDb, Session } from './database.ts';
import { unscaled } from './price-scale.ts';
import type { SeriesEntry } from './tables.ts';

/** In place of an open interest that is not known. */
export const unknownInterest = -1;

/** Where the bars of a series lie. */
export type BarPlace = Pick<SeriesEntry, 'id' | 'stepsPerRupee' | 'openInterest'>;

export function tableOf({ stepsPerRupee, openInterest }: BarPlace): string {
  return `${stepsPerRupee === unscaled ? 'plain' : 'scaled'}${openInterest ? '_oi' : ''}_bars`;
}

/** All bars of a series, in the order they were written, which is oldest first. */
export async function readBars(session: Session, entry: SeriesEntry): Promise<BarSeries> {
  const { duckdb } = session;
  const { stepsPerRupee } = entry;
  const series = new BarSeries(entry.key, entry.timeframe, entry.bars);
  const { time, open, high, low, close, volume } = series;
  const prices = [open, high, low, close];
  // Chunk by chunk as the table is read: a whole result would be copied once more before its first row is seen.
  const result = await session.stream(
    `SELECT time, open, high, low, close, volume${entry.openInterest ? ', oi' : ''} FROM ${tableOf(entry)} WHERE series = ${entry.id}`,
  );
  const wholeVolume = duckdb.column_type(result, 5) === duckdb.Type.INTEGER;
  if (entry.openInterest) series.openInterest = new Float64Array(entry.bars);
  let at = 0;
  for (;;) {
    const chunk = await session.next(result);
    const size = chunk ? duckdb.data_chunk_get_size(chunk) : 0;
    if (!chunk || size === 0) break;
    // More rows than were counted when they were saved: the columns end here, and their checksum tells.
    if (at + size > entry.bars) break;
    if (stepsPerRupee === unscaled) {
      time.set(doubles(duckdb, chunk, 0, size), at);
      for (let column = 0; column < 4; column++)
        prices[column].set(doubles(duckdb, chunk, column + 1, size), at);
    } else {
      spread(wholes(duckdb, chunk, 0, size), minuteMs, time, at);
      for (let column = 0; column < 4; column++) {
        shrink(wholes(duckdb, chunk, column + 1, size), stepsPerRupee, prices[column], at);
      }
    }
    if (wholeVolume) volume.set(wholes(duckdb, chunk, 5, size), at);
    else volume.set(doubles(duckdb, chunk, 5, size), at);
    if (series.openInterest) {
      const plain = stepsPerRupee === unscaled;
      uncover(
        plain ? doubles(duckdb, chunk, 6, size) : wholes(duckdb, chunk, 6, size),
        series.openInterest,
        at,
      );
    }
    at += size;
  }
  series.length = at;
  return series;
}

/** All bars of many short series, by id, in one pass over each table: a statement for each would take longer than its bars. */
export async function readManyBars(
  session: Session,
  entries: readonly SeriesEntry[],
): Promise<ReadonlyMap<number, BarSeries>> {
  const { duckdb } = session;
  const found = new Map(
    entries.map((entry) => [entry.id, new BarSeries(entry.key, entry.timeframe, entry.bars)]),
  );
  const steps = new Map(entries.map(({ id, stepsPerRupee }) => [id, stepsPerRupee]));
  const places = new Map(entries.map((entry) => [tableOf(entry), entry]));
  for (const [table, place] of places) {
    const ids = entries.filter((entry) => tableOf(entry) === table).map(({ id }) => id);
    const result = await session.stream(
      `SELECT series, time, open, high, low, close, volume${place.openInterest ? ', oi' : ''} FROM ${table} WHERE series IN (${ids.join(', ')})`,
    );
    const plain = place.stepsPerRupee === unscaled;
    const wholeVolume = duckdb.column_type(result, 6) === duckdb.Type.INTEGER;
    for (;;) {
      const chunk = await session.next(result);
      const size = chunk ? duckdb.data_chunk_get_size(chunk) : 0;
      if (!chunk || size === 0) break;
      const column = (at: number) => (plain ? doubles : wholes)(duckdb, chunk, at, size);
      const [time, open, high, low, close] = [1, 2, 3, 4, 5].map(column);
      const volume = (wholeVolume ? wholes : doubles)(duckdb, chunk, 6, size);
      const interest = place.openInterest ? column(7) : undefined;
      const owners = wholes(duckdb, chunk, 0, size);
      for (let row = 0; row < size; row++) {
        const series = found.get(owners[row]);
        if (!series) continue;
        const step = plain ? 1 : (steps.get(owners[row]) ?? 1);
        const stamp = plain ? time[row] : time[row] * minuteMs;
        series.append(
          stamp,
          open[row] / step,
          high[row] / step,
          low[row] / step,
          close[row] / step,
          volume[row],
        );
        if (interest && interest[row] !== unknownInterest)
          series.setOpenInterest(series.length - 1, interest[row]);
      }
    }
  }
  return found;
}

function wholes(duckdb: DuckDb, chunk: DataChunk, column: number, size: number): Int32Array {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), size * 4);
  return new Int32Array(data.buffer, data.byteOffset, size);
}

function doubles(duckdb: DuckDb, chunk: DataChunk, column: number, size: number): Float64Array {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), size * 8);
  return new Float64Array(data.buffer, data.byteOffset, size);
}

function spread(from: Int32Array, factor: number, to: Float64Array, at: number): void {
  for (let row = 0; row < from.length; row++) to[at + row] = from[row] * factor;
}

function shrink(from: Int32Array, divisor: number, to: Float64Array, at: number): void {
  for (let row = 0; row < from.length; row++) to[at + row] = from[row] / divisor;
}

function uncover(from: Int32Array | Float64Array, to: Float64Array, at: number): void {
  for (let row = 0; row < from.length; row++)
    to[at + row] = from[row] === unknownInterest ? Number.NaN : from[row];
}

/** Removes a series' bars from an instant on. */
export async function deleteBars(session: Session, entry: SeriesEntry, fromTime: number): Promise<void> {
  const edge = entry.stepsPerRupee === unscaled ? fromTime : fromTime / minuteMs;
  await session.run(
    `DELETE FROM ${tableOf(entry)} WHERE series = ${entry.id} AND time >= ${edge.toExponential()}`,
  );
}
