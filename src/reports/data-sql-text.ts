import { csvCell } from './csv.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** The answer to `algo data sql`; with column names for keys it is the document of --json. */
export interface SqlAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly more: boolean;
}

export function dataSqlText({ columns, rows, more }: SqlAnswer, screen: Screen): string {
  return tableText(
    {
      columns,
      rows: rows.map((row) => row.map((value) => (value === null ? undefined : wordOf(value)))),
      ...(more && { notes: [`Only the first ${rows.length} rows; more with --limit.`] }),
      empty: 'No rows.',
    },
    screen,
  );
}

/** RFC 4180, with a header. A field that a spreadsheet would take for a formula stays as it is: these are prices and names. */
export function dataSqlCsv({ columns, rows }: SqlAnswer): string {
  const field = (value: unknown) => (value === null ? '' : csvCell(wordOf(value)));
  return [columns, ...rows].map((row) => row.map(field).join(',')).join('\n');
}

function wordOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
