import type { BarSeries } from './bar-series.ts';
import { codeOf } from './errors.ts';
import type { Instrument } from './instrument.ts';
import type { TradingCalendar, TradingSession } from './rulebook.ts';
import { type DaySpan, type EpochMs, istDayNumber, minuteMs, startOfDay, weekdayOf } from './time.ts';
import { isIntraday, minutesOf, type Timeframe, timeframeMs } from './timeframe.ts';

/** The just-closed candle of a broker may come late or be revised; it is taken this long after its end. */
export const candleGraceMs = minuteMs;

/** A day candle is final once closing auction and post-close are over: an hour after continuous trading. */
export const dayCandleGraceMs = 60 * minuteMs;

/** Stored days that are read again beside missing ones, to notice that the source has adjusted its prices since. */
export const overlapDays = { daily: 5, intraday: 1 } as const;

/** Session of a day; `unknown` on a weekday beyond the calendar's tables, undefined when the market is closed. */
export function sessionOrUnknown(
  calendar: TradingCalendar,
  instrument: Instrument,
  dayNumber: number,
): TradingSession | 'unknown' | undefined {
  try {
    return calendar.session(instrument, dayNumber);
  } catch (error) {
    if (codeOf(error) !== 'RULE_CALENDAR') throw error;
    const weekday = weekdayOf(dayNumber);
    return weekday > 0 && weekday < 6 ? 'unknown' : undefined;
  }
}

/** Day spans, sorted, with those that touch made one. */
export function joinedDays(spans: readonly DaySpan[]): DaySpan[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

export interface DaysAsked {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly calendar: TradingCalendar;
  readonly asked: DaySpan;
  readonly stored: BarSeries;
  readonly answered: readonly DaySpan[];
  /** Longest request, days. */
  readonly spanDays: number;
  /** Asks for every session, whatever is stored. */
  readonly force: boolean;
}

export interface DayRequest extends DaySpan {
  /** Some of its days have stored bars, whose prices tell whether the source has adjusted its own since. */
  readonly overlaps: boolean;
}

/**
 * The fewest requests for the sessions that are neither stored whole nor answered, each with a few stored days beside them. Those
 * that touch stored bars come first: nothing is saved before the prices have been compared.
 */
export function dayRequests(question: DaysAsked): readonly DayRequest[] {
  const { instrument, timeframe, calendar, asked, stored, spanDays, force } = question;
  const counts = barsByDay(stored);
  const answered = joinedDays(question.answered);
  const reach = isIntraday(timeframe) ? overlapDays.intraday : overlapDays.daily;
  const days: number[] = [];
  const missing: boolean[] = [];
  // Stored days just outside what is asked for are neighbours too.
  const margin = reach * 4;
  let at = 0;
  for (let day = asked.from - margin; day <= asked.to + margin; day++) {
    while (at < answered.length && answered[at].to < day) at++;
    const session = sessionOrUnknown(calendar, instrument, day);
    if (session === undefined) continue;
    const inside = day >= asked.from && day <= asked.to;
    if (!inside && !counts.has(day)) continue;
    const isAnswered = at < answered.length && answered[at].from <= day;
    days.push(day);
    missing.push(inside && (force || !(isAnswered || isWhole(counts.get(day) ?? 0, session, timeframe))));
  }
  const wanted = new Set<number>();
  for (let i = 0; i < days.length; i++) {
    if (!missing[i]) continue;
    wanted.add(days[i]);
    for (const step of [-1, 1]) {
      if (missing[i + step]) continue;
      let left = reach;
      for (let j = i + step; left > 0 && j >= 0 && j < days.length && !missing[j]; j += step) {
        if (!counts.has(days[j])) continue;
        wanted.add(days[j]);
        left--;
      }
    }
  }
  const sorted = [...wanted].sort((a, b) => a - b);
  const requests: DayRequest[] = [];
  for (let i = 0; i < sorted.length; ) {
    const from = sorted[i];
    let to = from;
    let overlaps = false;
    for (; i < sorted.length && sorted[i] < from + spanDays; i++) {
      to = sorted[i];
      overlaps ||= counts.has(to);
    }
    requests.push({ from, to, overlaps });
  }
  return requests.sort((a, b) => Number(b.overlaps) - Number(a.overlaps) || a.from - b.from);
}

/** A span cut into requests, oldest first. */
export function spansOf({ from, to }: DaySpan, spanDays: number): readonly DaySpan[] {
  const spans: DaySpan[] = [];
  for (let first = from; first <= to; first += spanDays)
    spans.push({ from: first, to: Math.min(to, first + spanDays - 1) });
  return spans;
}

/** Bars of each day in India. */
export function barsByDay({ time, length }: BarSeries): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    const day = istDayNumber(time[row]);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return counts;
}

function isWhole(bars: number, session: TradingSession | 'unknown', timeframe: Timeframe): boolean {
  if (!isIntraday(timeframe)) return bars > 0;
  if (session === 'unknown') return false;
  const length = minutesOf(timeframe) * minuteMs;
  return bars >= session.windows.reduce((sum, { from, to }) => sum + Math.ceil((to - from) / length), 0);
}

/** From when on a bar is final. Instants. */
export function finalAt(
  time: EpochMs,
  timeframe: Timeframe,
  session: TradingSession | 'unknown' | undefined,
): EpochMs {
  const known = session === 'unknown' ? undefined : session;
  if (!isIntraday(timeframe)) {
    return known ? known.close + dayCandleGraceMs : startOfDay(istDayNumber(time) + 1);
  }
  const end = time + timeframeMs(timeframe);
  return (known && time < known.close ? Math.min(end, known.close) : end) + candleGraceMs;
}

/** Whether nothing more will ever be said of a day. */
export function isDayFinal(
  dayNumber: number,
  timeframe: Timeframe,
  session: TradingSession | 'unknown' | undefined,
  now: EpochMs,
): boolean {
  if (session === undefined || session === 'unknown') return startOfDay(dayNumber + 1) <= now;
  return session.close + (isIntraday(timeframe) ? candleGraceMs : dayCandleGraceMs) <= now;
}

/**
 * What the prices of bars that both have were multiplied by since they were stored; 1 where they are the same, or where only some
 * differ, as a late or revised candle does.
 */
export function adjustmentOf(stored: BarSeries, fetched: BarSeries): number {
  const ratios: number[] = [];
  let old = 0;
  for (let row = 0; row < fetched.length; row++) {
    while (old < stored.length && stored.time[old] < fetched.time[row]) old++;
    if (old < stored.length && stored.time[old] === fetched.time[row] && stored.close[old] > 0)
      ratios.push(fetched.close[row] / stored.close[old]);
  }
  if (ratios.length === 0) return 1;
  ratios.sort((a, b) => a - b);
  const middle = ratios[ratios.length >> 1];
  // Rounding to paise moves a price of ten rupees by half a thousandth; an adjustment moves all prices one way.
  const moved = ratios.filter((ratio) => (middle > 1 ? ratio > 1.001 : ratio < 0.999)).length;
  return Math.abs(middle - 1) > 0.001 && moved >= ratios.length * 0.8 ? middle : 1;
}
