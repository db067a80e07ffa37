import { answerSelect, type QueryAnswer } from './answer-select.ts';
import { type OpenOptions, withDatabase } from './database.ts';

/** Answers one SELECT over the history, which is open for reading only. @throws UsageError USAGE_SQL */
export function queryHistory(
  options: Omit<OpenOptions, 'access'>,
  sql: string,
  limit: number,
): Promise<QueryAnswer> {
  const words = {
    promise: 'algo data sql answers one SELECT over the history',
    instead:
      'Use the tables bars, instruments and series. To get bars out into a file, run: algo data export --to bars.parquet',
    tables:
      'bars has key, timeframe, time, open, high, low, close, volume. Look at a table with: select * from instruments limit 1',
  };
  return withDatabase({ ...options, access: 'read' }, (session) =>
    answerSelect(session, { sql, limit, words }),
  );
}
