import { BarSeries } from './bar-series.ts';
import type { InstrumentKey } from './instrument.ts';
import { istDayNumber, startOfDay } from './time.ts';

export const actionKinds = [
  'split',
  'bonus',
  'consolidation',
  'rights',
  'demerger',
  'dividend',
  'other',
] as const;
export type ActionKind = (typeof actionKinds)[number];

/** What changes the price of a share overnight without changing what its holder owns. */
export interface CorporateAction {
  readonly key: InstrumentKey;
  /** First day on which the share trades without the old right, as a day number. */
  readonly exDay: number;
  readonly kind: ActionKind;
  /** Prices before the ex-day are multiplied by it, volumes divided: 0.5 for a split of one share into two. Above 0. */
  readonly factor: number;
}

/** Ratios that companies use: shares before, shares after. */
const usualRatios = [
  [1, 2],
  [1, 3],
  [1, 4],
  [1, 5],
  [1, 6],
  [1, 8],
  [1, 10],
  [1, 20],
  [1, 50],
  [1, 100],
  [2, 3],
  [2, 5],
  [3, 5],
  [2, 1],
  [5, 1],
  [10, 1],
] as const;

/** A night moves prices too, so a jump is a ratio within so much of it. */
const nightShare = 0.08;

/** The usual ratio that a jump of prices looks like, `1:2`; undefined when it looks like none. */
export function nearestRatio(jump: number): string | undefined {
  let best: string | undefined;
  let least = nightShare;
  for (const [before, after] of usualRatios) {
    const off = Math.abs((jump * after) / before - 1);
    if (off >= least) continue;
    least = off;
    best = `${before}:${after}`;
  }
  return best;
}

/**
 * What prices before the ex-day are multiplied by, from a ratio as announced. A bonus of 1:2 gives one share for two held, so three
 * are what two were; a split is told by shares (1:5) or by face value (10:2), a consolidation the same way round.
 * Undefined for a kind whose ratio does not tell the price.
 */
export function factorOfRatio(kind: ActionKind, first: number, second: number): number | undefined {
  if (!(first > 0 && second > 0)) return undefined;
  if (kind === 'bonus') return second / (first + second);
  if (kind === 'split') return Math.min(first, second) / Math.max(first, second);
  if (kind === 'consolidation') return Math.max(first, second) / Math.min(first, second);
  return undefined;
}

export interface Adjusted {
  readonly series: BarSeries;
  /** Actions that changed bars, oldest first. */
  readonly applied: readonly CorporateAction[];
}

/**
 * Bars as if every action up to the last of them had always been in force: prices before an ex-day are multiplied by its factor,
 * volumes divided. Bars from the last ex-day on are the stored ones. The very same series when nothing applies.
 */
export function adjustedBars(series: BarSeries, actions: readonly CorporateAction[]): Adjusted {
  if (series.length === 0) return { series, applied: [] };
  const first = istDayNumber(series.time[0]);
  const last = istDayNumber(series.time[series.length - 1]);
  const applied = actions
    .filter(({ key, exDay, factor }) => key === series.key && exDay > first && exDay <= last && factor !== 1)
    .sort((a, b) => a.exDay - b.exDay);
  if (applied.length === 0) return { series, applied };
  const adjusted = new BarSeries(series.key, series.timeframe, series.length);
  adjusted.length = series.length;
  adjusted.time.set(series.time.subarray(0, series.length));
  let factor = 1;
  let row = series.length - 1;
  for (let at = applied.length; at >= 0; at--) {
    const from = at === 0 ? 0 : series.rowAt(startOfDay(applied[at - 1].exDay));
    for (; row >= from; row--) {
      for (const name of ['open', 'high', 'low', 'close'] as const)
        adjusted[name][row] = series[name][row] * factor;
      adjusted.volume[row] = series.volume[row] / factor;
      if (series.openInterest) adjusted.setOpenInterest(row, series.openInterest[row] / factor);
    }
    if (at > 0) factor *= applied[at - 1].factor;
  }
  return { series: adjusted, applied };
}
