import type { QueryAnswer } from '../adapters/duckdb/answer-select.ts';
import { queryHistory } from '../adapters/duckdb/query-history.ts';
import { DataError } from '../domain/errors.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { HistoryFile } from './open-history.ts';

/** Answers a SELECT over the stored bars. @throws DataError DATA_MISSING when nothing is stored; UsageError USAGE_SQL */
export async function dataSql(
  { store, file }: { readonly store: HistoryStore; readonly file: HistoryFile },
  sql: string,
  limit: number,
): Promise<QueryAnswer> {
  // Asking for the list also carries over what a writer left in its log, so that the file can be opened for reading.
  if ((await store.list()).length > 0) return queryHistory(file, sql, limit);
  throw new DataError(
    'DATA_MISSING',
    'The history is empty.',
    'Run: algo data import <file>, or algo data generate for invented prices',
  );
}
