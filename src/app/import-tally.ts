import type { BarSeries } from '../domain/bar-series.ts';
import { isoInstant } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { FailedFile, ImportSummary } from '../reports/data-import-text.ts';

interface TalliedSeries {
  readonly key: string;
  readonly timeframe: Timeframe;
  bars: number;
  first: number;
  last: number;
}

/** Bars of an import beside what was stored before it. */
export interface StoredChanges {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** What an import tells afterwards: what it read, which bars came of it, what it left out and why. */
export class ImportTally {
  readonly failed: FailedFile[] = [];
  readonly passedOver: string[];
  readonly notes = new Set<string>();
  /** Bars of all series. */
  bars = 0;
  readonly #layouts = new Map<string, number>();
  readonly #skipped = new Map<string, { readonly count: number; readonly first: string }>();
  readonly #series = new Map<string, TalliedSeries>();
  #files = 0;
  #rowsRead = 0;

  constructor(passedOver: readonly string[]) {
    this.passedOver = [...passedOver];
  }

  /** A file was recognised as `about` and read to its end. */
  fileRead(about: string, rowsRead: number): void {
    this.#layouts.set(about, (this.#layouts.get(about) ?? 0) + 1);
    this.#files += 1;
    this.#rowsRead += rowsRead;
  }

  /** Rows left out; of those with one reason the first place is kept. */
  rowsSkipped(reason: string, count: number, first: string): void {
    const earlier = this.#skipped.get(reason);
    this.#skipped.set(reason, { count: (earlier?.count ?? 0) + count, first: earlier?.first ?? first });
  }

  /** Bars of one series, at least one; the rest of it may have come before. */
  barsTaken({ key, timeframe, time, length }: BarSeries): void {
    const [first, last] = [time[0], time[length - 1]];
    const name = `${key} ${timeframe}`;
    const series = this.#series.get(name) ?? { key, timeframe, bars: 0, first, last };
    series.bars += length;
    series.first = Math.min(series.first, first);
    series.last = Math.max(series.last, last);
    this.#series.set(name, series);
    this.bars += length;
  }

  /** `3 rows of other series, 1 repeats of another row`; empty when no row was left out. */
  get skippedText(): string {
    return [...this.#skipped].map(([reason, { count }]) => `${count} ${reason}`).join(', ');
  }

  /** `changes` is undefined on a dry run, which does not look into the store. */
  summary(changes: StoredChanges | undefined): ImportSummary {
    const series = [...this.#series.values()].sort((a, b) =>
      a.key === b.key ? (a.timeframe < b.timeframe ? -1 : 1) : a.key < b.key ? -1 : 1,
    );
    const first = series.reduce((least, each) => Math.min(least, each.first), Number.POSITIVE_INFINITY);
    const last = series.reduce((most, each) => Math.max(most, each.last), Number.NEGATIVE_INFINITY);
    return {
      dryRun: changes === undefined,
      files: { read: this.#files, failed: this.failed, passedOver: this.passedOver },
      layouts: [...this.#layouts].map(([about, files]) => ({ about, files })),
      rowsRead: this.#rowsRead,
      bars: {
        total: this.bars,
        new: changes?.new ?? null,
        changed: changes?.changed ?? null,
        unchanged: changes?.unchanged ?? null,
      },
      instruments: new Set(series.map(({ key }) => key)).size,
      first: series.length > 0 ? isoInstant(first) : null,
      last: series.length > 0 ? isoInstant(last) : null,
      series: series.map((each) => ({ ...each, first: isoInstant(each.first), last: isoInstant(each.last) })),
      skipped: [...this.#skipped].map(([reason, { count, first: where }]) => ({
        reason,
        count,
        first: where,
      })),
      notes: [...this.notes],
    };
  }
}
