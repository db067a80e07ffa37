import { DuckDBConnection, DuckDBTypeId, type Json } from '@duckdb/node-api';
import { UsageError } from '../../domain/errors.ts';
import { isoInstant } from '../../domain/time.ts';
import { memoryMost, type Session, spillMost } from './database.ts';
import { literal } from './tables.ts';

/** The answer to a query: one value a column, null where there is none. Times are India time. */
export interface QueryAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
  /** There are more rows than were asked for. */
  readonly more: boolean;
}

/** What a refusal says of who answers, and of what can be asked instead. */
export interface SelectWords {
  /** `algo data sql answers one SELECT over the history`. */
  readonly promise: string;
  readonly instead: string;
  readonly tables: string;
}

/**
 * Answers one SELECT, without access to files, network, extensions or settings; the session can do nothing else afterwards.
 *
 * @throws UsageError USAGE_SQL for anything but a SELECT, a query DuckDB does not take, or one that asks for files
 */
export async function answerSelect(
  session: Session,
  { sql, limit, words }: { readonly sql: string; readonly limit: number; readonly words: SelectWords },
): Promise<QueryAnswer> {
  for (const setting of [
    `memory_limit = '${memoryMost}'`,
    `max_temp_directory_size = '${spillMost}'`,
    'enable_external_access = false',
    'lock_configuration = true',
  ]) {
    await session.run(`SET ${setting}`);
  }
  try {
    await requireSelect(session, sql);
    await requireTables(session, sql);
    const connection = new DuckDBConnection(session.connection);
    const reader = await connection.streamAndReadUntil(sql, limit + 1);
    const rows = reader.getRowsJson();
    const types = reader.columnTypes().map(({ typeId }) => typeId);
    return {
      columns: reader.deduplicatedColumnNames(),
      rows: rows.slice(0, limit).map((row) => row.map((value, column) => plainValue(value, types[column]))),
      more: rows.length > limit,
    };
  } catch (cause) {
    throw refusal(cause, sql, words);
  }
}

const wholeTypes = new Set<DuckDBTypeId>([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
]);

/** Instants come in UTC, whatever the connection's zone is. */
function plainValue(value: Json, type: DuckDBTypeId): Json {
  if (wholeTypes.has(type)) return counted(value);
  if (type !== DuckDBTypeId.TIMESTAMP_TZ || typeof value !== 'string') return value;
  const instant = Date.parse(value.replace(' ', 'T').replace(/\+00$/, 'Z'));
  return Number.isNaN(instant) ? value : isoInstant(instant);
}

/** Whole numbers come as text, because they may be too long for a number; most are not. */
function counted(value: Json): Json {
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : value;
}

/** Only a SELECT has a type of its own; anything else could change settings or files. */
async function requireSelect({ duckdb, connection }: Session, sql: string): Promise<void> {
  const extracted = await duckdb.extract_statements(connection, sql);
  const { extracted_statements: statements, statement_count: count } = extracted;
  if (count === 0) {
    if (sql.trim() === '') throw new Refused('not understood', 'it is empty');
    throw new Error(errorOf(() => duckdb.extract_statements_error(statements)));
  }
  if (count > 1) throw new Refused('only reads', `${count} statements were received`);
  // A pragma may turn into a SELECT before its type can be asked.
  if (changing.test(wordOf(sql))) throw new Refused('only reads', `"${wordOf(sql)}" was received`);
  const statement = await duckdb.prepare_extracted_statement(connection, statements, 0);
  const type = duckdb.prepared_statement_type(statement);
  if (type !== duckdb.StatementType.SELECT) throw new Refused('only reads', `"${wordOf(sql)}" was received`);
  if (duckdb.nparams(statement) > 0)
    throw new Refused('not understood', 'it has parameters, and nothing to put into them');
}

/** Functions that make rows out of their arguments, or name tables and columns. Any other in FROM could reach a file. */
const rowMakers: ReadonlySet<string> = new Set(
  'range generate_series unnest repeat repeat_row json_each json_tree duckdb_tables duckdb_views duckdb_columns duckdb_functions duckdb_types'.split(
    ' ',
  ),
);

/**
 * Rows come from tables. Without access to files DuckDB still reads the folder to which it puts what does not fit into memory, so
 * neither what reads files nor what names that folder is let through.
 */
async function requireTables(session: Session, sql: string): Promise<void> {
  const connection = new DuckDBConnection(session.connection);
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(sql)})`);
  const tree: unknown = JSON.parse(String(reader.getColumns()[0]?.[0]));
  // What is no plain SELECT underneath, such as DESCRIBE, is taken where it can call nothing.
  if (Object(tree).error === true) {
    if (/[('"]/.test(sql))
      throw new Refused('only reads', `"${wordOf(sql)}" with more than a name was received`);
    return;
  }
  for (const name of calledIn(tree)) throw new Refused('only reads', `the function "${name}" was received`);
}

/** Names of functions in a parsed query that a query may not call. */
function* calledIn(node: unknown, makesRows = false): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  const { type, function_name: called } = node as {
    readonly type?: unknown;
    readonly function_name?: unknown;
  };
  if (typeof called === 'string') {
    const name = called.toLowerCase();
    if ((makesRows && !rowMakers.has(name)) || name === 'current_setting') yield name;
  }
  for (const [member, below] of Object.entries(node))
    yield* calledIn(below, type === 'TABLE_FUNCTION' && member === 'function');
}

/** A refusal of ours, before it is put into the words of who answers. */
class Refused extends Error {
  readonly kind: 'only reads' | 'not understood';

  constructor(kind: Refused['kind'], what: string) {
    super(what);
    this.kind = kind;
  }
}

/** The library throws where it has no words. */
function errorOf(words: () => string): string {
  try {
    return words();
  } catch {
    return 'there is no statement in it';
  }
}

const changing =
  /^(attach|detach|copy|install|load|set|reset|pragma|create|insert|update|delete|drop|alter|export|import|call|use|checkpoint|vacuum)$/i;

function wordOf(sql: string): string {
  return /[A-Za-z]+/.exec(sql)?.[0].toUpperCase() ?? sql.trim().slice(0, 20);
}

function refusal(cause: unknown, sql: string, words: SelectWords): UsageError {
  if (cause instanceof Refused)
    return cause.kind === 'only reads'
      ? onlyReads(cause.message, words)
      : notUnderstood(cause.message, words);
  const said =
    typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
  const line = said.split('\n', 1)[0].replace(/[.!]+$/, '');
  if (
    /disabled by configuration|disabled through configuration|permission error|read-only|table with name \S*[/\\.]\S* does not exist/i.test(
      said,
    )
  )
    return onlyReads(line, words);
  if (/out of memory|could not allocate|no space left/i.test(said)) {
    return new UsageError(
      'USAGE_SQL',
      `The query needs more than ${memoryMost} of memory and ${spillMost} of disk, or than the disk has.`,
      'Ask for fewer instruments or days, or add up less at a time.',
      cause,
    );
  }
  const word = wordOf(sql);
  if (changing.test(word)) return onlyReads(`"${word}" was received`, words);
  return notUnderstood(line, words, cause);
}

function onlyReads(what: string, { promise, instead }: SelectWords): UsageError {
  return new UsageError('USAGE_SQL', `${promise} and touches nothing else: ${what}.`, instead);
}

function notUnderstood(what: string, { tables }: SelectWords, cause?: unknown): UsageError {
  return new UsageError('USAGE_SQL', `The query was not understood: ${what}.`, tables, cause);
}
