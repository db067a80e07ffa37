import { join, resolve } from 'node:path';
import { openHistory } from '../adapters/duckdb/history.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { Context } from './context.ts';

/** The price history that the configuration names. Opening costs nothing until something is asked of it. */
export function historyOf({ config, folders }: Context): HistoryStore {
  return openHistory({
    file: resolve(folders.home, config.data.history),
    cacheFolder: join(folders.cache, 'columns'),
    waiting: systemWaiting,
  });
}
