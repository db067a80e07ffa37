import { canResample } from '../domain/resample.ts';
import { dayMs, dayNumberOf, type EpochMs, istDayNumber, startOfDay } from '../domain/time.ts';
import { isIntraday, minutesOf, type Timeframe } from '../domain/timeframe.ts';
import type { StoredSeries } from '../engine/ports.ts';
import type { Reach } from '../research/scan/reach.ts';

export interface LookBack {
  /** What is stored of the instrument. */
  readonly stored: readonly StoredSeries[];
  readonly timeframe: Timeframe;
  /** What closed later is not seen. */
  readonly until: EpochMs;
  /** First day, where it is asked for. */
  readonly from?: string | undefined;
  readonly everything?: boolean;
  /** Absent, as far as an EMA of 200 needs. */
  readonly wanted?: Reach | undefined;
}

/** Calendar days that are looked back, by length of the bars: enough for an EMA of 200 to forget where it began. */
const usualDays = { day: 1_500, minutes: 2, more: 20 };

/** Calendar days of a trading day, weekends and holidays counted in, and for the longest run of them. */
const calendarDays = { each: 1.5, more: 6 };

/** NSE trades so long; on longer days fewer of them hold the same bars. */
const minutesPerDay = 375;

/** Where to begin reading so that the newest bars are probably as many as are needed; who reads looks whether they are. */
export function lookBackStart({ stored, timeframe, until, from, everything, wanted }: LookBack): EpochMs {
  if (from !== undefined) return startOfDay(dayNumberOf(from));
  if (everything) return Number.NEGATIVE_INFINITY;
  const sources = stored.filter((series) => canResample(series.timeframe, timeframe));
  const newest = Math.min(until, Math.max(...sources.map(({ last }) => last)) + dayMs);
  const days = daysFor(timeframe, wanted);
  return days === undefined || !Number.isFinite(newest)
    ? Number.NEGATIVE_INFINITY
    : startOfDay(istDayNumber(newest) - days);
}

function daysFor(timeframe: Timeframe, wanted: Reach | undefined): number | undefined {
  if (wanted?.bars !== undefined) {
    const trading = wanted.bars * tradingDays(timeframe) + wanted.back;
    return Math.ceil(trading * calendarDays.each) + calendarDays.more;
  }
  if (timeframe === 'week' || timeframe === 'month') return undefined;
  if (timeframe === 'day') return usualDays.day;
  return usualDays.minutes * minutesOf(timeframe) + usualDays.more;
}

function tradingDays(timeframe: Timeframe): number {
  if (isIntraday(timeframe)) return minutesOf(timeframe) / minutesPerDay;
  return { day: 1, week: 5, month: 22 }[timeframe as 'day' | 'week' | 'month'];
}
