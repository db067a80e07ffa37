import { dayMs, minuteMs, startOfDay } from '../../domain/time.ts';
import { isIntraday, type Timeframe, timeframeMs, timeframes } from '../../domain/timeframe.ts';
import type { RawSeries } from './raw-series.ts';

/** Do stamps name the beginning of a bar or its end? */
export type Stamps = 'start' | 'end';

/** Puts rows in order of time; rows of one time keep the order in which they were read. */
export function sortByTime(series: RawSeries): void {
  const { time, length } = series;
  let sorted = true;
  for (let row = 1; row < length && sorted; row++) sorted = time[row] >= time[row - 1];
  if (sorted) return;
  const rows = Uint32Array.from({ length }, (_, row) => row);
  rows.sort((a, b) => time[a] - time[b] || a - b);
  series.rearrange(rows);
}

/**
 * Drops rows that repeat another one; answers how many. Rows that give one time different prices are told to
 * `conflict`; if that returns, the first stays and the other is dropped without being counted. The series is in order of time.
 */
export function dropRepeats(series: RawSeries, conflict: (first: number, second: number) => void): number {
  const { time, open, high, low, close, volume, length } = series;
  let repeats = false;
  for (let row = 1; row < length && !repeats; row++) repeats = time[row] === time[row - 1];
  if (!repeats) return 0;
  const kept: number[] = [];
  let same = 0;
  for (let row = 0; row < length; row++) {
    const first = kept[kept.length - 1];
    if (first === undefined || time[row] !== time[first]) {
      kept.push(row);
      continue;
    }
    const equal =
      open[row] === open[first] &&
      high[row] === high[first] &&
      low[row] === low[first] &&
      close[row] === close[first] &&
      volume[row] === volume[first];
    if (equal && interestAgrees(series, first, row)) same++;
    else conflict(first, row);
  }
  series.rearrange(kept);
  return same;
}

/** Of two rows with equal prices one may not tell the open interest; the first one then takes it over. */
function interestAgrees(series: RawSeries, first: number, row: number): boolean {
  const { openInterest } = series;
  if (openInterest === undefined || Number.isNaN(openInterest[row])) return true;
  if (Number.isNaN(openInterest[first])) series.setOpenInterest(first, openInterest[row]);
  return openInterest[first] === openInterest[row];
}

/** Rows looked at to find the spacing of a series. */
const spacingRows = 5_000;

/**
 * The timeframe of bars by the distance between neighbours that occurs most, undefined when it is none we know.
 * Stamps without a time of day, or always at the same one, are days (or weeks, or months). All series are in order.
 */
export function inferTimeframe(all: readonly RawSeries[], clocked: boolean): Timeframe | undefined {
  const gaps = new Map<number, number>();
  const clocks = new Set<number>();
  for (const series of all) {
    for (let row = 0; row < Math.min(series.length, spacingRows); row++) {
      const wall = series.time[row] + series.offset[row];
      if (clocks.size < 2) clocks.add(((wall % dayMs) + dayMs) % dayMs);
      const gap = row > 0 ? series.time[row] - series.time[row - 1] : 0;
      if (gap > 0) gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
    }
  }
  if (clocks.size < 2) return byDays(gaps, !clocked || clocks.has(0));
  let spacing = 0;
  let most = 0;
  for (const [gap, count] of gaps) {
    if (gap < dayMs && (count > most || (count === most && gap < spacing))) {
      spacing = gap;
      most = count;
    }
  }
  return timeframes.find((timeframe) => isIntraday(timeframe) && timeframeMs(timeframe) === spacing);
}

function byDays(gaps: ReadonlyMap<number, number>, dated: boolean): Timeframe | undefined {
  let usual = 0;
  let most = 0;
  for (const [gap, count] of gaps) {
    // Clock changes make a day 23 or 25 hours long.
    const days = Math.round(gap / dayMs);
    const kind = days >= 28 && days <= 31 ? 30 : days;
    if (count > most || (count === most && kind < usual)) {
      usual = kind;
      most = count;
    }
  }
  if (usual === 0) return dated ? 'day' : undefined;
  return usual === 7 ? 'week' : usual === 30 ? 'month' : 'day';
}

/**
 * Turns stamps into opening instants. Day bars and longer are stamped 00:00 in India of the day that was written,
 * whatever zone it was written in. End stamps such as 09:15:59 count as the full minute they end.
 */
export function stampBars(series: RawSeries, timeframe: Timeframe, stamps: Stamps, clocked: boolean): void {
  const { time, offset, length } = series;
  if (isIntraday(timeframe)) {
    if (stamps === 'start') return;
    const span = timeframeMs(timeframe);
    for (let row = 0; row < length; row++) time[row] = Math.ceil(time[row] / minuteMs) * minuteMs - span;
    return;
  }
  // Midnight at the end of a bar is still the day before.
  const back = stamps === 'end' && clocked ? 1 : 0;
  for (let row = 0; row < length; row++)
    time[row] = startOfDay(Math.floor((time[row] + offset[row] - back) / dayMs));
}

/** Keeps `from <= time < to`; answers how many rows were left out. The series is in order of time. */
export function keepSpan(series: RawSeries, from: number, to: number): number {
  const { time, length } = series;
  let first = 0;
  while (first < length && time[first] < from) first++;
  let end = length;
  while (end > first && time[end - 1] >= to) end--;
  if (end - first === length) return 0;
  series.rearrange(Array.from({ length: end - first }, (_, row) => first + row));
  return length - series.length;
}
