import { replay } from '../adapters/simulated/replay-feed.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { UsageError } from '../domain/errors.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import { dayNumberOf, type EpochMs, type IsoDate, isoDateOfDay } from '../domain/time.ts';
import { timeframeMs } from '../domain/timeframe.ts';
import type { MarketListener, TimerClock } from '../engine/ports.ts';
import type { BacktestSeries } from './backtest-run.ts';

/** The days that a replayed feed plays, both included. */
export interface FeedDays {
  readonly first: IsoDate;
  readonly last: IsoDate;
}

/** Reads `replay:2026-10-06` or `replay:2026-10-01..2026-10-06`. @throws UsageError USAGE_FEED */
export function feedDays(feed: string): FeedDays {
  const match = /^replay:(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?$/.exec(feed);
  if (!match?.[1])
    throw new UsageError(
      'USAGE_FEED',
      `--feed received "${feed}".`,
      'Use sandbox, kite, replay:2026-10-06, or replay:2026-10-01..2026-10-06 for several days.',
    );
  const [first, last] = [match[1], match[2] ?? match[1]];
  if (dayNumberOf(first) > dayNumberOf(last))
    throw new UsageError(
      'USAGE_FEED',
      `--feed received "${feed}", whose first day is after its last.`,
      'Exchange the two.',
    );
  return { first, last };
}

/** Days of bars before the first that warm indicators up. */
export function warmUpFrom(first: IsoDate, days: number): IsoDate {
  return isoDateOfDay(dayNumberOf(first) - days);
}

/** Reads `max`, `1x`, `60x`: market seconds a second. @throws UsageError USAGE_SPEED */
export function speedOf(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(/^(\d+(?:\.\d+)?)x$/.exec(text)?.[1]);
  if (speed > 0 && speed <= 100_000) return speed;
  throw new UsageError('USAGE_SPEED', `--speed received "${text}".`, 'Use 1x, 60x or max.');
}

/** A bar that closes, or the instant at which all bars that close then have been told. */
type Moment = { readonly series: BarSeries; readonly row: number } | { readonly mark: EpochMs };

/** Longer gaps between marks are nights and pass at once. */
const gapMsMax = 30 * 60_000;
/** Marks between two looks at what else the process has to do. */
const marksAtOnce = 50;

export interface PacedFeed {
  readonly series: readonly BacktestSeries[];
  readonly calendar: TradingCalendar;
  readonly clock: TimerClock;
  readonly speed: number;
  /** Up to this instant nothing is waited for: the past, and what an earlier process has played. */
  readonly pacedFrom: () => EpochMs;
  readonly signal: AbortSignal;
}

/**
 * Plays stored bars in the order in which they closed, at a multiple of the market's own pace. Resolves to true at the end, to false
 * when it was aborted between two marks.
 */
export async function playPaced(
  feed: PacedFeed,
  listener: MarketListener,
  marked: (time: EpochMs) => void,
): Promise<boolean> {
  let before = Number.NaN;
  let marks = 0;
  for (const moment of moments(feed)) {
    if (!('mark' in moment)) {
      listener.barClosed(moment.series, moment.row);
      continue;
    }
    if (marks++ % marksAtOnce === 0) await new Promise(setImmediate);
    const { mark } = moment;
    const gap = mark - before;
    if (mark > feed.pacedFrom() && gap <= gapMsMax && Number.isFinite(feed.speed))
      await waited(feed, gap / feed.speed);
    if (feed.signal.aborted) return false;
    listener.mark(mark);
    marked(mark);
    before = mark;
  }
  return true;
}

function moments({ series, calendar }: PacedFeed): readonly Moment[] {
  const all: Moment[] = [];
  replay(series, calendar, {
    barClosed: (bars, row) => all.push({ series: bars, row }),
    mark: (time) => all.push({ mark: time }),
    barsClosed(bars, from, to) {
      const lengthMs = timeframeMs(bars.timeframe);
      for (let row = from; row < to; row++)
        all.push({ series: bars, row }, { mark: bars.time[row] + lengthMs });
      return to;
    },
  });
  return all;
}

function waited({ clock, signal }: PacedFeed, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.at(clock.now() + ms, done);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
