import { BarSeries, interestAt } from '../../domain/bar-series.ts';
import { DataError } from '../../domain/errors.ts';
import { isoInstant } from '../../domain/time.ts';

export interface Merged {
  readonly series: BarSeries;
  /** Rows that are new or differ from what was there. */
  readonly changed: number;
  /** Rows below this one are what they were; `series.length` when nothing changed. */
  readonly firstChanged: number;
}

/**
 * Stored bars with incoming ones laid over them: a bar of the same instant is replaced, others are kept. A bar that does not tell
 * its open interest leaves what is known of it. `stored` may be extended in place.
 *
 * @throws DataError DATA_BARS for bars that no market makes: prices or times that are not numbers, negative volume, time
 * that does not move forward
 */
export function mergeBars(stored: BarSeries, incoming: BarSeries): Merged {
  checkBars(incoming);
  if (incoming.length === 0) return { series: stored, changed: 0, firstChanged: stored.length };
  // A view, so that appending to it later grows columns of its own and leaves the caller's alone.
  if (stored.length === 0)
    return { series: incoming.slice(0, incoming.length), changed: incoming.length, firstChanged: 0 };
  const start = stored.rowAt(incoming.time[0]);
  if (start < stored.length) return overlaid(stored, incoming, start);
  for (let row = 0; row < incoming.length; row++) stored.appendRow(incoming, row);
  return { series: stored, changed: incoming.length, firstChanged: start };
}

function overlaid(stored: BarSeries, incoming: BarSeries, start: number): Merged {
  const series = new BarSeries(stored.key, stored.timeframe, stored.length + incoming.length);
  copyRows(stored, start, series);
  let changed = 0;
  let firstChanged = -1;
  let old = start;
  for (let row = 0; row < incoming.length; row++) {
    while (old < stored.length && stored.time[old] < incoming.time[row]) series.appendRow(stored, old++);
    const same = old < stored.length && stored.time[old] === incoming.time[row];
    if (!(same && equalBars(stored, old, incoming, row))) {
      changed++;
      if (firstChanged < 0) firstChanged = series.length;
    }
    series.appendRow(incoming, row);
    if (same) keepInterest(stored, old++, series);
  }
  while (old < stored.length) series.appendRow(stored, old++);
  return { series, changed, firstChanged: firstChanged < 0 ? series.length : firstChanged };
}

function copyRows(from: BarSeries, rows: number, to: BarSeries): void {
  to.time.set(from.time.subarray(0, rows));
  to.open.set(from.open.subarray(0, rows));
  to.high.set(from.high.subarray(0, rows));
  to.low.set(from.low.subarray(0, rows));
  to.close.set(from.close.subarray(0, rows));
  to.volume.set(from.volume.subarray(0, rows));
  to.length = rows;
  if (from.openInterest) for (let row = 0; row < rows; row++) to.setOpenInterest(row, from.openInterest[row]);
}

function keepInterest(stored: BarSeries, old: number, series: BarSeries): void {
  const row = series.length - 1;
  const known = interestAt(stored, old);
  if (!Number.isNaN(known) && Number.isNaN(interestAt(series, row))) series.setOpenInterest(row, known);
}

function equalBars(a: BarSeries, i: number, b: BarSeries, j: number): boolean {
  return (
    a.open[i] === b.open[j] &&
    a.high[i] === b.high[j] &&
    a.low[i] === b.low[j] &&
    a.close[i] === b.close[j] &&
    a.volume[i] === b.volume[j] &&
    (Number.isNaN(interestAt(b, j)) || interestAt(a, i) === interestAt(b, j))
  );
}

const latestMs = 8.64e15;

function checkBars(series: BarSeries): void {
  const { time, open, high, low, close, volume, openInterest } = series;
  for (let row = 0; row < series.length; row++) {
    if (!(Math.abs(time[row]) <= latestMs)) throw badBar(series, row, `its time was ${time[row]}`);
    if (row > 0 && time[row] <= time[row - 1]) {
      throw badBar(series, row, `it follows ${isoInstant(time[row - 1])}, so time does not move forward`);
    }
    // A sum is finite only when its parts are, or when it overflows, which no price does.
    if (!Number.isFinite(open[row] + high[row] + low[row] + close[row])) {
      const prices = [open[row], high[row], low[row], close[row]].join(', ');
      throw badBar(series, row, `its open, high, low, close were ${prices}`);
    }
    if (!(volume[row] >= 0 && volume[row] < Infinity))
      throw badBar(series, row, `its volume was ${volume[row]}`);
    if (
      openInterest !== undefined &&
      !(openInterest[row] >= 0 && openInterest[row] < Infinity) &&
      !Number.isNaN(openInterest[row])
    )
      throw badBar(series, row, `its open interest was ${openInterest[row]}`);
  }
}

function badBar(series: BarSeries, row: number, fact: string): DataError {
  const time = series.time[row];
  const stamp = Math.abs(time) <= latestMs ? ` (${isoInstant(time)})` : '';
  return new DataError(
    'DATA_BARS',
    `Bar ${row + 1}${stamp} of ${series.key} ${series.timeframe} cannot be stored: ${fact}.`,
    'Correct the source of the bars. Nothing was stored.',
  );
}
