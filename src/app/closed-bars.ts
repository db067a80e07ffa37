import { BarSeries } from '../domain/bar-series.ts';
import { DataError, isAlgoError, UsageError } from '../domain/errors.ts';
import type { Instrument, InstrumentKey } from '../domain/instrument.ts';
import { canResample, closesOf, resample, type SessionsByDay, sessionsOf } from '../domain/resample.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import { dayMs, dayNumberOf, type EpochMs, instantOf, minuteOfClock, startOfDay } from '../domain/time.ts';
import { type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { HistoryStore, StoredSeries } from '../engine/ports.ts';
import type { ScannedBars } from '../research/scan/evaluate.ts';
import type { Reach } from '../research/scan/reach.ts';
import { loadBars, sourceOf, storedByKey } from './history.ts';
import { lookBackStart } from './look-back.ts';

/** Gives the bars of an instrument that had closed by an instant. */
export interface ClosedBars {
  /** As far back as an EMA of 200 needs. @throws DataError DATA_MISSING when none had closed */
  of(instrument: Instrument, timeframe: Timeframe): Promise<ScannedBars>;
  /**
   * The base and other timeframes, as far back as `reach` says. What is stored is read once, and the longer bars are made of the
   * shorter ones.
   *
   * @throws DataError DATA_MISSING when of one none had closed
   */
  all(instrument: Instrument, base: Timeframe, frames: readonly Timeframe[]): Promise<InstrumentBars>;
}

export interface InstrumentBars {
  readonly base: ScannedBars;
  readonly others: ReadonlyMap<Timeframe, ScannedBars>;
}

export interface ClosedBarsRequest {
  readonly calendar: TradingCalendar;
  /** What closed later is not seen. */
  readonly until: EpochMs;
  /** First day of the bars. */
  readonly from?: string | undefined;
  /** The whole history rather than what the newest bar needs. */
  readonly everything?: boolean;
  /** What `all` needs of each timeframe. */
  readonly reach?: ReadonlyMap<Timeframe, Reach>;
}

/** Asks the store once what it has, rather than once an instrument. */
export async function closedBars(store: HistoryStore, request: ClosedBarsRequest): Promise<ClosedBars> {
  const { calendar, until, reach } = request;
  const exact = request.from !== undefined;
  const storedOf = storedByKey(await store.list());
  const actions = await store.actions();
  const shelfOf = (instrument: Instrument) => {
    const stored = storedOf.get(instrument.key) ?? [];
    const asked: Asked = {
      list: async () => stored,
      actions: async () => actions,
      load: (...wanted) => store.load(...wanted),
    };
    return new Shelf({ instrument, stored, asked, calendar, until });
  };
  const startOf = (stored: readonly StoredSeries[], timeframe: Timeframe, wanted?: Reach) =>
    lookBackStart({ ...request, stored, timeframe, wanted });

  return {
    async of(instrument, timeframe) {
      const shelf = shelfOf(instrument);
      const from = startOf(shelf.stored, timeframe);
      return shelf.closed(timeframe, { from, exact });
    },
    async all(instrument, base, frames) {
      const shelf = shelfOf(instrument);
      const { stored } = shelf;
      const starts = new Map(
        [base, ...frames].map((frame) => [frame, startOf(stored, frame, reach?.get(frame))]),
      );
      // The shortest bars of a stored series reach as far back as the longest that are made of them.
      const ordered = [...starts.keys()].sort((a, b) => timeframes.indexOf(a) - timeframes.indexOf(b));
      for (const [at, frame] of ordered.entries()) {
        const source = sourceOf(stored, frame);
        const made = ordered
          .slice(at)
          .filter((each) => canResample(frame, each) && sourceOf(stored, each) === source);
        await shelf.bring(frame, Math.min(...made.map((each) => starts.get(each) ?? Number.NaN)));
      }
      const wants = (frame: Timeframe, by: EpochMs) => ({
        ...{ from: starts.get(frame) ?? Number.NEGATIVE_INFINITY, exact, bars: reach?.get(frame)?.bars, by },
      });
      const own = await shelf.closed(base, wants(base, until));
      const others = new Map<Timeframe, ScannedBars>();
      for (const frame of frames) {
        const seenAt = own.closes[Math.max(0, own.closes.length - 1 - (reach?.get(frame)?.back ?? 0))];
        others.set(frame, await shelf.closed(frame, wants(frame, seenAt)));
      }
      return { base: own, others };
    },
  };
}

type Asked = Pick<HistoryStore, 'list' | 'load' | 'actions'>;

interface Wanted {
  /** Where to begin, and whether that was asked for. */
  readonly from: EpochMs;
  readonly exact: boolean;
  /** So many bars closed by an instant, where there are; absent, what lies in the span. */
  readonly bars?: number | undefined;
  readonly by?: EpochMs;
}

/** What has been read of one instrument. */
class Shelf {
  readonly stored: readonly StoredSeries[];
  readonly #instrument: Instrument;
  readonly #asked: Asked;
  readonly #calendar: TradingCalendar;
  readonly #sessions: SessionsByDay | undefined;
  readonly #until: EpochMs;
  readonly #first: EpochMs;
  readonly #known = new Map<Timeframe, { readonly from: EpochMs; readonly series: BarSeries }>();

  constructor(parts: {
    readonly instrument: Instrument;
    readonly stored: readonly StoredSeries[];
    readonly asked: Asked;
    readonly calendar: TradingCalendar;
    readonly until: EpochMs;
  }) {
    this.stored = parts.stored;
    this.#instrument = parts.instrument;
    this.#asked = parts.asked;
    this.#calendar = parts.calendar;
    this.#sessions = sessionsOf(parts.calendar, parts.instrument);
    this.#until = parts.until;
    this.#first = Math.min(...parts.stored.map(({ first }) => first));
  }

  async closed(timeframe: Timeframe, { from, exact, bars, by = this.#until }: Wanted): Promise<ScannedBars> {
    for (let start = from; ; ) {
      const series = await this.bring(timeframe, start);
      const closes = closesOf(series, this.#sessions);
      const length = countUpTo(closes, this.#until);
      const enough = bars === undefined ? length > 0 : countUpTo(closes, by) >= bars;
      if (enough || exact || !(start > this.#first)) {
        if (length === 0) throw noneClosed(this.#instrument.key, timeframe, exact);
        return { series: series.slice(0, length), closes: closes.subarray(0, length) };
      }
      // Days without trades, or hours shorter than usual: look twice as far back.
      const newest = Math.max(...this.stored.map(({ last }) => last));
      start -= Math.max(newest - start, dayMs);
    }
  }

  /** Bars from an instant on; empty where there are none so late. @throws DataError DATA_MISSING where nothing earlier is stored either */
  async bring(timeframe: Timeframe, from: EpochMs): Promise<BarSeries> {
    const known = this.#known.get(timeframe);
    if (known && known.from <= from) return known.series;
    const series = this.#made(timeframe, from) ?? (await this.#loaded(timeframe, from));
    this.#known.set(timeframe, { from, series });
    return series;
  }

  /** Of shorter bars that were made of the same stored series. */
  #made(timeframe: Timeframe, from: EpochMs): BarSeries | undefined {
    const source = sourceOf(this.stored, timeframe);
    for (const [shorter, { from: begins, series: bars }] of this.#known) {
      if (begins > from || bars.length === 0 || shorter === timeframe) continue;
      if (!canResample(shorter, timeframe) || sourceOf(this.stored, shorter) !== source) continue;
      const { series } = resample(bars, timeframe, this.#sessions);
      // A bar stamped before the span would be made of a part of its time.
      return series.slice(series.rowAt(begins), series.length);
    }
    return undefined;
  }

  async #loaded(timeframe: Timeframe, from: EpochMs): Promise<BarSeries> {
    const span = { from, to: this.#until };
    try {
      const loaded = await loadBars(this.#asked, this.#calendar, {
        ...{ instrument: this.#instrument, timeframe, span },
      });
      return loaded.series;
    } catch (error) {
      if (isAlgoError(error) && error.code === 'DATA_MISSING' && from > this.#first)
        return new BarSeries(this.#instrument.key, timeframe);
      throw error;
    }
  }
}

/** Bars that had closed by an instant. */
function countUpTo(closes: Float64Array, instant: EpochMs): number {
  let count = closes.length;
  while (count > 0 && closes[count - 1] > instant) count -= 1;
  return count;
}

function noneClosed(key: InstrumentKey, timeframe: Timeframe, sinceFirstDay: boolean): DataError {
  return sinceFirstDay
    ? new DataError(
        'DATA_MISSING',
        `${key} has no ${timeframe} bar since --from.`,
        'Choose an earlier --from.',
      )
    : new DataError(
        'DATA_MISSING',
        `No ${timeframe} bar of ${key} had closed by then.`,
        'Choose a later --as-of.',
      );
}

/** The last instant that counts, by default all that is stored. @throws UsageError USAGE_INSTANT */
export function instantAsked(text: string | undefined): EpochMs {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?$/.exec(text.trim());
  if (!match?.[1])
    throw new UsageError(
      'USAGE_INSTANT',
      `--as-of received "${text}".`,
      'Write a day or an instant in India: 2026-10-06 or "2026-10-06 11:30".',
    );
  const day = dayNumberOf(match[1]);
  return match[2] === undefined ? startOfDay(day + 1) : instantOf(day, minuteOfClock(match[2]));
}
