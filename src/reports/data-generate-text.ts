import type { Screen } from './screen.ts';
import { tableText } from './table.ts';

/** An invented market as it was saved; the document of `algo data generate --json`. */
export interface GeneratedMarket {
  readonly seed: number;
  readonly timeframe: string;
  readonly saved: number;
  /** `from` and `to` are ISO, +05:30. */
  readonly series: readonly { symbol: string; kind: string; bars: number; from: string; to: string }[];
  readonly check?: readonly { measure: string; target: string; measured: number }[];
}

/** What was made, and how like NSE it is when that was measured. */
export function dataGenerateText(
  { seed, timeframe, saved, series, check }: GeneratedMarket,
  screen: Screen,
): string {
  const made = tableText(
    {
      title: `Synthetic market, seed ${seed}, ${timeframe} bars: invented prices, not real ones`,
      columns: ['symbol', 'kind', 'bars', 'from', 'to'],
      rows: series.map(({ symbol, kind, bars, from, to }) => [
        symbol,
        kind,
        bars,
        minuteOf(from),
        minuteOf(to),
      ]),
      notes: [`${saved} bars are new or changed in the history.`],
    },
    screen,
  );
  if (!check) return made;
  const likeness = tableText(
    {
      title: 'Likeness to NSE, measured on the one-minute bars',
      columns: ['measure', 'NSE', 'here'],
      rows: check.map(({ measure, target, measured }) => [
        measure,
        target,
        Number.isFinite(measured) ? measured.toFixed(2) : 'n/a',
      ]),
      notes: ['NSE: index minutes 2021–2024 and stocks 2021–2024. A market of few days strays further.'],
    },
    screen,
  );
  return `${made}\n\n${likeness}`;
}

function minuteOf(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
