import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inMemory } from '../adapters/duckdb/database.ts';
import { writeRows } from '../adapters/duckdb/export-table.ts';
import { keptTrades } from '../adapters/duckdb/kept-run-tables.ts';
import { UsageError } from '../domain/errors.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { analysisSections } from '../reports/analysis-text.ts';
import { tradeColumns, tradesCsv } from '../reports/trades-csv.ts';
import type { AnalyzedBook } from './analyze.ts';
import type { Context } from './context.ts';
import { checkExportFile, writeExportFile } from './export-file.ts';
import { checkReport, exportReport, type PageFile } from './export-report.ts';
import { checkExport, exportTrades } from './export-trades.ts';
import { sessionsOutcome } from './sessions-outcome.ts';

export interface AnalysisFiles {
  /** A .csv or .json file. */
  readonly trades: string | undefined;
  readonly csv: string | undefined;
  readonly parquet: string | undefined;
  readonly page: string | undefined;
  readonly open: boolean;
}

/** Says at once what is wrong with the files' names; what it answers writes them. @throws UsageError USAGE_EXPORT */
export function exportAnalysis(
  context: Context,
  { trades, csv, parquet, page, open }: AnalysisFiles,
): (analyzed: AnalyzedBook) => Promise<void> {
  if (open && page === undefined)
    throw new UsageError('USAGE_OPEN', '--open needs a page to open.', 'Add --html report.html.');
  if (trades !== undefined) checkExport(trades);
  if (csv !== undefined)
    checkExportFile({ flag: '--csv', file: csv, endings: ['.csv'], example: 'trades.csv' });
  if (parquet !== undefined)
    checkExportFile({ flag: '--parquet', file: parquet, endings: ['.parquet'], example: 'trades.parquet' });
  if (page !== undefined) checkReport(page);
  return async (book) => {
    const { analysis } = book;
    if (trades !== undefined) await exportTrades(trades, analysis.trades);
    if (csv !== undefined) await exportTrades(csv, analysis.trades);
    if (parquet !== undefined) await exportParquet(parquet, analysis.trades);
    if (page !== undefined) await exportBook(context, book, { file: page, open });
  };
}

async function exportBook(context: Context, book: AnalyzedBook, to: PageFile): Promise<void> {
  const { run, record, sessions } = book;
  const outcome = run ? run.outcome : await sessionsOutcome(context, { record, sessions: sessions ?? [] });
  await exportReport(context, outcome, to, { session: run === undefined, sections: analysisSections(book) });
}

/** Through the CSV, so that both say the same. */
async function exportParquet(file: string, trades: readonly ClosedTrade[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-trades-'));
  const draft = `${resolve(file)}.${process.pid}.tmp`;
  try {
    const csv = join(folder, 'trades.csv');
    await writeExportFile(csv, tradesCsv(trades));
    await inMemory((session) =>
      writeRows(
        session,
        `SELECT * FROM ${keptTrades({ trades: csv, columns: tradeColumns.length })}`,
        draft,
        'parquet',
      ),
    );
    renameSync(draft, resolve(file));
  } finally {
    rmSync(draft, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}
