import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Connection, Database, DataChunk, Result } from '@duckdb/node-bindings';
import { AlgoError, DataError, exitCodes } from '../../domain/errors.ts';

/** How to wait for another process. Time and chance live in `adapters/system`. */
export interface Waiting {
  sleep(ms: number): Promise<void>;
  /** 0 up to, not including, 1. */
  random(): number;
}

/** The library and one open connection; valid inside the function it was handed to. */
export interface Session {
  readonly duckdb: DuckDb;
  readonly connection: Connection;
  /** Runs a statement. @throws DataError in DuckDB's words */
  run(sql: string): Promise<Result>;
  /** Runs one SELECT whose rows are fetched while it runs, with `next`. @throws DataError in DuckDB's words */
  stream(sql: string): Promise<Result>;
  /** The next rows of a streamed result; null after the last. */
  next(result: Result): Promise<DataChunk | null>;
  /** Makes a failure of the library's synchronous calls a DataError. */
  guard<T>(work: () => T): T;
}

export type DuckDb = typeof import('@duckdb/node-bindings');

export interface OpenOptions {
  readonly file: string;
  readonly access: 'read' | 'write';
  readonly waiting: Waiting;
  /** Most threads the library may use; as many as there are cores when left out. */
  readonly threads?: number;
}

// Columns of 120,000 rows take a fraction of the usual 256 KiB once they are packed, and the rest of a block is lost.
// A file keeps the size it was made with.
const blockBytes = 32_768;

// A group of rows is packed while it is still in the processor's cache; waiting for five of them makes writing a quarter slower.
const rowGroupsWaiting = '1';

// A save of a day's bars takes well under a second; ten seconds is several of them in a row.
const patienceMs = 10_000;
const firstDelayMs = 20;
const longestDelayMs = 500;

// Two instances on one file inside one process lose rows without an error, so they queue here.
const queues = new Map<string, Promise<unknown>>();

/**
 * Opens the file, does the work, closes it: nothing holds the database while it waits. Readers of several processes share
 * the file; a writer has it alone, so a busy file is tried again for about ten seconds.
 *
 * @throws AlgoError DATA_STORE_BUSY (exit 75) when another process keeps the file
 * @throws DataError DATA_STORE_DAMAGED, DATA_STORE_ACCESS
 */
export function withDatabase<T>(options: OpenOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const path = resolve(options.file);
  const before = queues.get(path) ?? Promise.resolve();
  const done = before.then(
    () => openWorkClose(path, options, work),
    () => openWorkClose(path, options, work),
  );
  // The queue only orders; the failure is the caller's, who holds `done`.
  const settled = done
    .catch(() => undefined)
    .finally(() => {
      if (queues.get(path) === settled) queues.delete(path);
    });
  queues.set(path, settled);
  return done;
}

/** What tables and queries may take of memory; what does not fit goes to files that only they know. */
export const memoryMost = '1GB';
export const spillMost = '32GB';

/**
 * Does the work in a database that lives in memory and that nobody else can see; beyond `memoryMost` it goes on in a folder of its
 * own, which is removed at the end. @throws DataError DATA_TABLES in DuckDB's words
 */
export async function inMemory<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const { default: duckdb } = await import('@duckdb/node-bindings');
  const folder = mkdtempSync(join(tmpdir(), 'algo-tables-'));
  const config = withoutExtensions(duckdb);
  duckdb.set_config(config, 'temp_directory', join(folder, 'spilled'));
  duckdb.set_config(config, 'max_temp_directory_size', spillMost);
  duckdb.set_config(config, 'memory_limit', memoryMost);
  let database: Database | undefined;
  let connection: Connection | undefined;
  try {
    database = await duckdb.open(':memory:', config);
    connection = await duckdb.connect(database);
    const session = sessionOn(duckdb, connection, tableError);
    await session.run("SET TimeZone = 'Asia/Kolkata'");
    return await work(session);
  } finally {
    if (connection) duckdb.disconnect_sync(connection);
    if (database) duckdb.close_sync(database);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Extensions would be fetched from the network in the middle of a query. */
function withoutExtensions(duckdb: DuckDb) {
  const config = duckdb.create_config();
  duckdb.set_config(config, 'autoinstall_known_extensions', 'false');
  duckdb.set_config(config, 'autoload_known_extensions', 'false');
  return config;
}

async function openWorkClose<T>(
  path: string,
  options: OpenOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  // Loading the library takes longer than a whole backtest from the column cache.
  const { default: duckdb } = await import('@duckdb/node-bindings');
  if (options.access === 'write') makeFolder(path);
  const database = await opened(duckdb, path, options);
  let connection: Connection | undefined;
  try {
    connection = await duckdb.connect(database);
    const session = sessionOn(duckdb, connection, (cause) => storeError(path, cause));
    await session.run("SET TimeZone = 'Asia/Kolkata'");
    return await work(session);
  } finally {
    // A connection left open keeps the instance and its lock alive.
    if (connection) duckdb.disconnect_sync(connection);
    duckdb.close_sync(database);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw storeError(path, cause);
  }
}

function sessionOn(duckdb: DuckDb, connection: Connection, failed: (cause: unknown) => unknown): Session {
  return {
    duckdb,
    connection,
    async run(sql) {
      try {
        return await duckdb.query(connection, sql);
      } catch (cause) {
        throw failed(cause);
      }
    },
    async stream(sql) {
      try {
        return await duckdb.execute_prepared_streaming(await duckdb.prepare(connection, sql));
      } catch (cause) {
        throw failed(cause);
      }
    },
    async next(result) {
      try {
        return await duckdb.fetch_chunk(result);
      } catch (cause) {
        throw failed(cause);
      }
    },
    guard(work) {
      try {
        return work();
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}

async function opened(
  duckdb: DuckDb,
  path: string,
  { access, waiting, threads }: OpenOptions,
): Promise<Database> {
  const config = withoutExtensions(duckdb);
  duckdb.set_config(config, 'access_mode', access === 'read' ? 'READ_ONLY' : 'READ_WRITE');
  duckdb.set_config(config, 'default_block_size', String(blockBytes));
  duckdb.set_config(config, 'write_buffer_row_group_count', rowGroupsWaiting);
  if (threads !== undefined) duckdb.set_config(config, 'threads', String(threads));
  let waitedMs = 0;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(longestDelayMs, delayMs * 2)) {
    try {
      return await duckdb.open(path, config);
    } catch (cause) {
      if (!isBusy(cause)) throw storeError(path, cause);
      if (waitedMs >= patienceMs) throw busyError(path, cause);
    }
    const pauseMs = delayMs * (0.5 + waiting.random());
    waitedMs += pauseMs;
    await waiting.sleep(pauseMs);
  }
}

function wordsOf(cause: unknown): string {
  return (
    cause instanceof Error || (typeof cause === 'object' && cause !== null && 'message' in cause)
      ? String(cause.message)
      : String(cause)
  ).split('\n', 1)[0];
}

function isBusy(cause: unknown): boolean {
  return /could not set lock|used by another process/i.test(wordsOf(cause));
}

function busyError(path: string, cause: unknown): AlgoError {
  const holder = /\(PID (\d+)/.exec(wordsOf(cause))?.[1];
  return new AlgoError(
    exitCodes.running,
    'DATA_STORE_BUSY',
    `The history ${path} was in use by ${holder ? `process ${holder}` : 'another process'} for ${patienceMs / 1_000} seconds.`,
    'Wait until the other import or backfill has finished, or stop it, and run this again.',
    cause,
  );
}

function tableError(cause: unknown): unknown {
  if (cause instanceof AlgoError) return cause;
  return new DataError(
    'DATA_TABLES',
    `The tables of trades could not be made: ${wordsOf(cause)}`,
    'Check the disk; what is kept under the cache folder may be deleted and is made again.',
    cause,
  );
}

function storeError(path: string, cause: unknown): DataError {
  const words = wordsOf(cause);
  if (
    /permission denied|read-only file system|no space left|cannot open file/i.test(words) ||
    !existsSync(path)
  ) {
    const fix =
      'Check that the folder exists, may be written to and has room, or name another file with data.history.';
    return new DataError('DATA_STORE_ACCESS', `The history ${path} cannot be used: ${words}`, fix, cause);
  }
  return damagedStore(path, words, cause);
}

/** One message for every way a history file can be broken. */
export function damagedStore(path: string, fact: string, cause?: unknown): DataError {
  return new DataError(
    'DATA_STORE_DAMAGED',
    `The history ${path} cannot be read: ${fact}`,
    'Put a copy of it back, or move it away and import or generate the bars again.',
    cause,
  );
}
