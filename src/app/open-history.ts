import { join, resolve } from 'node:path';
import type { Waiting } from '../adapters/duckdb/database.ts';
import { openHistory } from '../adapters/duckdb/history.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { Context } from './context.ts';

/** Where the history is, for what reads it without going through the store. */
export interface HistoryFile {
  readonly file: string;
  readonly waiting: Waiting;
}

export function historyFileOf({ config, folders }: Context): HistoryFile {
  return { file: resolve(folders.home, config.data.history), waiting: systemWaiting };
}

/** The price history that the configuration names. Opening costs nothing until something is asked of it. */
export function historyOf(context: Context): HistoryStore {
  return openHistory({
    ...historyFileOf(context),
    cacheFolder: join(context.folders.cache, 'columns'),
  });
}
