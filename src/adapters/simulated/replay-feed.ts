import type { BarSeries } from '../../domain/bar-series.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { closeOfBar } from '../../domain/resample.ts';
import type { TradingCalendar } from '../../domain/rulebook.ts';
import { type EpochMs, instantOf, istDayNumber, startOfDay } from '../../domain/time.ts';
import { isIntraday, timeframeMs } from '../../domain/timeframe.ts';
import type { MarketListener } from '../../engine/ports.ts';

/** Before this minute no day bar of an Indian market is complete: auction and closing prices come after continuous trading. */
const dayCloseMinute = 930;

/** Where the replay stands in one series, and when its next bar closes. */
class ReplayCursor {
  readonly series: BarSeries;
  readonly length: number;
  row = 0;
  closesAt: EpochMs = Number.POSITIVE_INFINITY;
  private readonly instrument: Instrument;
  private readonly calendar: TradingCalendar;
  readonly barMs: number;
  private readonly intraday: boolean;
  private readonly spansDays: boolean;
  private dayEnd = Number.NEGATIVE_INFINITY;
  private sessionClose = Number.POSITIVE_INFINITY;

  constructor({ instrument, series }: ReplaySeries, calendar: TradingCalendar) {
    this.series = series;
    this.length = series.length;
    this.instrument = instrument;
    this.calendar = calendar;
    this.barMs = timeframeMs(series.timeframe);
    this.intraday = isIntraday(series.timeframe);
    this.spansDays = series.timeframe === 'week' || series.timeframe === 'month';
    this.look();
  }

  next(): void {
    this.row += 1;
    this.look();
  }

  goTo(row: number): void {
    this.row = row;
    this.look();
  }

  /** Whether both have the same bars and close them at the same instants. */
  keepsPace(other: ReplayCursor): boolean {
    const { instrument, series, length } = this;
    if (length !== other.length || series.timeframe !== other.series.timeframe) return false;
    if (instrument.rules !== other.instrument.rules || instrument.kind !== other.instrument.kind)
      return false;
    if (instrument.underlying !== other.instrument.underlying) return false;
    const one = series.time;
    const two = other.series.time;
    if (one === two) return true;
    for (let row = 0; row < length; row++) if (one[row] !== two[row]) return false;
    return true;
  }

  /** First row of the day from the current one on that may not close its own length after it opened. */
  plainUntil(): number {
    if (this.spansDays) return this.row;
    const last = Math.min(this.dayEnd, this.sessionClose - this.barMs + 1);
    return this.series.time[this.row] < last ? this.series.rowAt(last, this.row) : this.row;
  }

  private look(): void {
    if (this.row >= this.length) {
      this.closesAt = Number.POSITIVE_INFINITY;
      return;
    }
    const time = this.series.time[this.row];
    if (this.spansDays) {
      this.closesAt = this.periodClose(time);
      return;
    }
    if (time >= this.dayEnd) this.enterDay(istDayNumber(time));
    // The last bar of a session may be short. A bar outside the session closes after its own length.
    const nominal = time + this.barMs;
    this.closesAt = nominal > this.sessionClose && time < this.sessionClose ? this.sessionClose : nominal;
  }

  private enterDay(dayNumber: number): void {
    this.dayEnd = startOfDay(dayNumber + 1);
    this.sessionClose = Number.POSITIVE_INFINITY;
    if (this.instrument.rules === 'none') return;
    const close = this.calendar.session(this.instrument, dayNumber)?.close;
    if (this.intraday) this.sessionClose = close ?? Number.POSITIVE_INFINITY;
    else this.sessionClose = Math.max(close ?? 0, instantOf(dayNumber, dayCloseMinute));
  }

  /** A week or month is known with the last trading of its days, not with the first. */
  private periodClose(time: EpochMs): EpochMs {
    const { instrument, calendar } = this;
    const sessions =
      instrument.rules === 'none' ? undefined : (day: number) => calendar.session(instrument, day);
    return closeOfBar(time, this.series.timeframe, sessions) ?? time + this.barMs;
  }
}

export interface ReplaySeries {
  readonly instrument: Instrument;
  readonly series: BarSeries;
}

/**
 * Tells stored bars in the order in which they closed. Bars of several instruments that close at one instant are all told, in the
 * order in which they were given, before that instant's mark. `progress` hears of about every 50,000th bar.
 */
export function replay(
  all: readonly ReplaySeries[],
  calendar: TradingCalendar,
  listener: MarketListener,
  progress?: (bars: number) => void,
): void {
  const cursors = all.map((each) => new ReplayCursor(each, calendar));
  const only = cursors.length === 1 ? cursors[0] : undefined;
  if (only) replayOne(only, listener, progress);
  else replayMany(cursors, listener, progress);
}

const progressBars = 50_000;

function replayOne(cursor: ReplayCursor, listener: MarketListener, progress?: (bars: number) => void): void {
  const { series, length } = cursor;
  let nextReport = 0;
  while (cursor.row < length) {
    const from = cursor.row;
    if (progress && from >= nextReport) {
      progress(from);
      nextReport = from + progressBars;
    }
    // Most of a day's bars close after their own length, so the cursor has to look again only where they do not.
    const end = cursor.plainUntil();
    let row = from;
    while (row < end) row = listener.barsClosed(series, row, end);
    if (row === from) {
      listener.barClosed(series, from);
      listener.mark(cursor.closesAt);
      row += 1;
    }
    cursor.goTo(row);
  }
}

function replayMany(
  cursors: readonly ReplayCursor[],
  listener: MarketListener,
  progress?: (bars: number) => void,
): void {
  // The bars of a market's shares mostly close together, and one cursor then does for all that stand side by side.
  const groups: { readonly cursor: ReplayCursor; readonly series: BarSeries[] }[] = [];
  for (const cursor of cursors) {
    const last = groups.at(-1);
    if (last?.cursor.keepsPace(cursor)) last.series.push(cursor.series);
    else groups.push({ cursor, series: [cursor.series] });
  }
  let told = 0;
  let nextReport = progressBars;
  let now = earliest(cursors);
  while (now < Number.POSITIVE_INFINITY) {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < groups.length; i++) {
      const { cursor, series } = groups[i];
      if (cursor.closesAt === now) {
        for (let place = 0; place < series.length; place++) listener.barClosed(series[place], cursor.row);
        cursor.next();
        told += series.length;
      }
      if (cursor.closesAt < next) next = cursor.closesAt;
    }
    listener.mark(now);
    now = next;
    if (progress && told >= nextReport) {
      progress(told);
      nextReport += progressBars;
    }
  }
}

function earliest(cursors: readonly ReplayCursor[]): EpochMs {
  let time = Number.POSITIVE_INFINITY;
  for (const cursor of cursors) if (cursor.closesAt < time) time = cursor.closesAt;
  return time;
}
