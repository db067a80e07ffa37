import type { CorporateAction } from '../../domain/corporate-action.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { AnsweredDays, StoredSeries } from '../../engine/ports.ts';
import { damagedStore, type Session } from './database.ts';

/** A stored series and the number its bars carry. */
export interface SeriesEntry extends StoredSeries {
  readonly id: number;
}

/** Everything the store knows except the bars. Instruments sorted by key. */
export interface Contents {
  readonly instruments: readonly Instrument[];
  readonly series: readonly SeriesEntry[];
  /** Sorted by key and ex-day. */
  readonly actions: readonly CorporateAction[];
  /** Sorted by key, timeframe, source and day. */
  readonly answered: readonly AnsweredDays[];
}

/** In the order in which the store tells them. */
export function sortedContents({ instruments, series, actions, answered }: Contents): Contents {
  return {
    instruments: [...instruments].sort((a, b) => order(a.key, b.key)),
    series: [...series].sort((a, b) => a.id - b.id),
    actions: [...actions].sort((a, b) => order(a.key, b.key) || a.exDay - b.exDay),
    answered: [...answered].sort(
      (a, b) =>
        order(a.key, b.key) ||
        order(a.timeframe, b.timeframe) ||
        order(a.source, b.source) ||
        a.from - b.from,
    ),
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export const emptyContents: Contents = { instruments: [], series: [], actions: [], answered: [] };

// Layout 1 kept every volume as a double and let the library choose how to pack; layout 2 had no open interest. Their files are
// read as they are; the first save adds what they lack and leaves their bars where they lie.
const layoutVersion = 3;
const knownVersions = [1, 2, layoutVersion];

// Bars of every series lie in one of four tables, oldest first: those without open interest are spared the column. A bar needs 32-bit whole numbers only (minutes, steps of
// the series' price step, units traded) or, where that would round, float64 (milliseconds, rupees). The packing is named,
// because trying all of them takes longer than writing. No primary key: it makes writing three
// times slower, and the writer already knows every row of the series it changes.
const definition = `
  CREATE TABLE layout (version INTEGER NOT NULL);
  CREATE TABLE instruments (
    key VARCHAR NOT NULL, exchange VARCHAR NOT NULL, tradingsymbol VARCHAR NOT NULL, rules VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, tick_size DOUBLE NOT NULL, lot_size DOUBLE NOT NULL, has_derivatives BOOLEAN,
    underlying VARCHAR, expiry VARCHAR, strike DOUBLE, synthetic BOOLEAN
  );
  CREATE TABLE series (
    id INTEGER NOT NULL, key VARCHAR NOT NULL, timeframe VARCHAR NOT NULL, bars INTEGER NOT NULL, first DOUBLE NOT NULL,
    last DOUBLE NOT NULL, days INTEGER NOT NULL, steps_per_rupee INTEGER NOT NULL, checksum VARCHAR NOT NULL,
    open_interest BOOLEAN
  );
  CREATE TABLE scaled_bars (
    series INTEGER NOT NULL,
    ${['time', 'open', 'high', 'low', 'close', 'volume']
      .map((column) => `${column} INTEGER NOT NULL USING COMPRESSION bitpacking`)
      .join(', ')}
  );
  CREATE TABLE plain_bars (
    series INTEGER NOT NULL, time DOUBLE NOT NULL, open DOUBLE NOT NULL, high DOUBLE NOT NULL, low DOUBLE NOT NULL,
    close DOUBLE NOT NULL, volume DOUBLE NOT NULL
  );
`;

const scaledColumns = `s.key, s.timeframe, to_timestamp(b.time::DOUBLE * 60) AS time, b.open::DOUBLE / s.steps_per_rupee AS open,
  b.high::DOUBLE / s.steps_per_rupee AS high, b.low::DOUBLE / s.steps_per_rupee AS low,
  b.close::DOUBLE / s.steps_per_rupee AS close, b.volume::DOUBLE AS volume`;
const plainColumns =
  's.key, s.timeframe, to_timestamp(b.time / 1000) AS time, b.open, b.high, b.low, b.close, b.volume';

// Open interest that is not known is -1 in the tables and nothing in the view.
const interestDefinition = `
  CREATE TABLE scaled_oi_bars (
    series INTEGER NOT NULL,
    ${['time', 'open', 'high', 'low', 'close', 'volume', 'oi']
      .map((column) => `${column} INTEGER NOT NULL USING COMPRESSION bitpacking`)
      .join(', ')}
  );
  CREATE TABLE plain_oi_bars (
    series INTEGER NOT NULL, time DOUBLE NOT NULL, open DOUBLE NOT NULL, high DOUBLE NOT NULL, low DOUBLE NOT NULL,
    close DOUBLE NOT NULL, volume DOUBLE NOT NULL, oi DOUBLE NOT NULL
  );
  CREATE OR REPLACE VIEW bars AS
    SELECT ${scaledColumns}, NULL::DOUBLE AS oi FROM scaled_bars b JOIN series s ON s.id = b.series
    UNION ALL
    SELECT ${plainColumns}, NULL::DOUBLE FROM plain_bars b JOIN series s ON s.id = b.series
    UNION ALL
    SELECT ${scaledColumns}, nullif(b.oi, -1)::DOUBLE FROM scaled_oi_bars b JOIN series s ON s.id = b.series
    UNION ALL
    SELECT ${plainColumns}, nullif(b.oi, -1) FROM plain_oi_bars b JOIN series s ON s.id = b.series;
  INSERT INTO layout VALUES (${layoutVersion});
`;

// Came later than the others, so a file may lack them.
const laterTables = ['answered', 'actions'];
const laterDefinition = `
  CREATE TABLE IF NOT EXISTS answered (
    key VARCHAR NOT NULL, timeframe VARCHAR NOT NULL, source VARCHAR NOT NULL, from_day INTEGER NOT NULL, to_day INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS actions (
    key VARCHAR NOT NULL, ex_day INTEGER NOT NULL, kind VARCHAR NOT NULL, factor DOUBLE NOT NULL
  );
`;

/**
 * Creates the tables that a file lacks and answers what the file holds.
 *
 * @throws DataError DATA_STORE_DAMAGED when another version of algo made them
 */
export async function prepareTables(session: Session, file: string): Promise<Contents> {
  const tables = await tablesOf(session);
  const version = await layoutOf(session, file, tables);
  if (version === undefined) {
    await session.run(definition + interestDefinition + laterDefinition);
    return emptyContents;
  }
  if (version < layoutVersion) {
    await session.run(`ALTER TABLE series ADD COLUMN open_interest BOOLEAN; ${interestDefinition}`);
  }
  if (!laterTables.every((table) => tables.has(table))) await session.run(laterDefinition);
  return contentsOf(session, tables);
}

/** Reads all but the bars. A file without our tables is an empty store. */
export async function readContents(session: Session, file: string): Promise<Contents> {
  const tables = await tablesOf(session);
  if ((await layoutOf(session, file, tables)) === undefined) return emptyContents;
  return contentsOf(session, tables);
}

async function tablesOf(session: Session): Promise<ReadonlySet<string>> {
  const rows = await jsonRows(
    session,
    'SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()',
  );
  return new Set(rows.map(({ table_name: name }) => name));
}

/** The layout of a file; undefined for one without our tables. */
async function layoutOf(
  session: Session,
  file: string,
  tables: ReadonlySet<string>,
): Promise<number | undefined> {
  if (!tables.has('layout')) return undefined;
  const [layout] = await jsonRows(session, 'SELECT max(version) AS version FROM layout');
  if (knownVersions.includes(layout.version)) return layout.version;
  throw damagedStore(
    file,
    `its layout is number ${layout.version}, this version of algo knows numbers up to ${layoutVersion}.`,
  );
}

/** All tables in one query: each takes longer to plan than to read. */
async function contentsOf(session: Session, tables: ReadonlySet<string>): Promise<Contents> {
  const parts = ['instruments', 'series', ...laterTables]
    .filter((table) => tables.has(table))
    .map((table) => `SELECT '${table}' AS name, to_json(list(one)) AS rows FROM ${table} one`);
  const found = await jsonRows(session, parts.join(' UNION ALL '));
  const rows = (table: string): readonly Row[] => found.find(({ name }) => name === table)?.rows ?? [];
  return sortedContents({
    instruments: rows('instruments').map(instrumentOf),
    series: rows('series').map(entryOf),
    actions: rows('actions').map(({ key, ex_day: exDay, kind, factor }) => ({ key, exDay, kind, factor })),
    answered: rows('answered').map(({ key, timeframe, source, from_day: from, to_day: to }) => ({
      ...{ key, timeframe, source, from, to },
    })),
  });
}

/** Puts the days of one series in the place of those that were known. */
export async function writeAnswered(
  session: Session,
  series: Pick<AnsweredDays, 'key' | 'timeframe'>,
  days: readonly AnsweredDays[],
): Promise<void> {
  const { key, timeframe } = series;
  await session.run(`DELETE FROM answered WHERE key = ${literal(key)} AND timeframe = ${literal(timeframe)}`);
  for (const { source, from, to } of days) {
    const row = [key, timeframe, source, from, to].map(literal).join(', ');
    await session.run(`INSERT INTO answered VALUES (${row})`);
  }
}

/** Writes actions over those of the same shares and days. */
export async function writeActions(session: Session, actions: readonly CorporateAction[]): Promise<void> {
  for (const { key, exDay, kind, factor } of actions) {
    await session.run(`DELETE FROM actions WHERE key = ${literal(key)} AND ex_day = ${exDay}`);
    await session.run(`INSERT INTO actions VALUES (${[key, exDay, kind, factor].map(literal).join(', ')})`);
  }
}

/** What has a row already, by the row's identity. */
export interface StoredRows {
  readonly instruments: Set<Value>;
  readonly series: Set<Value>;
}

/** Replaces the rows of these instruments and series, leaving all others; `stored` knows them afterwards. */
export async function writeContents(
  session: Session,
  changed: Pick<Contents, 'instruments' | 'series'>,
  stored: StoredRows,
): Promise<void> {
  const tables = [
    { table: 'instruments', identity: 'key', rows: changed.instruments.map(instrumentRow) },
    { table: 'series', identity: 'id', rows: changed.series.map(entryRow) },
  ] as const;
  for (const { table, identity, rows } of tables) {
    const known = stored[table];
    await deleteRows(
      session,
      `${table} WHERE ${identity}`,
      rows.flatMap(([name]) => (known.has(name) ? [name] : [])),
    );
    appendRows(session, table, rows);
    for (const [name] of rows) known.add(name);
  }
}

type Value = string | number | boolean | undefined;

const rowsPerStatement = 500;

async function deleteRows(session: Session, where: string, names: readonly Value[]): Promise<void> {
  for (let at = 0; at < names.length; at += rowsPerStatement) {
    const part = names.slice(at, at + rowsPerStatement);
    await session.run(`DELETE FROM ${where} IN (${part.map(literal).join(', ')})`);
  }
}

// As SQL text, thousands of rows would have to be parsed and planned.
function appendRows(session: Session, table: string, rows: readonly (readonly Value[])[]): void {
  if (rows.length === 0) return;
  session.guard(() => {
    const { duckdb } = session;
    const appender = duckdb.appender_create(session.connection, null, table);
    for (const row of rows) {
      for (const value of row) {
        if (value === undefined) duckdb.append_null(appender);
        else if (typeof value === 'number') duckdb.append_double(appender, value);
        else if (typeof value === 'boolean') duckdb.append_bool(appender, value);
        else duckdb.append_varchar(appender, value);
      }
      duckdb.appender_end_row(appender);
    }
    duckdb.appender_close_sync(appender);
  });
}

/** A value as SQL text, quoted so that none can end the statement. */
export function literal(value: Value): string {
  if (value === undefined) return 'NULL';
  // The exponent makes it a DOUBLE; without one it would pass through DECIMAL.
  if (typeof value === 'number') return value.toExponential();
  return typeof value === 'boolean' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

function instrumentRow(instrument: Instrument): Value[] {
  const { key, exchange, tradingsymbol, rules, kind, tickSize, lotSize } = instrument;
  const { hasDerivatives, underlying, expiry, strike, synthetic } = instrument;
  return [
    key,
    exchange,
    tradingsymbol,
    rules,
    kind,
    tickSize,
    lotSize,
    hasDerivatives,
    underlying,
    expiry,
    strike,
    synthetic,
  ];
}

function entryRow(entry: SeriesEntry): Value[] {
  const { id, key, timeframe, bars, first, last, days, stepsPerRupee, checksum, openInterest } = entry;
  return [id, key, timeframe, bars, first, last, days, stepsPerRupee, checksum, openInterest];
}

// biome-ignore lint/suspicious/noExplicitAny: rows of our own tables, whose columns the definition above fixes
export type Row = Record<string, any>;

function instrumentOf(row: Row): Instrument {
  return {
    key: row.key,
    exchange: row.exchange,
    tradingsymbol: row.tradingsymbol,
    rules: row.rules,
    kind: row.kind,
    tickSize: row.tick_size,
    lotSize: row.lot_size,
    ...(row.has_derivatives !== null && { hasDerivatives: row.has_derivatives }),
    ...(row.underlying !== null && { underlying: row.underlying }),
    ...(row.expiry !== null && { expiry: row.expiry }),
    ...(row.strike !== null && { strike: row.strike }),
    ...(row.synthetic !== null && { synthetic: row.synthetic }),
  };
}

function entryOf(row: Row): SeriesEntry {
  const { id, key, timeframe, bars, first, last, days, checksum } = row;
  const stepsPerRupee = row.steps_per_rupee;
  // Files of the first layouts have no such column.
  const openInterest = row.open_interest === true;
  return { id, key, timeframe, bars, first, last, days, stepsPerRupee, openInterest, checksum };
}

/** Rows of a small query. Passed as one JSON text, which is simpler than decoding a vector per type. */
export async function jsonRows(session: Session, sql: string): Promise<Row[]> {
  const { duckdb } = session;
  const result = await session.run(
    `SELECT CAST(coalesce(to_json(list(one)), '[]') AS VARCHAR) AS text FROM (${sql}) one`,
  );
  const vector = duckdb.data_chunk_get_vector(duckdb.result_get_chunk(result, 0), 0);
  // A string is 16 bytes: its length, then its bytes when there are at most 12, else 4 of them and a pointer.
  const slot = duckdb.vector_get_data(vector, 16);
  const length = new DataView(slot.buffer, slot.byteOffset).getUint32(0, true);
  const bytes =
    length <= 12
      ? slot.subarray(4, 4 + length)
      : duckdb.get_data_from_pointer(bufferOf(slot), slot.byteOffset + 8, length);
  return JSON.parse(new TextDecoder().decode(bytes));
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer as ArrayBuffer;
}
