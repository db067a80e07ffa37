import { countText } from './format.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** What became of one series. Bars, except where it says otherwise. */
export interface BackfillRow {
  readonly key: string;
  readonly timeframe: string;
  readonly requests: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Sessions asked for in which the source has no bar. */
  readonly emptySessions: number;
  /** What all prices were multiplied by since they were stored; null when they were not. */
  readonly adjustment: number | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly fix: string | null;
    readonly exitCode: number;
  } | null;
}

/** The document of `algo backfill --json`. */
export interface BackfillPage {
  readonly source: string;
  readonly dryRun: boolean;
  readonly series: readonly BackfillRow[];
  readonly requests: number;
  /** At least so long at the source's rate. */
  readonly seconds: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Series. */
  readonly failed: number;
  readonly notes: readonly string[];
  readonly exitCode: number;
}

export function backfillText(page: BackfillPage, screen: Screen): string {
  return page.dryRun ? planText(page, screen) : doneText(page, screen);
}

function planText(page: BackfillPage, screen: Screen): string {
  return tableText(
    {
      columns: ['series', 'requests', 'trouble'],
      rows: page.series.map((row) => [nameOf(row), row.requests, row.error?.message ?? '']),
      totals: ['', countText(page.requests), `at least ${page.seconds} s at ${page.source}'s rate`],
      notes: ['Nothing was fetched. Prices that were adjusted since take more requests.'],
    },
    screen,
  );
}

function doneText(page: BackfillPage, screen: Screen): string {
  const failures = page.series.flatMap((row) =>
    row.error === null
      ? []
      : [`${nameOf(row)}: ${row.error.message}${row.error.fix ? ` ${row.error.fix}` : ''}`],
  );
  return tableText(
    {
      columns: [
        'series',
        { title: 'requests', optional: true },
        'added',
        'updated',
        { title: 'unchanged', optional: true },
        { title: 'empty sessions', optional: true },
        'result',
      ],
      rows: page.series.map((row) => [
        nameOf(row),
        row.requests,
        countText(row.added),
        countText(row.updated),
        countText(row.unchanged),
        countText(row.emptySessions),
        resultOf(row),
      ]),
      totals: [
        `${countText(page.series.length)} series`,
        countText(page.requests),
        countText(page.added),
        countText(page.updated),
        countText(page.unchanged),
        '',
        page.failed === 0 ? 'ok' : `${countText(page.failed)} failed`,
      ],
      notes: [...failures, ...page.notes],
    },
    screen,
  );
}

function resultOf({ error, requests, adjustment }: BackfillRow): string {
  if (error !== null) return `failed: ${error.code}`;
  if (adjustment !== null) return `fetched again, prices × ${adjustment.toFixed(4)}`;
  return requests === 0 ? 'skipped: all of it is here' : 'ok';
}

function nameOf({ key, timeframe }: BackfillRow): string {
  return `${key} ${timeframe}`;
}
