import { loadRulebook } from '../config/rulebook.ts';
import type { Context } from './context.ts';
import { type DataImportResult, importData } from './data-import.ts';
import type { DataImportRequest } from './data-import-request.ts';
import { archiveOf, listedInstruments } from './instruments.ts';
import { historyOf } from './open-history.ts';

/** `algo data import`: files into the configured history, checked against the shipped calendar. */
export async function runDataImport(context: Context, request: DataImportRequest): Promise<DataImportResult> {
  const history = historyOf(context);
  try {
    const rulebook = loadRulebook(context.folders.root, context.folders.home);
    const listed = await listedInstruments(archiveOf(context));
    return await importData(request, { history, output: context.output, rulebook, listed });
  } finally {
    await history.close();
  }
}
