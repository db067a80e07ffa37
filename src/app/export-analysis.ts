import { UsageError } from '../domain/errors.ts';
import type { AnalyzedRun } from './analyze.ts';
import type { Context } from './context.ts';
import { checkReport, exportReport } from './export-report.ts';
import { checkExport, exportTrades } from './export-trades.ts';

export interface AnalysisFiles {
  readonly trades: string | undefined;
  readonly page: string | undefined;
  readonly open: boolean;
}

/** Says at once what is wrong with the files' names; what it answers writes them. @throws UsageError USAGE_EXPORT */
export function exportAnalysis(
  context: Context,
  { trades, page, open }: AnalysisFiles,
): (analyzed: AnalyzedRun) => Promise<void> {
  if (open && page === undefined)
    throw new UsageError('USAGE_OPEN', '--open needs a page to open.', 'Add --html report.html.');
  if (trades !== undefined) checkExport(trades);
  if (page !== undefined) checkReport(page);
  return async ({ run, analysis }) => {
    if (trades !== undefined) await exportTrades(trades, analysis.trades);
    if (page !== undefined) await exportReport(context, run.outcome, { file: page, open });
  };
}
