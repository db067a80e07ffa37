import { DataError, UsageError } from '../domain/errors.ts';
import type { Instrument, InstrumentKey } from '../domain/instrument.ts';
import { closesOf, sessionsOf } from '../domain/resample.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import {
  dayMs,
  dayNumberOf,
  type EpochMs,
  type Interval,
  instantOf,
  minuteOfClock,
  startOfDay,
} from '../domain/time.ts';
import { isIntraday, minutesOf, type Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore, StoredSeries } from '../engine/ports.ts';
import type { ScannedBars } from '../research/scan/evaluate.ts';
import { loadBars, storedByKey } from './history.ts';

/** Gives the bars of an instrument that had closed by an instant, as far back as a look at its newest bar needs. */
export interface ClosedBars {
  /** @throws DataError DATA_MISSING when none had closed */
  of(instrument: Instrument, timeframe: Timeframe): Promise<ScannedBars>;
}

export interface ClosedBarsRequest {
  readonly calendar: TradingCalendar;
  /** What closed later is not seen. */
  readonly until: EpochMs;
  /** First day of the bars. */
  readonly from?: string | undefined;
  /** The whole history rather than what the newest bar needs. */
  readonly everything?: boolean;
}

/** Asks the store once what it has, rather than once an instrument. */
export async function closedBars(store: HistoryStore, request: ClosedBarsRequest): Promise<ClosedBars> {
  const stored = storedByKey(await store.list());
  const actions = await store.actions();
  const shelfOf = (key: InstrumentKey): Pick<HistoryStore, 'list' | 'load' | 'actions'> => ({
    list: async () => stored.get(key) ?? [],
    actions: async () => actions,
    load: (...wanted) => store.load(...wanted),
  });
  return {
    async of(instrument, timeframe) {
      const { calendar, until } = request;
      const span = spanOf(request, stored.get(instrument.key) ?? [], timeframe);
      const { series } = await loadBars(shelfOf(instrument.key), calendar, { instrument, timeframe, span });
      const closes = closesOf(series, sessionsOf(calendar, instrument));
      let length = series.length;
      while (length > 0 && closes[length - 1] > until) length -= 1;
      if (length === 0)
        throw new DataError(
          'DATA_MISSING',
          `No ${timeframe} bar of ${instrument.key} had closed by then.`,
          'Choose a later --as-of.',
        );
      return { series: series.slice(0, length), closes: closes.subarray(0, length) };
    },
  };
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

/** Calendar days that are looked back, by length of the bars: enough for an EMA of 200 to forget where it began. */
const lookBackDays = { day: 1_500, minutes: 2 };

function spanOf(
  { until, from, everything }: ClosedBarsRequest,
  stored: readonly StoredSeries[],
  timeframe: Timeframe,
): Interval {
  if (from !== undefined) return { from: startOfDay(dayNumberOf(from)), to: until };
  if (everything || timeframe === 'week' || timeframe === 'month')
    return { from: Number.NEGATIVE_INFINITY, to: until };
  const newest = Math.min(until, Math.max(...stored.map(({ last }) => last)) + dayMs);
  const days = isIntraday(timeframe) ? lookBackDays.minutes * minutesOf(timeframe) + 20 : lookBackDays.day;
  return { from: newest - days * dayMs, to: until };
}
