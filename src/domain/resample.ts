import { BarSeries, interestAt } from './bar-series.ts';
import { assert, codeOf } from './errors.ts';
import type { Instrument } from './instrument.ts';
import type { TradingCalendar, TradingSession } from './rulebook.ts';
import { dayMs, type EpochMs, type Interval, istDayNumber, startOfDay, weekdayOf } from './time.ts';
import { isIntraday, minutesOf, type Timeframe, timeframeMs } from './timeframe.ts';

/** Trading hours of one instrument by day number, or undefined when its market is closed that day. */
export type SessionsByDay = (dayNumber: number) => TradingSession | undefined;

/** When an instrument trades, by day; undefined for a market without a calendar. */
export function sessionsOf(calendar: TradingCalendar, instrument: Instrument): SessionsByDay | undefined {
  if (instrument.rules === 'none') return undefined;
  return (dayNumber) => calendar.session(instrument, dayNumber);
}

/** A session's last bar is short, so there are a few more bars than a division says. */
const barsMore = 16;

export interface Resampled {
  readonly series: BarSeries;
  /** Source bars that lay outside the trading hours and were left out: pre-open, closing prints, days without a session. */
  readonly dropped: number;
  /** Bars that the end of trading cut short, such as 15:15 of an hourly series that ends at 15:30. */
  readonly shortBars: number;
  /** The last bar's time had not ended when the source did. */
  readonly unfinished: boolean;
}

/**
 * Bars of a longer timeframe. Intraday bars are anchored to the opening of their trading window, so 15m bars of a 09:15 session
 * open at 09:15, 09:30, …; none spans two windows or two days. Day bars are stamped with midnight in India, week bars with
 * Monday, month bars with the first.
 *
 * Without `sessions` the market has no calendar: every bar counts and intraday bars are anchored to midnight in India.
 */
export function resample(source: BarSeries, timeframe: Timeframe, sessions?: SessionsByDay): Resampled {
  const ratio = Math.min(1, timeframeMs(source.timeframe) / timeframeMs(timeframe));
  const resampler = new Resampler(source, timeframe, sessions, Math.ceil(source.length * ratio) + barsMore);
  for (let row = 0; row < source.length; row++) resampler.next(source, row);
  const unfinished = resampler.finish();
  return { series: resampler.series, dropped: resampler.dropped, shortBars: resampler.shortBars, unfinished };
}

/**
 * The same, bar by bar as they close. `series` holds closed bars only: a bar joins it with the source bar that reaches its end,
 * or, where the last source bars are missing, with the next source bar.
 */
export class Resampler {
  readonly series: BarSeries;
  dropped = 0;
  shortBars = 0;
  readonly #sourceMs: number;
  readonly #clock: BarClock;
  // The bar being built; `#start` is NaN when there is none.
  #start = Number.NaN;
  #end = Number.NaN;
  #short = false;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #volume = 0;
  #openInterest = Number.NaN;

  constructor(
    source: { readonly key: string; readonly timeframe: Timeframe },
    timeframe: Timeframe,
    sessions?: SessionsByDay,
    capacity = 0,
  ) {
    assert(
      canResample(source.timeframe, timeframe),
      `${timeframe} bars are made of whole ${source.timeframe} bars`,
    );
    this.series = new BarSeries(source.key, timeframe, capacity);
    this.#sourceMs = timeframeMs(source.timeframe);
    this.#clock = new BarClock(source.timeframe, timeframe, sessions);
  }

  /** Takes a closed source bar; answers how many bars it closed: 0, 1, or 2 when it also ends a bar left open by a gap. */
  next(source: BarSeries, row: number): number {
    const time = source.time[row];
    const clock = this.#clock;
    if (!clock.find(time)) {
      this.dropped++;
      return 0;
    }
    let closed = 0;
    if (clock.start !== this.#start) {
      closed = this.#emit();
      this.#begin(source, row);
    } else {
      if (source.high[row] > this.#high) this.#high = source.high[row];
      if (source.low[row] < this.#low) this.#low = source.low[row];
      this.#close = source.close[row];
      this.#volume += source.volume[row];
      if (source.openInterest !== undefined) this.#interest(source.openInterest[row]);
    }
    // A source bar of a day or more ends with its day's trading, whatever its nominal length.
    const reaches = clock.dayBars ? clock.dayEnd : Math.min(time + this.#sourceMs, clock.windowEnd);
    return reaches >= this.#end ? closed + this.#emit() : closed;
  }

  /** The source has ended: closes the bar being built. Answers whether there was one. */
  finish(): boolean {
    return this.#emit() > 0;
  }

  #begin(source: BarSeries, row: number): void {
    this.#start = this.#clock.start;
    this.#end = this.#clock.end;
    this.#short = this.#clock.short;
    this.#open = source.open[row];
    this.#high = source.high[row];
    this.#low = source.low[row];
    this.#close = source.close[row];
    this.#volume = source.volume[row];
    this.#openInterest = interestAt(source, row);
  }

  // What is open is no flow: the bar has what was open at its end, as far as it is known.
  #interest(units: number): void {
    if (!Number.isNaN(units)) this.#openInterest = units;
  }

  #emit(): number {
    if (Number.isNaN(this.#start)) return 0;
    this.series.append(this.#start, this.#open, this.#high, this.#low, this.#close, this.#volume);
    if (!Number.isNaN(this.#openInterest))
      this.series.setOpenInterest(this.series.length - 1, this.#openInterest);
    if (this.#short) this.shortBars++;
    this.#start = Number.NaN;
    return 1;
  }
}

/** True when bars of `timeframe` can be put together from whole bars of `source`. */
export function canResample(source: Timeframe, timeframe: Timeframe): boolean {
  if (source === timeframe) return true;
  if (isIntraday(source)) return !isIntraday(timeframe) || minutesOf(timeframe) % minutesOf(source) === 0;
  return source === 'day' && (timeframe === 'week' || timeframe === 'month');
}

/**
 * The instant at which a bar closes: its nominal end or the end of trading, whichever is first; a day, week or month bar closes
 * with the last trading of its days. Undefined for a bar that opens outside the trading hours.
 */
export function closeOfBar(
  time: EpochMs,
  timeframe: Timeframe,
  sessions?: SessionsByDay,
): EpochMs | undefined {
  const clock = new BarClock(timeframe, timeframe, sessions);
  return clock.find(time) ? clock.end : undefined;
}

/**
 * The instants at which the bars of a series close, as `closeOfBar`; a bar outside the trading hours closes after its own length.
 */
export function closesOf(series: BarSeries, sessions?: SessionsByDay): Float64Array {
  const clock = new BarClock(series.timeframe, series.timeframe, sessions);
  const lengthMs = timeframeMs(series.timeframe);
  const closes = new Float64Array(series.length);
  for (let row = 0; row < series.length; row++)
    closes[row] = clock.find(series.time[row]) ? clock.end : series.time[row] + lengthMs;
  return closes;
}

/** A series without its bars outside the trading hours; the very same series when there are none. */
export function insideSessions(
  series: BarSeries,
  sessions?: SessionsByDay,
): { series: BarSeries; dropped: number } {
  if (!sessions) return { series, dropped: 0 };
  const clock = new BarClock(series.timeframe, series.timeframe, sessions);
  let kept: BarSeries | undefined;
  for (let row = 0; row < series.length; row++) {
    const inside = clock.find(series.time[row]);
    if (!inside && !kept) kept = copyOf(series, row);
    else if (inside && kept) kept.appendRow(series, row);
  }
  return { series: kept ?? series, dropped: kept ? series.length - kept.length : 0 };
}

function copyOf(series: BarSeries, rows: number): BarSeries {
  const copy = new BarSeries(series.key, series.timeframe, series.length);
  copy.time.set(series.time.subarray(0, rows));
  copy.open.set(series.open.subarray(0, rows));
  copy.high.set(series.high.subarray(0, rows));
  copy.low.set(series.low.subarray(0, rows));
  copy.close.set(series.close.subarray(0, rows));
  copy.volume.set(series.volume.subarray(0, rows));
  if (series.openInterest)
    for (let row = 0; row < rows; row++) copy.setOpenInterest(row, series.openInterest[row]);
  copy.length = rows;
  return copy;
}

/** Which bar an instant belongs to. Looks the calendar up once a day and the window once a bar. */
export class BarClock {
  /** The bar of the instant last found. */
  start = Number.NaN;
  end = Number.NaN;
  short = false;
  /** End of its trading window; beginning and end of its day's trading. */
  windowEnd = Number.NaN;
  dayOpen = Number.NaN;
  dayEnd = Number.NaN;
  /** Source bars are of a day or more: stamped with midnight, before any trading. */
  readonly dayBars: boolean;
  readonly #periodBars: boolean;
  readonly #timeframe: Timeframe;
  readonly #lengthMs: number;
  readonly #intraday: boolean;
  readonly #sessions: SessionsByDay | undefined;
  #dayNumber = Number.NaN;
  #windows: readonly Interval[] = [];
  // Within it the answer is the one already given.
  #knownFrom = Number.NaN;
  #knownTo = Number.NaN;

  constructor(source: Timeframe, timeframe: Timeframe, sessions: SessionsByDay | undefined) {
    this.dayBars = !isIntraday(source);
    this.#periodBars = source === 'week' || source === 'month';
    this.#timeframe = timeframe;
    this.#intraday = isIntraday(timeframe);
    this.#lengthMs = timeframeMs(timeframe);
    this.#sessions = sessions;
  }

  /** False when the instant is outside the trading hours. */
  find(time: EpochMs): boolean {
    if (time >= this.#knownFrom && time < this.#knownTo) return true;
    const dayNumber = istDayNumber(time);
    if (dayNumber !== this.#dayNumber) this.#turnTo(dayNumber);
    if (this.dayBars && this.#timeframe !== 'day') return this.#wholeDay(dayNumber);
    if (this.dayBars)
      return this.#windows.length > 0 && this.#settle(startOfDay(dayNumber), this.dayEnd, time, time + 1);
    for (const { from, to } of this.#windows) {
      if (time >= from && time < to) return this.#inWindow(time, from, to);
    }
    return false;
  }

  #turnTo(dayNumber: number): void {
    this.#dayNumber = dayNumber;
    const midnight = startOfDay(dayNumber);
    if (this.#sessions) this.#windows = this.#sessions(dayNumber)?.windows ?? [];
    else this.#windows = [{ from: midnight, to: midnight + dayMs }];
    this.dayOpen = this.#windows[0]?.from ?? Number.NaN;
    this.dayEnd = this.#windows.at(-1)?.to ?? Number.NaN;
  }

  #inWindow(time: EpochMs, from: EpochMs, to: EpochMs): boolean {
    this.windowEnd = to;
    if (this.#intraday) {
      const start = from + Math.floor((time - from) / this.#lengthMs) * this.#lengthMs;
      const end = Math.min(start + this.#lengthMs, to);
      this.short = end - start < this.#lengthMs;
      return this.#settle(start, end, start, end);
    }
    if (this.#timeframe === 'day') return this.#settle(startOfDay(this.#dayNumber), this.dayEnd, from, to);
    return this.#period(this.#dayNumber, from, to);
  }

  // The stamp of a week or month may itself be a holiday; a day has to have traded.
  #wholeDay(dayNumber: number): boolean {
    if (this.#windows.length === 0 && !this.#periodBars) return false;
    const midnight = startOfDay(dayNumber);
    return this.#period(dayNumber, midnight, midnight + 1);
  }

  #period(dayNumber: number, knownFrom: EpochMs, knownTo: EpochMs): boolean {
    const { firstDay, lastDay } = periodOf(this.#timeframe, dayNumber);
    const start = startOfDay(firstDay);
    const end = start === this.start ? this.end : this.#lastTrading(firstDay, lastDay);
    return this.#settle(start, end, knownFrom, knownTo);
  }

  #lastTrading(firstDay: number, lastDay: number): EpochMs {
    if (!this.#sessions) return startOfDay(lastDay + 1);
    try {
      for (let day = lastDay; day >= firstDay; day--) {
        const session = this.#sessions(day);
        if (session) return session.close;
      }
    } catch (cause) {
      // The tables end inside this week or month. Its bars are known, its last day is not: leave it open to the end.
      if (codeOf(cause) !== 'RULE_CALENDAR') throw cause;
    }
    return startOfDay(lastDay + 1);
  }

  #settle(start: EpochMs, end: EpochMs, knownFrom: EpochMs, knownTo: EpochMs): boolean {
    this.start = start;
    this.end = end;
    this.#knownFrom = knownFrom;
    this.#knownTo = knownTo;
    return true;
  }
}

/** First and last calendar day of the week (from Monday) or month that a day belongs to. */
function periodOf(timeframe: Timeframe, dayNumber: number): { firstDay: number; lastDay: number } {
  if (timeframe === 'week') {
    const firstDay = dayNumber - ((weekdayOf(dayNumber) + 6) % 7);
    return { firstDay, lastDay: firstDay + 6 };
  }
  const date = new Date(dayNumber * dayMs);
  const firstDay = dayNumber - (date.getUTCDate() - 1);
  return { firstDay, lastDay: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) / dayMs };
}
