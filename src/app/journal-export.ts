import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { type ExportFormat, exportFormats, tableRows, writeRows } from '../adapters/duckdb/export-table.ts';
import { countsOf } from '../adapters/duckdb/journal-database.ts';
import { type TableName, tableNames } from '../adapters/duckdb/journal-tables.ts';
import { UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { Context } from './context.ts';
import { forgetPacked, type ProjectedStream, withProjection } from './journal-projection.ts';
import { spanOf } from './run-span.ts';
import { chosenJournals, type StreamChoice } from './streams.ts';

export interface JournalExportRequest extends StreamChoice {
  /** `trades.csv`, or a folder ending in `/` that takes every table. */
  readonly file: string;
  readonly table?: string | undefined;
  readonly format?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface JournalExport {
  readonly streams: readonly ProjectedStream[];
  readonly files: readonly { readonly table: string; readonly file: string; readonly rows: number }[];
}

/**
 * Writes the tables of journals, each file whole or not at all.
 *
 * @throws UsageError USAGE_EXPORT, USAGE_STREAM, USAGE_SPAN
 */
export async function exportJournal(
  context: Pick<Context, 'folders'>,
  request: JournalExportRequest,
): Promise<JournalExport> {
  const span = spanOf(request);
  const targets = targetsOf(request);
  const wanted = chosenJournals(context, request);
  const tables = targets.map(({ table }) => table);
  return withProjection(context, wanted, tables, async (session, streams) => {
    const files: { table: string; file: string; rows: number }[] = [];
    for (const { table, file, format } of targets) {
      const draft = `${file}.${process.pid}.tmp`;
      mkdirSync(dirname(file), { recursive: true });
      try {
        const rows = await writeRows(session, tableRows(table, format, span), draft, format);
        renameSync(draft, file);
        files.push({ table, file, rows });
      } finally {
        rmSync(draft, { force: true });
      }
    }
    return { streams, files };
  });
}

export interface JournalRebuild {
  readonly streams: readonly ProjectedStream[];
  readonly tables: Readonly<Record<TableName, number>>;
}

/** Reads journals from their first record, whatever was packed of them before, and counts what the tables hold. */
export async function rebuildJournal(
  context: Pick<Context, 'folders'>,
  choice: StreamChoice,
): Promise<JournalRebuild> {
  const wanted = chosenJournals(context, choice);
  for (const each of wanted) forgetPacked(context, each);
  return withProjection(context, wanted, tableNames, async (session, streams) => {
    return { streams, tables: await countsOf(session) };
  });
}

function targetsOf({ file, table, format }: JournalExportRequest) {
  if (!/[/\\]$/.test(file)) {
    const ending = formatOf(extname(file).slice(1), file);
    return [{ table: tableOf(table ?? 'trades'), file: resolve(file), format: ending }];
  }
  const chosen = formatOf(format ?? 'csv', file);
  const tables = table === undefined ? tableNames : [tableOf(table)];
  return tables.map((name) => ({
    table: name,
    file: join(resolve(file), `${name}.${chosen}`),
    format: chosen,
  }));
}

function formatOf(text: string, file: string): ExportFormat {
  const known = exportFormats.find((format) => format === text.toLowerCase());
  if (known) return known;
  throw new UsageError(
    'USAGE_EXPORT',
    `"${file}" is to be written as "${text}".`,
    'Name a file that ends in .csv, .parquet or .ndjson, or a folder like tables/ with --format.',
  );
}

function tableOf(text: string): TableName {
  const known = tableNames.find((name) => name === text);
  if (known) return known;
  throw new UsageError(
    'USAGE_EXPORT',
    `--table received "${text}".${didYouMean(text, tableNames)}`,
    `Use any of ${tableNames.join(', ')}.`,
  );
}
