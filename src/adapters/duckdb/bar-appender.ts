import type { Appender, DataChunk } from '@duckdb/node-bindings';
import type { BarSeries } from '../../domain/bar-series.ts';
import { minuteMs } from '../../domain/time.ts';
import { type BarPlace, tableOf, unknownInterest } from './bar-rows.ts';
import type { DuckDb, Session } from './database.ts';
import { unscaled } from './price-scale.ts';

// The library's own vector size: a chunk never holds more.
const chunkRows = 2_048;

/** Bars on their way into the tables. One appender a table and one chunk for many series, since making either costs as much as a thousand rows. */
export class BarAppender {
  readonly #session: Session;
  readonly #tables = new Map<string, TableAppender>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes rows `from` onwards. What the series had there before is gone already. */
  append(place: BarPlace, series: BarSeries, from: number): void {
    this.#session.guard(() => {
      const name = tableOf(place);
      const table = this.#tables.get(name) ?? new TableAppender(this.#session, name, place);
      this.#tables.set(name, table);
      table.append(place, series, from);
    });
  }

  /** Hands over what is left. Nothing else may be done with the session before. */
  close(): void {
    this.#session.guard(() => {
      for (const table of this.#tables.values()) table.close();
    });
    this.#tables.clear();
  }
}

/** The columns of one table, filled until they make a chunk. */
class TableAppender {
  readonly #duckdb: DuckDb;
  readonly #appender: Appender;
  readonly #chunk: DataChunk;
  readonly #ids = new Int32Array(chunkRows);
  readonly #time: Int32Array | Float64Array;
  readonly #prices: readonly (Int32Array | Float64Array)[];
  readonly #volume: Int32Array | Float64Array;
  readonly #interest: Int32Array | Float64Array | undefined;
  #rows = 0;

  constructor({ duckdb, connection }: Session, name: string, { stepsPerRupee, openInterest }: BarPlace) {
    this.#duckdb = duckdb;
    this.#appender = duckdb.appender_create(connection, null, name);
    const whole = duckdb.create_logical_type(duckdb.Type.INTEGER);
    const field = stepsPerRupee === unscaled ? duckdb.create_logical_type(duckdb.Type.DOUBLE) : whole;
    // Files of the first layout hold every volume as a double.
    const volume = duckdb.appender_column_type(this.#appender, 6);
    const fields = [whole, field, field, field, field, field, volume];
    this.#chunk = duckdb.create_data_chunk(openInterest ? [...fields, field] : fields);
    const column = () => (field === whole ? new Int32Array(chunkRows) : new Float64Array(chunkRows));
    this.#time = column();
    this.#prices = [column(), column(), column(), column()];
    const wholeVolume = duckdb.get_type_id(volume) === duckdb.Type.INTEGER;
    this.#volume = wholeVolume ? new Int32Array(chunkRows) : new Float64Array(chunkRows);
    this.#interest = openInterest ? column() : undefined;
  }

  append({ id, stepsPerRupee }: BarPlace, series: BarSeries, from: number): void {
    const plain = stepsPerRupee === unscaled;
    const prices = [series.open, series.high, series.low, series.close];
    let at = from;
    while (at < series.length) {
      const rows = this.#rows;
      const size = Math.min(chunkRows - rows, series.length - at);
      this.#ids.fill(id, rows, rows + size);
      if (plain) copy(series.time, at, size, this.#time, rows);
      else shrink(series.time, at, size, minuteMs, this.#time, rows);
      for (let column = 0; column < 4; column++) {
        if (plain) copy(prices[column], at, size, this.#prices[column], rows);
        else scale(prices[column], at, size, stepsPerRupee, this.#prices[column], rows);
      }
      copy(series.volume, at, size, this.#volume, rows);
      if (this.#interest && series.openInterest) cover(series.openInterest, at, size, this.#interest, rows);
      this.#rows += size;
      at += size;
      if (this.#rows === chunkRows) this.#send();
    }
  }

  close(): void {
    if (this.#rows > 0) this.#send();
    this.#duckdb.appender_close_sync(this.#appender);
  }

  #send(): void {
    const duckdb = this.#duckdb;
    const chunk = this.#chunk;
    duckdb.data_chunk_reset(chunk);
    const columns = [this.#ids, this.#time, ...this.#prices, this.#volume];
    if (this.#interest) columns.push(this.#interest);
    for (const [at, values] of columns.entries()) {
      const vector = duckdb.data_chunk_get_vector(chunk, at);
      const bytes = this.#rows * values.BYTES_PER_ELEMENT;
      duckdb.copy_data_to_vector(vector, 0, bufferOf(values), 0, bytes);
    }
    duckdb.data_chunk_set_size(chunk, this.#rows);
    duckdb.append_data_chunk(this.#appender, chunk);
    this.#rows = 0;
  }
}

function copy(
  from: Float64Array,
  at: number,
  size: number,
  to: Int32Array | Float64Array,
  into: number,
): void {
  for (let row = 0; row < size; row++) to[into + row] = from[at + row];
}

function shrink(
  from: Float64Array,
  at: number,
  size: number,
  divisor: number,
  to: Int32Array | Float64Array,
  into: number,
): void {
  for (let row = 0; row < size; row++) to[into + row] = from[at + row] / divisor;
}

function scale(
  from: Float64Array,
  at: number,
  size: number,
  factor: number,
  to: Int32Array | Float64Array,
  into: number,
): void {
  for (let row = 0; row < size; row++) to[into + row] = Math.round(from[at + row] * factor);
}

function cover(
  from: Float64Array,
  at: number,
  size: number,
  to: Int32Array | Float64Array,
  into: number,
): void {
  for (let row = 0; row < size; row++) {
    const units = from[at + row];
    to[into + row] = Number.isNaN(units) ? unknownInterest : units;
  }
}

// The library's type knows no shared memory; these buffers are our own.
function bufferOf(values: Int32Array | Float64Array): ArrayBuffer {
  return values.buffer as ArrayBuffer;
}
