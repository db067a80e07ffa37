import { existsSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { DataError, UsageError } from '../domain/errors.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { tradesCsv, tradesJson } from '../reports/trades-csv.ts';

/** Says before a long run what would go wrong at its end. @throws UsageError USAGE_EXPORT */
export function checkExport(file: string): void {
  const path = resolve(file);
  if (!['.csv', '.json'].includes(extname(path).toLowerCase())) {
    throw new UsageError(
      'USAGE_EXPORT',
      `--export received "${file}", which ends neither in .csv nor in .json.`,
      'Name it like trades.csv.',
    );
  }
  if (!existsSync(dirname(path)))
    throw new UsageError(
      'USAGE_EXPORT',
      `The folder of "${file}" does not exist.`,
      `Make it first: mkdir -p ${dirname(path)}`,
    );
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UsageError('USAGE_EXPORT', `"${file}" is a folder.`, 'Name a file in it, like trades.csv.');
}

/** Writes the trades; whoever reads the file sees all of it or what was there before. @throws DataError DATA_WRITE */
export async function exportTrades(file: string, trades: readonly ClosedTrade[]): Promise<void> {
  const path = resolve(file);
  const draft = `${path}.${process.pid}.tmp`;
  const text = extname(path).toLowerCase() === '.csv' ? tradesCsv(trades) : tradesJson(trades);
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new DataError(
      'DATA_WRITE',
      `"${file}" could not be written: ${cause instanceof Error ? cause.message : cause}`,
      'Check the disk and the rights of the folder.',
      cause,
    );
  }
}
