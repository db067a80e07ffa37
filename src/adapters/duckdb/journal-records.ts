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
    'STRUCT(id BIGINT, strategy VARCHAR, key VARCHAR, side VARCHAR, role VARCHAR, type VARCHAR, product VARCHAR, validity VARCHAR, quantity DOUBLE, price DOUBLE, trigger DOUBLE, time DOUBLE)',
  event:
    'STRUCT(type VARCHAR, id BIGINT, time DOUBLE, quantity DOUBLE, price DOUBLE, tradeId VARCHAR, reason VARCHAR, trigger DOUBLE)',
  status: 'VARCHAR',
  trade:
    'STRUCT(id BIGINT, strategy VARCHAR, key VARCHAR, direction VARCHAR, product VARCHAR, quantity DOUBLE, entryTime DOUBLE, entryPrice DOUBLE, exitTime DOUBLE, exitPrice DOUBLE, grossPaise DOUBLE, chargesPaise DOUBLE, riskPaise DOUBLE, stop DOUBLE, target DOUBLE, gttId VARCHAR, exitReason VARCHAR, note VARCHAR, bars BIGINT, adverse DOUBLE, favourable DOUBLE, entryOrder BIGINT, exitOrder BIGINT)',
  refusal: 'STRUCT(strategy VARCHAR, key VARCHAR, code VARCHAR, count BIGINT, first VARCHAR)',
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
] as const;

/** Raised whenever the members above change, so that what was packed before is made again. */
export const packedVersion = 1;

const names = Object.keys(members).map((name) => `"${name}"`);

/**
 * SELECT over the records of a file of JSON lines, each with the number of its session in the stream, from 1. A line that does not fit is left out;
 * whoever counts them notices.
 */
export function fromLines(path: string, sessionsBefore: number): string {
  const columns = Object.entries(members).map(([name, type]) => `'${name}': '${type}'`);
  return `SELECT ${sessionsBefore} + count(*) FILTER (t = 'session') OVER (ORDER BY s ROWS UNBOUNDED PRECEDING) AS session, ${names.join(', ')}
    FROM read_json(${file(path)}, format = 'newline_delimited', columns = {${columns.join(', ')}},
    ignore_errors = true, maximum_object_size = 67108864) WHERE s IS NOT NULL AND t IN (${tabledRecords.map(literal).join(', ')})`;
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
