import { weekdayOf } from './time.ts';

/**
 * Whether clocks in New York run an hour ahead on a day: from the second Sunday of March to the first of November
 * (Energy Policy Act of 2005, since 2007). MCX closes with the American markets.
 */
export function isNewYorkSummer(dayNumber: number): boolean {
  const year = new Date(dayNumber * 86_400_000).getUTCFullYear();
  return dayNumber >= sundayOf(year, 2, 2) && dayNumber < sundayOf(year, 10, 1);
}

/** Day number of the nth Sunday of a month; months count from 0. */
function sundayOf(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1) / 86_400_000;
  return first + ((7 - weekdayOf(first)) % 7) + 7 * (nth - 1);
}
