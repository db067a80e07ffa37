import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

export interface ImportedSeries {
  readonly key: string;
  readonly timeframe: string;
  readonly bars: number;
  /** ISO, +05:30 */
  readonly first: string;
  readonly last: string;
}

export interface FailedFile {
  readonly file: string;
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
}

/** What an import of price files did; the document of `algo data import --json`. */
export interface ImportSummary {
  readonly dryRun: boolean;
  readonly files: {
    readonly read: number;
    readonly failed: readonly FailedFile[];
    /** Files in folders that are no data by their names. */
    readonly passedOver: readonly string[];
  };
  /** What the files were recognised as, and how many of each. */
  readonly layouts: readonly { readonly about: string; readonly files: number }[];
  readonly rowsRead: number;
  /** `new`, `changed` and `unchanged` compare with the store; null on a dry run, which does not look into it. */
  readonly bars: {
    readonly total: number;
    readonly new: number | null;
    readonly changed: number | null;
    readonly unchanged: number | null;
  };
  readonly instruments: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Sorted by key and timeframe. */
  readonly series: readonly ImportedSeries[];
  /** Rows left out, by reason, with the first place. */
  readonly skipped: readonly { readonly reason: string; readonly count: number; readonly first: string }[];
  readonly notes: readonly string[];
}

/** Longer lists are for `algo data list` and --json. */
const shownSeries = 20;
const shownFiles = 5;

export function dataImportText(summary: ImportSummary, screen: Screen): string {
  const { files, layouts, bars, series } = summary;
  const read = layouts
    .map(({ about, files: count }) => (layouts.length > 1 ? `${grouped(count)} ${about}` : about))
    .join(', ');
  const lines = [
    `${summary.dryRun ? 'Checked' : 'Imported'} ${counted(files.read, 'file')}${read ? ` (${read})` : ''}: ${counted(summary.rowsRead, 'row')}, ${counted(bars.total, 'bar')} of ${counted(summary.instruments, 'instrument')}.`,
  ];
  if (bars.new !== null)
    lines.push(
      `${grouped(bars.new)} new, ${grouped(bars.changed ?? 0)} changed, ${grouped(bars.unchanged ?? 0)} unchanged.`,
    );
  if (series.length > 0) {
    lines.push(
      '',
      tableText(
        {
          columns: ['Instrument', 'Timeframe', { title: 'Bars', align: 'right' }, 'First', 'Last'],
          rows: series
            .slice(0, shownSeries)
            .map((each) => [
              each.key,
              each.timeframe,
              grouped(each.bars),
              stamp(each.first),
              stamp(each.last),
            ]),
          notes:
            series.length > shownSeries
              ? [`… and ${grouped(series.length - shownSeries)} more; --json has them all.`]
              : [],
        },
        screen,
      ),
    );
  }
  const told = [
    ...summary.skipped.map(
      ({ reason, count, first }) => `Left out ${grouped(count)} ${reason}; first: ${first}`,
    ),
    ...summary.notes,
    ...(files.passedOver.length > 0 ? [`Not looked at, no data by name: ${listed(files.passedOver)}`] : []),
  ];
  if (told.length > 0) lines.push('', ...told);
  if (files.failed.length > 0)
    lines.push(
      '',
      `${counted(files.failed.length, 'file')} not imported:`,
      ...files.failed.map(({ message }) => `  ${message}`),
    );
  if (summary.dryRun) lines.push('', 'Dry run: nothing was saved.');
  return lines.join('\n');
}

function listed(names: readonly string[]): string {
  const rest = names.length - shownFiles;
  return `${names.slice(0, shownFiles).join(', ')}${rest > 0 ? ` and ${grouped(rest)} more` : ''}`;
}

function stamp(iso: string): string {
  return iso.slice(11, 16) === '00:00' ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
