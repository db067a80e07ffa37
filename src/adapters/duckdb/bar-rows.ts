import type { DataChunk, Vector } from '@duckdb/node-bindings';
import { BarSeries } from '../../domain/bar-series.ts';
import { minuteMs } from '../../domain/time.ts';
import type { DuckDb, Session } from './database.ts';
import { unscaled } from './price-scale.ts';
import type { SeriesEntry } from './tables.ts';

// The library's own vector size: a chunk never holds more.
const chunkRows = 2_048;

/** In place of an open interest that is not known. */
const unknownInterest = -1;

/** Where the bars of a series lie. */
type Place = Pick<SeriesEntry, 'id' | 'stepsPerRupee' | 'openInterest'>;

function tableOf({ stepsPerRupee, openInterest }: Place): string {
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

function cover(from: Float64Array, at: number, size: number, to: Int32Array | Float64Array): void {
  for (let row = 0; row < size; row++)
    to[row] = Number.isNaN(from[at + row]) ? unknownInterest : from[at + row];
}

/** Removes a series' bars from an instant on. */
export async function deleteBars(session: Session, entry: SeriesEntry, fromTime: number): Promise<void> {
  const edge = entry.stepsPerRupee === unscaled ? fromTime : fromTime / minuteMs;
  await session.run(
    `DELETE FROM ${tableOf(entry)} WHERE series = ${entry.id} AND time >= ${edge.toExponential()}`,
  );
}

/** Appends rows `from` onwards to the series' table. */
export function appendBars(session: Session, target: Place, series: BarSeries, from: number): void {
  session.guard(() => {
    const { duckdb, connection } = session;
    const plain = target.stepsPerRupee === unscaled;
    const whole = duckdb.create_logical_type(duckdb.Type.INTEGER);
    const double = duckdb.create_logical_type(duckdb.Type.DOUBLE);
    const field = plain ? double : whole;
    const appender = duckdb.appender_create(connection, null, tableOf(target));
    // Files of the first layout hold every volume as a double.
    const volumeType = duckdb.appender_column_type(appender, 6);
    const wholeVolume = duckdb.get_type_id(volumeType) === duckdb.Type.INTEGER;
    const interest = target.openInterest ? series.openInterest : undefined;
    const fields = [whole, field, field, field, field, field, volumeType];
    const chunk = duckdb.create_data_chunk(interest ? [...fields, field] : fields);
    const ids = new Int32Array(chunkRows).fill(target.id);
    const steps = new Int32Array(chunkRows);
    const prices = [series.open, series.high, series.low, series.close];
    for (let at = from; at < series.length; at += chunkRows) {
      const size = Math.min(chunkRows, series.length - at);
      duckdb.data_chunk_reset(chunk);
      const vector = (column: number): Vector => duckdb.data_chunk_get_vector(chunk, column);
      const putDoubles = (column: number, values: Float64Array) =>
        duckdb.copy_data_to_vector(vector(column), 0, bufferOf(values), values.byteOffset + at * 8, size * 8);
      const putInterest = (values: Int32Array | Float64Array, known: Float64Array) => {
        cover(known, at, size, values);
        const bytes = size * values.BYTES_PER_ELEMENT;
        duckdb.copy_data_to_vector(vector(7), 0, bufferOf(values), 0, bytes);
      };
      const putWholes = (column: number, values: Int32Array) =>
        duckdb.copy_data_to_vector(vector(column), 0, bufferOf(values), 0, size * 4);
      putWholes(0, ids);
      if (plain) putDoubles(1, series.time);
      else {
        for (let row = 0; row < size; row++) steps[row] = series.time[at + row] / minuteMs;
        putWholes(1, steps);
      }
      for (let column = 0; column < 4; column++) {
        if (plain) putDoubles(column + 2, prices[column]);
        else {
          scale(prices[column], at, size, target.stepsPerRupee, steps);
          putWholes(column + 2, steps);
        }
      }
      if (wholeVolume) {
        steps.set(series.volume.subarray(at, at + size));
        putWholes(6, steps);
      } else putDoubles(6, series.volume);
      if (interest) putInterest(plain ? new Float64Array(size) : steps, interest);
      duckdb.data_chunk_set_size(chunk, size);
      duckdb.append_data_chunk(appender, chunk);
    }
    duckdb.appender_close_sync(appender);
  });
}

function scale(from: Float64Array, at: number, size: number, factor: number, to: Int32Array): void {
  for (let row = 0; row < size; row++) to[row] = Math.round(from[at + row] * factor);
}

// Columns that came out of worker memory could be shared buffers; the library copies from either.
function bufferOf(values: Int32Array | Float64Array): ArrayBuffer {
  return values.buffer as ArrayBuffer;
}
