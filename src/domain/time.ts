import { UsageError } from './errors.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. The only form of an instant inside the program. */
export type EpochMs = number;

/** A calendar day in India, `YYYY-MM-DD`. */
export type IsoDate = string;

/** Half-open: `from <= time < to`. */
export interface Interval {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Day numbers, both included. */
export interface DaySpan {
  readonly from: number;
  readonly to: number;
}

/** India has one zone and no daylight saving, so the offset is a constant and the host's `TZ` never matters. */
export const istOffsetMs = 19_800_000;
export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Whole days since 1970-01-01 in India; the fast key of a trading day. */
export function istDayNumber(time: EpochMs): number {
  return Math.floor((time + istOffsetMs) / dayMs);
}

/** Minutes since midnight in India, 0 to 1439. */
export function istMinuteOfDay(time: EpochMs): number {
  return Math.floor((time + istOffsetMs - istDayNumber(time) * dayMs) / minuteMs);
}

/** 0 is Sunday, 6 is Saturday. */
export function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 4) % 7) + 7) % 7;
}

export const weekdayNames = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** The instant at which a day begins in India. */
export function startOfDay(dayNumber: number): EpochMs {
  return dayNumber * dayMs - istOffsetMs;
}

/** Day number of `YYYY-MM-DD`. @throws UsageError USAGE_DATE when it is not a real day. */
export function dayNumberOf(date: IsoDate): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (match) {
    const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
    const day = ms / dayMs;
    if (isoDateOfDay(day) === date) return day;
  }
  throw new UsageError(
    'USAGE_DATE',
    `"${date}" is not a date.`,
    'Write it as YYYY-MM-DD, for example 2026-04-01.',
  );
}

/** The date of a day number. */
export function isoDateOfDay(dayNumber: number): IsoDate {
  return new Date(dayNumber * dayMs).toISOString().slice(0, 10);
}

/** The day in India on which an instant falls. */
export function istDate(time: EpochMs): IsoDate {
  return isoDateOfDay(istDayNumber(time));
}

/** `HH:MM` of a minute of the day, India time. */
export function clockOf(minuteOfDay: number): string {
  const hour = Math.floor(minuteOfDay / 60);
  return `${String(hour).padStart(2, '0')}:${String(minuteOfDay % 60).padStart(2, '0')}`;
}

/** Minutes since midnight of `HH:MM`. @throws UsageError USAGE_TIME */
export function minuteOfClock(clock: string): number {
  const match = /^(\d{1,2}):(\d{2})$/.exec(clock);
  const minute = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (match && minute < 1_440 && Number(match[2]) < 60) return minute;
  throw new UsageError(
    'USAGE_TIME',
    `"${clock}" is not a time of day.`,
    'Write it as HH:MM, for example 15:20.',
  );
}

/** The instant of a clock time on a day, both in India. */
export function instantOf(dayNumber: number, minuteOfDay: number): EpochMs {
  return startOfDay(dayNumber) + minuteOfDay * minuteMs;
}

/** `2026-04-01T09:15:00+05:30`, milliseconds only when there are any. */
export function isoInstant(time: EpochMs): string {
  const text = new Date(time + istOffsetMs).toISOString();
  return `${text.slice(0, 19)}${time % 1_000 === 0 ? '' : text.slice(19, 23)}+05:30`;
}

/** `2026-04-01 09:15`, for tables. */
export function istText(time: EpochMs): string {
  return new Date(time + istOffsetMs).toISOString().slice(0, 16).replace('T', ' ');
}
