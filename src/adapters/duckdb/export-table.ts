import type { Interval } from '../../domain/time.ts';
import type { Session } from './database.ts';
import type { TableName } from './journal-tables.ts';
import { literal } from './tables.ts';

export const exportFormats = ['csv', 'parquet', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Instants of each table, by which of them its rows are chosen, and what orders those of one session. */
const instants: Readonly<
  Record<TableName, { readonly when: string; readonly all: readonly string[]; readonly by: string }>
> = {
  orders: { when: 'time', all: ['time', 'updated'], by: '"order"' },
  fills: { when: 'time', all: ['time'], by: 'time, "order", fill' },
  trades: { when: 'coalesce(exit_time, entry_time)', all: ['entry_time', 'exit_time'], by: 'number' },
  positions: { when: 'since', all: ['since'], by: 'symbol, product' },
  equity: { when: 'time', all: ['time'], by: 'time' },
  signals: { when: 'time', all: ['time'], by: 'time, strategy, symbol, code' },
  runs: { when: 'since', all: ['started', 'since', 'until'], by: 'started' },
};

const written: Readonly<Record<ExportFormat, string>> = {
  csv: 'FORMAT csv, HEADER',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  ndjson: 'FORMAT json',
};

/** Rows of a table within a span, as SQL; times as text with India's offset where the format has none of its own. */
export function tableRows(table: TableName, format: ExportFormat, { from, to }: Interval): string {
  const { when, all, by } = instants[table];
  const limits = [
    ...(Number.isFinite(from) ? [`${when} >= to_timestamp(${from / 1_000})`] : []),
    ...(Number.isFinite(to) ? [`${when} < to_timestamp(${to / 1_000})`] : []),
  ];
  const texts = all.map((column) => `strftime(${column}, '%Y-%m-%dT%H:%M:%S+05:30') AS ${column}`);
  const columns = format === 'parquet' ? '*' : `* REPLACE (${texts.join(', ')})`;
  const where = limits.length > 0 ? ` WHERE ${limits.join(' AND ')}` : '';
  return `SELECT ${columns} FROM ${table}${where} ORDER BY mode, stream, session, ${by}`;
}

/** Writes rows into a file and answers how many. @throws DataError DATA_TABLES */
export async function writeRows(
  session: Session,
  rows: string,
  file: string,
  format: ExportFormat,
): Promise<number> {
  const result = await session.run(`COPY (${rows}) TO ${literal(file)} (${written[format]})`);
  return session.duckdb.rows_changed(result);
}
