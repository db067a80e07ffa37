import type { Connection, Database, DataChunk, PreparedStatement } from '@duckdb/node-bindings';
import { codeOf, DataError, messageOf } from '../../domain/errors.ts';
import type { DuckDb } from './database.ts';

/** How the time column is stored: a wall clock, instants, numbers since 1970, or text to be parsed by whoever reads. */
export type ParquetTime = 'day' | 'wall' | 'instant' | 'number' | 'text';

/** Which columns to read, by name. Only time and prices are needed. */
export interface ParquetSelection {
  readonly time: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume?: string | undefined;
  /** Numbers that describe the row, such as lot and strike. */
  readonly numbers: readonly string[];
  /** Text columns, dates among them as YYYY-MM-DD. */
  readonly texts: readonly string[];
}

/** Up to 2,048 rows as columns. NaN where the file has null. `time` is epoch ms, for a wall clock as if it were UTC. */
export interface ParquetChunk {
  readonly length: number;
  readonly time: Float64Array;
  readonly timeTexts: readonly string[];
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly numbers: readonly Float64Array[];
  readonly texts: readonly (readonly string[])[];
}

export interface ParquetFile {
  readonly columns: readonly string[];
  timeKind(column: string): ParquetTime;
  read(selection: ParquetSelection, take: (chunk: ParquetChunk) => void): Promise<void>;
  close(): void;
}

/**
 * Opens a Parquet file in a database of its own in memory. `name` is what messages call it.
 * @throws DataError DATA_PARQUET in DuckDB's words when the file cannot be read, or a column is not of a usable type
 */
export async function openParquet(path: string, name: string): Promise<ParquetFile> {
  const { default: duckdb } = await import('@duckdb/node-bindings');
  const config = duckdb.create_config();
  duckdb.set_config(config, 'autoinstall_known_extensions', 'false');
  duckdb.set_config(config, 'autoload_known_extensions', 'false');
  const database = await duckdb.open(':memory:', config);
  const connection = await duckdb.connect(database);
  try {
    const statement = await prepared(duckdb, connection, path, 'SELECT * FROM read_parquet(?) LIMIT 0');
    const result = await duckdb.execute_prepared(statement);
    const columns: string[] = [];
    const types = new Map<string, number>();
    for (let column = 0; column < duckdb.column_count(result); column++) {
      const title = duckdb.column_name(result, column);
      columns.push(title);
      types.set(title, duckdb.column_type(result, column));
    }
    return {
      columns,
      timeKind: (column) => timeKindOf(duckdb, types.get(column), name, column),
      async read(selection, take) {
        try {
          const kind = timeKindOf(duckdb, types.get(selection.time), name, selection.time);
          await readChunks({ duckdb, connection, path }, selection, kind, take);
        } catch (cause) {
          throw parquetError(name, cause);
        }
      },
      close: () => release(duckdb, connection, database),
    };
  } catch (cause) {
    release(duckdb, connection, database);
    throw parquetError(name, cause);
  }
}

function release(duckdb: DuckDb, connection: Connection, database: Database): void {
  duckdb.disconnect_sync(connection);
  duckdb.close_sync(database);
}

interface Source {
  readonly duckdb: DuckDb;
  readonly connection: Connection;
  readonly path: string;
}

async function prepared(
  duckdb: DuckDb,
  connection: Connection,
  path: string,
  sql: string,
): Promise<PreparedStatement> {
  const statement = await duckdb.prepare(connection, sql);
  // Brackets and stars would be read as a pattern of file names; a class of one character means itself.
  duckdb.bind_varchar(statement, 1, path.replace(/[*?[]/g, '[$&]'));
  return statement;
}

async function readChunks(
  { duckdb, connection, path }: Source,
  selection: ParquetSelection,
  kind: ParquetTime,
  take: (chunk: ParquetChunk) => void,
): Promise<void> {
  const number = (column: string) => `coalesce(${identifier(column)}::DOUBLE, 'nan'::DOUBLE)`;
  const text = (column: string) => `coalesce(${identifier(column)}::VARCHAR, '')`;
  const { time, open, high, low, close, volume, numbers, texts } = selection;
  const parts = [
    kind === 'text' || kind === 'number'
      ? `'nan'::DOUBLE`
      : `coalesce(epoch_ms(${identifier(time)}${kind === 'instant' ? '' : '::TIMESTAMP'})::DOUBLE, 'nan'::DOUBLE)`,
    ...[open, high, low, close].map(number),
    volume === undefined ? '0::DOUBLE' : number(volume),
    ...numbers.map(number),
    ...(kind === 'text' || kind === 'number' ? [text(time)] : []),
    ...texts.map(text),
  ];
  const statement = await prepared(
    duckdb,
    connection,
    path,
    `SELECT ${parts.join(', ')} FROM read_parquet(?)`,
  );
  const result = await duckdb.execute_prepared_streaming(statement);
  const doubles = 6 + numbers.length;
  for (;;) {
    const chunk = await duckdb.fetch_chunk(result);
    const length = chunk ? duckdb.data_chunk_get_size(chunk) : 0;
    if (!chunk || length === 0) return;
    const columns = Array.from({ length: doubles }, (_, column) => doublesOf(duckdb, chunk, column, length));
    const words = Array.from({ length: parts.length - doubles }, (_, column) =>
      textsOf(duckdb, chunk, doubles + column, length),
    );
    const timed = kind === 'text' || kind === 'number';
    take({
      length,
      time: columns[0],
      timeTexts: timed ? words[0] : [],
      open: columns[1],
      high: columns[2],
      low: columns[3],
      close: columns[4],
      volume: columns[5],
      numbers: columns.slice(6),
      texts: timed ? words.slice(1) : words,
    });
  }
}

function doublesOf(duckdb: DuckDb, chunk: DataChunk, column: number, length: number): Float64Array {
  const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), length * 8);
  return new Float64Array(data.buffer, data.byteOffset, length);
}

/** Texts of a column; neighbours are often equal, and comparing bytes is cheaper than making a string. */
function textsOf(duckdb: DuckDb, chunk: DataChunk, column: number, length: number): string[] {
  // A string slot has 16 bytes: its length, then the text itself up to 12 bytes, or 4 bytes and a pointer.
  const slotBytes = 16;
  const inlineBytes = 12;
  const vector = duckdb.data_chunk_get_vector(chunk, column);
  const slots = duckdb.vector_get_data(vector, length * slotBytes);
  const memory = slots.buffer as ArrayBuffer;
  const data = Buffer.from(memory, slots.byteOffset, slots.byteLength);
  const texts: string[] = new Array(length);
  for (let row = 0; row < length; row++) {
    const at = row * slotBytes;
    const same = row > 0 && data.compare(data, at - slotBytes, at, at, at + slotBytes) === 0;
    const size = data.readUInt32LE(at);
    if (same) texts[row] = texts[row - 1];
    else if (size <= inlineBytes) texts[row] = data.toString('utf8', at + 4, at + 4 + size);
    else
      texts[row] = Buffer.from(
        duckdb.get_data_from_pointer(memory, slots.byteOffset + at + 8, size),
      ).toString('utf8');
  }
  return texts;
}

function timeKindOf(duckdb: DuckDb, type: number | undefined, file: string, column: string): ParquetTime {
  const { Type } = duckdb;
  switch (type) {
    case Type.DATE:
      return 'day';
    case Type.TIMESTAMP:
    case Type.TIMESTAMP_S:
    case Type.TIMESTAMP_MS:
    case Type.TIMESTAMP_NS:
      return 'wall';
    case Type.TIMESTAMP_TZ:
      return 'instant';
    case Type.INTEGER:
    case Type.BIGINT:
    case Type.UINTEGER:
    case Type.UBIGINT:
      return 'number';
    case Type.VARCHAR:
      return 'text';
    default:
      throw new DataError(
        'DATA_PARQUET',
        `${file}, column "${column}": its type holds no time.`,
        'Write it as DATE, TIMESTAMP, epoch numbers or text, or name another with --columns time=….',
      );
  }
}

function identifier(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}

function parquetError(name: string, cause: unknown): unknown {
  if (codeOf(cause) !== '') return cause;
  return new DataError(
    'DATA_PARQUET',
    `${name} cannot be read as Parquet: ${messageOf(cause).split('\n', 1)[0]}`,
    'Write the file again; it may be cut off.',
    cause,
  );
}
