import { countText } from './format.ts';
import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** What a check of stored bars found; the document of `algo data verify --json`. */
export interface VerifySummary {
  readonly series: number;
  readonly bars: number;
  readonly clean: boolean;
  readonly kinds: Readonly<Record<string, number>>;
  readonly rows: readonly {
    readonly instrument: string;
    readonly timeframe: string;
    readonly time: string;
    readonly kind: string;
    readonly value: string;
    readonly expected: string;
    readonly fixed: boolean;
  }[];
  readonly fixed: number;
  readonly unchecked: readonly { readonly instrument: string; readonly reason: string }[];
}

/** Longer lists are for --json. */
const shownRows = 25;

/** The faults, then how many of each kind, then what was done about them. */
export function dataVerifyText(summary: VerifySummary, screen: Screen): string {
  const { series, bars, rows, kinds, fixed, unchecked } = summary;
  const checked = `Checked ${countText(bars)} bars of ${countText(series)} series`;
  const counts = Object.entries(kinds).map(([kind, count]) => `${countText(count)} ${kind}`);
  const lines = [rows.length === 0 ? `${checked}: nothing wrong.` : `${checked}: ${counts.join(', ')}.`];
  if (rows.length > 0) {
    const table = {
      columns: ['instrument', 'timeframe', 'time', 'kind', 'value', 'expected'],
      rows: rows
        .slice(0, shownRows)
        .map(({ instrument, timeframe, time, kind, value, expected }) => [
          instrument,
          timeframe,
          time.slice(0, 16).replace('T', ' '),
          kind,
          value,
          expected,
        ]),
      notes:
        rows.length > shownRows
          ? [`… and ${countText(rows.length - shownRows)} more; --json has them all.`]
          : [],
    };
    lines.push('', tableText(table, screen));
  }
  const strays = rows.filter(
    ({ kind, expected }) => kind === 'extra' || expected.startsWith('no copy'),
  ).length;
  if (fixed > 0)
    lines.push(
      '',
      `Dropped ${countText(fixed)} bars that lay outside every session; prices were not touched.`,
    );
  else if (strays > 0)
    lines.push('', `--fix drops the ${countText(strays)} bars that lie outside every session.`);
  for (const { instrument, reason } of unchecked)
    lines.push(`${instrument} was not compared with the calendar: ${reason}`);
  return lines.join('\n');
}
