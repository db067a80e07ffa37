import { extname } from 'node:path';
import type { ClosedTrade } from '../domain/run-result.ts';
import { tradesCsv, tradesJson } from '../reports/trades-csv.ts';
import { checkExportFile, writeExportFile } from './export-file.ts';

/** Says before a long run what would go wrong at its end. @throws UsageError USAGE_EXPORT */
export function checkExport(file: string): void {
  checkExportFile({ flag: '--export', file, endings: ['.csv', '.json'], example: 'trades.csv' });
}

/** Writes the trades; whoever reads the file sees all of it or what was there before. @throws DataError DATA_WRITE */
export async function exportTrades(file: string, trades: readonly ClosedTrade[]): Promise<void> {
  const isCsv = extname(file).toLowerCase() === '.csv';
  await writeExportFile(file, isCsv ? tradesCsv(trades) : tradesJson(trades));
}
