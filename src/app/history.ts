import type { BarSeries } from '../domain/bar-series.ts';
import { adjustedBars, type CorporateAction } from '../domain/corporate-action.ts';
import { DataError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { nearest } from '../domain/nearest.ts';
import { canResample, insideSessions, resample, sessionsOf } from '../domain/resample.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import { type Interval, istDate } from '../domain/time.ts';
import { type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { HistoryStore, StoredSeries } from '../engine/ports.ts';

export interface BarRequest {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly span: Interval;
  /** Adjusted unless it says raw. */
  readonly prices?: 'raw' | 'adjusted' | undefined;
}

export interface LoadedBars {
  readonly series: BarSeries;
  /** Timeframe of the stored bars they were made from. */
  readonly storedAs: Timeframe;
  /** Stored bars outside the trading hours, which are left out. */
  readonly dropped: number;
  /** Bars that the end of trading cut short; 0 where the stored timeframe was the one asked for. */
  readonly shortBars: number;
  /** Splits, bonuses and the like that changed the bars before their ex-days. */
  readonly applied: readonly CorporateAction[];
}

/**
 * Bars of an instrument with `from <= time < to` inside its trading hours. The timeframe as stored where it is, else made from the
 * coarsest stored one that divides it. Prices before the ex-day of a recorded split or bonus inside the span are multiplied by its
 * factor and volumes divided, so that returns over it are the holder's; the store keeps what the exchange printed.
 *
 * @throws DataError DATA_MISSING, saying what is stored, when there is no bar in the span
 */
export async function loadBars(
  store: Pick<HistoryStore, 'list' | 'load' | 'actions'>,
  calendar: TradingCalendar,
  { instrument, timeframe, span, prices }: BarRequest,
): Promise<LoadedBars> {
  const stored = (await store.list()).filter(({ key }) => key === instrument.key);
  const sessions = sessionsOf(calendar, instrument);
  for (const { timeframe: storedAs } of sourcesOf(stored, timeframe)) {
    const printed = await store.load(instrument.key, storedAs, span);
    if (printed.length === 0) continue;
    const { series: source, applied } = adjustedBars(printed, prices === 'raw' ? [] : await store.actions());
    const { series, dropped, shortBars } =
      storedAs === timeframe
        ? { ...insideSessions(source, sessions), shortBars: 0 }
        : resample(source, timeframe, sessions);
    // A bar stamped before the span would be built from a part of its time.
    const first = series.rowAt(span.from);
    if (first < series.length) {
      return {
        series: first === 0 ? series : series.slice(first, series.length),
        storedAs,
        dropped,
        shortBars,
        applied,
      };
    }
  }
  throw missing(instrument.key, timeframe, span, stored);
}

/** Stored series that can give the timeframe: itself first, then from coarse to fine. */
function sourcesOf(stored: readonly StoredSeries[], timeframe: Timeframe): StoredSeries[] {
  const rank = (series: StoredSeries) => timeframes.indexOf(series.timeframe);
  return stored
    .filter((series) => canResample(series.timeframe, timeframe))
    .sort((a, b) => rank(b) - rank(a));
}

/** The stored series that a timeframe is read from, if any. */
export function sourceOf(stored: readonly StoredSeries[], timeframe: Timeframe): Timeframe | undefined {
  return sourcesOf(stored, timeframe)[0]?.timeframe;
}

/** Has the store make ready what `loadBars` will ask of it for many instruments. */
export async function prepareBars(
  store: HistoryStore,
  instruments: readonly Instrument[],
  frames: readonly Timeframe[],
): Promise<void> {
  const stored = storedByKey(await store.list());
  const wanted = instruments.flatMap(({ key }) =>
    frames
      .map((timeframe) => sourcesOf(stored.get(key) ?? [], timeframe)[0])
      .filter((each) => each !== undefined),
  );
  await store.prepare(wanted);
}

/** What the history has of each instrument. */
export function storedByKey(all: readonly StoredSeries[]): ReadonlyMap<string, readonly StoredSeries[]> {
  const byKey = new Map<string, StoredSeries[]>();
  for (const series of all) {
    const known = byKey.get(series.key);
    if (known) known.push(series);
    else byKey.set(series.key, [series]);
  }
  return byKey;
}

/** The stored instrument of a key. @throws DataError DATA_MISSING naming the nearest stored one */
export async function storedInstrument(store: HistoryStore, key: string): Promise<Instrument> {
  const instruments = await store.instruments();
  const found = instruments.find((instrument) => instrument.key === key);
  if (found) return found;
  if (instruments.length === 0) {
    throw new DataError(
      'DATA_MISSING',
      `No bars of ${key} are stored: the history is empty.`,
      `Run: algo data import <file> --as ${key}, or algo data generate for invented prices`,
    );
  }
  const guess = nearest(
    key,
    instruments.map((instrument) => instrument.key),
  );
  throw new DataError(
    'DATA_MISSING',
    `No bars of ${key} are stored.${guess ? ` Did you mean ${guess}?` : ''}`,
    `algo data list shows what is stored. To add it, run: algo data import <file> --as ${key}`,
  );
}

function missing(
  key: string,
  timeframe: Timeframe,
  span: Interval,
  stored: readonly StoredSeries[],
): DataError {
  const held = stored.map(
    (series) => `${series.timeframe} from ${istDate(series.first)} to ${istDate(series.last)}`,
  );
  const usable = sourcesOf(stored, timeframe)[0];
  const fix = usable
    ? `Use --from ${istDate(usable.first)} --to ${istDate(usable.last)}, or run: algo data import <file> --as ${key}`
    : `Run: algo data import <file> --as ${key} --timeframe ${timeframe}`;
  return new DataError(
    'DATA_MISSING',
    `No ${timeframe} bars of ${key}${spanText(span)}; ${held.length > 0 ? `stored: ${held.join(', ')}` : 'none are stored'}.`,
    fix,
  );
}

function spanText({ from, to }: Interval): string {
  const start = Number.isFinite(from) ? istDate(from) : undefined;
  // The span ends before its last instant, which is usually the midnight after the last day.
  const end = Number.isFinite(to) ? istDate(to - 1) : undefined;
  if (start && end) return ` between ${start} and ${end}`;
  if (start) return ` from ${start} on`;
  return end ? ` until ${end}` : '';
}
