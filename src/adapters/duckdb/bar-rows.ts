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
  const found = await readManyBars(session, [entry]);
  return found.get(entry.id) ?? new BarSeries(entry.key, entry.timeframe);
}

/** All bars of many series, by id, in one pass over each table: a statement for each would take longer than its bars. */
export async function readManyBars(
  session: Session,
  entries: readonly SeriesEntry[],
): Promise<ReadonlyMap<number, BarSeries>> {
  const found = new Map<number, BarSeries>();
  for (const entry of entries) {
    const series = new BarSeries(entry.key, entry.timeframe, entry.bars);
    if (entry.openInterest) series.openInterest = new Float64Array(entry.bars);
    found.set(entry.id, series);
  }
  for (const table of new Set(entries.map(tableOf)))
    await readTable(
      session,
      entries.filter((entry) => tableOf(entry) === table),
      found,
    );
  return found;
}

/** Series of one table. */
async function readTable(
  session: Session,
  entries: readonly SeriesEntry[],
  found: ReadonlyMap<number, BarSeries>,
): Promise<void> {
  const { duckdb } = session;
  const [{ openInterest, stepsPerRupee, id: first }] = entries;
  const steps = new Map(entries.map((entry) => [entry.id, entry.stepsPerRupee]));
  const ids = entries.map(({ id }) => id).sort((a, b) => a - b);
  const columns = `time, open, high, low, close, volume${openInterest ? ', oi' : ''}`;
  // The range lets the database skip what lies outside it; within, the list picks.
  const wanted =
    ids.length === 1
      ? `series = ${first}`
      : `series BETWEEN ${ids[0]} AND ${ids.at(-1)} AND series IN (${ids.join(', ')})`;
  // Chunk by chunk as the table is read: a whole result would be copied once more before its first row is seen.
  const result = await session.stream(
    `SELECT ${columns}${ids.length === 1 ? '' : ', series'} FROM ${tableOf(entries[0])} WHERE ${wanted}`,
  );
  const plain = stepsPerRupee === unscaled;
  const numbers = plain ? doubles : wholes;
  const wholeVolume = duckdb.column_type(result, 5) === duckdb.Type.INTEGER;
  for (;;) {
    const chunk = await session.next(result);
    const size = chunk ? duckdb.data_chunk_get_size(chunk) : 0;
    if (!chunk || size === 0) break;
    const [time, open, high, low, close] = [0, 1, 2, 3, 4].map((column) =>
      numbers(duckdb, chunk, column, size),
    );
    const volume = (wholeVolume ? wholes : doubles)(duckdb, chunk, 5, size);
    const interest = openInterest ? numbers(duckdb, chunk, 6, size) : undefined;
    const owners = ids.length === 1 ? undefined : wholes(duckdb, chunk, openInterest ? 7 : 6, size);
    for (let from = 0; from < size; ) {
      const id = owners?.[from] ?? first;
      let to = owners ? from + 1 : size;
      while (owners && to < size && owners[to] === id) to += 1;
      const series = found.get(id);
      const at = series?.length ?? 0;
      // More rows than were counted when they were saved: the columns end here, and their checksum tells.
      if (series && at + to - from <= series.time.length) {
        const step = plain ? 1 : (steps.get(id) ?? 1);
        spread(time.subarray(from, to), plain ? 1 : minuteMs, series.time, at);
        shrink(open.subarray(from, to), step, series.open, at);
        shrink(high.subarray(from, to), step, series.high, at);
        shrink(low.subarray(from, to), step, series.low, at);
        shrink(close.subarray(from, to), step, series.close, at);
        series.volume.set(volume.subarray(from, to), at);
        if (interest && series.openInterest) uncover(interest.subarray(from, to), series.openInterest, at);
        series.length = at + to - from;
      }
      from = to;
    }
  }
}

function wholes(duckdb: DuckDb, chunk: DataChunk, column: number, size: number): Int32Array {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), size * 4);
  return new Int32Array(data.buffer, data.byteOffset, size);
}

function doubles(duckdb: DuckDb, chunk: DataChunk, column: number, size: number): Float64Array {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), size * 8);
  return new Float64Array(data.buffer, data.byteOffset, size);
}

function spread(from: Int32Array | Float64Array, factor: number, to: Float64Array, at: number): void {
  for (let row = 0; row < from.length; row++) to[at + row] = from[row] * factor;
}

function shrink(from: Int32Array | Float64Array, divisor: number, to: Float64Array, at: number): void {
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
