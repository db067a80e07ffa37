import { chargeLines } from '../../domain/charges.ts';
import { literal } from './tables.ts';

/** Members of records that the tables are made of; whatever else a record says is left out. */
const members = {
  s: 'BIGINT',
  t: 'VARCHAR',
  id: 'VARCHAR',
  feed: 'VARCHAR',
  startedAt: 'DOUBLE',
  capitalPaise: 'DOUBLE',
  strategies: 'VARCHAR[]',
  timeframe: 'VARCHAR',
  instruments: 'VARCHAR[]',
  synthetic: 'BOOLEAN',
  charges: 'VARCHAR',
  time: 'DOUBLE',
  equityPaise: 'DOUBLE',
  positions: 'VARCHAR',
  reason: 'VARCHAR',
  hash: 'VARCHAR',
  order:
    'STRUCT(id BIGINT, strategy VARCHAR, key VARCHAR, side VARCHAR, role VARCHAR, type VARCHAR, product VARCHAR, validity VARCHAR, quantity DOUBLE, price DOUBLE, trigger DOUBLE, time DOUBLE, decided DOUBLE)',
  event:
    'STRUCT(type VARCHAR, id BIGINT, time DOUBLE, quantity DOUBLE, price DOUBLE, tradeId VARCHAR, reason VARCHAR, trigger DOUBLE)',
  status: 'VARCHAR',
  trade:
    'STRUCT(id BIGINT, strategy VARCHAR, key VARCHAR, direction VARCHAR, product VARCHAR, quantity DOUBLE, entryTime DOUBLE, entryPrice DOUBLE, exitTime DOUBLE, exitPrice DOUBLE, grossPaise DOUBLE, chargesPaise DOUBLE, riskPaise DOUBLE, stop DOUBLE, target DOUBLE, gttId VARCHAR, exitReason VARCHAR, note VARCHAR, bars BIGINT, adverse DOUBLE, favourable DOUBLE, entryOrder BIGINT, exitOrder BIGINT, entryType VARCHAR, exitType VARCHAR, entryDecision DOUBLE, exitDecision DOUBLE)',
  refusal: 'STRUCT(strategy VARCHAR, key VARCHAR, code VARCHAR, count BIGINT, first VARCHAR)',
  lines: `STRUCT(${chargeLines.map((line) => `${line} DOUBLE`).join(', ')})`,
};

/** Kinds of records that the tables are made of. */
export const tabledRecords = [
  'session',
  'resumed',
  'session_end',
  'mark',
  'intent',
  'order',
  'trade',
  'refusal',
  'costs',
] as const;

/** Raised whenever the members above change, so that what was packed before is made again. */
export const packedVersion = 3;

const names = Object.keys(members).map((name) => `"${name}"`);

/** Sessions of a stream that began before a file's first record, and in it. */
export interface SessionCounts {
  readonly before: number;
  /** Numbers of the records with which they began. */
  readonly starts: readonly number[];
}

/** The reader keeps twice as much memory for each thread; a record is a few hundred bytes, that of a minute's bars some thousand. */
const recordBytesMost = 4_194_304;

/**
 * SELECT over the records of a file of JSON lines, each with the number of its session in the stream, from 1. A line that does not fit is left out;
 * whoever counts them notices.
 */
export function fromLines(path: string, { before, starts }: SessionCounts): string {
  const columns = Object.entries(members).map(([name, type]) => `'${name}': '${type}'`);
  // Running counts in SQL would sort the whole file.
  const counted = `${before} + len(list_filter([${starts.join(', ')}]::BIGINT[], lambda x: x <= s))`;
  return `SELECT ${starts.length === 0 ? `${before}::BIGINT` : counted} AS session, ${names.join(', ')}
    FROM read_json(${file(path)}, format = 'newline_delimited', columns = {${columns.join(', ')}},
    ignore_errors = true, maximum_object_size = ${recordBytesMost}) WHERE s IS NOT NULL AND t IN (${tabledRecords.map(literal).join(', ')})`;
}

/** The same from files that were packed. */
export function fromPacked(paths: readonly string[]): string {
  return `SELECT session, ${names.join(', ')} FROM read_parquet([${paths.map(file).join(', ')}])`;
}

/** SELECT of a stream without a record. */
export const noRecords = `SELECT NULL::BIGINT AS session, ${Object.entries(members)
  .map(([name, type]) => `NULL::${type} AS "${name}"`)
  .join(', ')} WHERE false`;

/** A file's name as DuckDB reads it: stars and brackets mean themselves. */
function file(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'));
}
