import { answerSelect, type QueryAnswer } from '../adapters/duckdb/answer-select.ts';
import { tableNames } from '../adapters/duckdb/journal-tables.ts';
import { addKeptRun, type KeptRunFiles } from '../adapters/duckdb/kept-run-tables.ts';
import type { Context } from './context.ts';
import { withProjection } from './journal-projection.ts';
import { keptRunFiles } from './kept-runs.ts';
import { chosenJournals, journalModes, journalsOf } from './streams.ts';

export interface AnalyzeSqlRequest {
  readonly sql: string;
  readonly limit: number;
  readonly mode?: string | undefined;
  readonly stream?: string | undefined;
}

const words = {
  promise: 'algo analyze --sql answers one SELECT over trades and journals',
  instead: `Use the tables ${tableNames.join(', ')}. To get them into files, run: algo journal export tables/`,
  tables: 'Look at the columns of a table with: select * from trades limit 1',
};

/**
 * Answers one SELECT over the tables of the journals and the kept backtests.
 *
 * @throws UsageError USAGE_SQL, USAGE_STREAM for a stream or mode without a journal
 */
export function analyzeSql(
  context: Context,
  { sql, limit, mode = 'all', stream }: AnalyzeSqlRequest,
): Promise<QueryAnswer> {
  const backtests = stream === undefined && (mode === 'all' || mode === 'backtest');
  const journals =
    mode === 'backtest'
      ? []
      : backtests
        ? journalsOf(context, journalModes)
        : chosenJournals(context, { mode, stream });
  return withProjection(context, journals, tableNames, async (session) => {
    const runs: readonly KeptRunFiles[] = backtests ? keptRunFiles(context) : [];
    for (const run of runs) await addKeptRun(session, run);
    return answerSelect(session, { sql, limit, words });
  });
}
