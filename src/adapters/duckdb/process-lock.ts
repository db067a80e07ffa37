import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AlgoError, DataError, exitCodes, messageOf } from '../../domain/errors.ts';

/**
 * Holds a file for this process alone until it is released or the process ends, however it ends: the lock is the kernel's, taken by
 * DuckDB on the file, so nothing stale is ever left behind.
 *
 * @throws AlgoError RUNNING (exit 75) naming the process that has it
 */
export async function holdLock(file: string, what: string): Promise<() => void> {
  const { default: duckdb } = await import('@duckdb/node-bindings');
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const database = await duckdb.open(file);
    return () => duckdb.close_sync(database);
  } catch (cause) {
    const words = messageOf(cause);
    if (!/could not set lock|used by another process|already open/i.test(words))
      throw new DataError(
        'DATA_JOURNAL_WRITE',
        `${file} cannot be used: ${words.split('\n', 1)[0]}`,
        'Check the rights of the folder.',
        cause,
      );
    const holder = /\(PID (\d+)/.exec(words)?.[1];
    throw new AlgoError(
      exitCodes.running,
      'RUNNING',
      `${what} is already running${holder ? ` as process ${holder}` : ''}.`,
      'Wait for it or stop it; each stream has one session at a time.',
      cause,
    );
  }
}
