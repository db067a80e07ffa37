import { BarSeries, interestAt } from '../../domain/bar-series.ts';
import { assert } from '../../domain/errors.ts';
import type { SessionsByDay } from '../../domain/resample.ts';
import { istDayNumber, minuteMs } from '../../domain/time.ts';
import { isIntraday, timeframeMs } from '../../domain/timeframe.ts';
import { Draws, textHash } from './draws.ts';
import { onGrid } from './minute-prints.ts';

/**
 * One-minute bars that make up longer ones, for days of which no minutes are stored: a seeded path from the open over both extremes to
 * the close. Building the longer bars from them gives those that were stored, open interest included, which the last minute has.
 *
 * Without `sessions` a day bar is spread from midnight to midnight.
 */
export function minutesOf(
  series: BarSeries,
  tick: number,
  seed: number,
  sessions?: SessionsByDay,
): BarSeries {
  if (series.timeframe === '1m') return series;
  assert(
    series.timeframe !== 'week' && series.timeframe !== 'month',
    'a day is made of bars of a day or less',
  );
  const minutes = new BarSeries(series.key, '1m');
  const draws = new Draws();
  const lengthMs = timeframeMs(series.timeframe);
  for (let row = 0; row < series.length; row++) {
    draws.seed(seed, textHash(series.key), series.time[row] / minuteMs);
    for (const { from, to } of partsOf(series, row, lengthMs, sessions)) {
      spread(series, row, { from, to, tick }, minutes, draws);
    }
    const units = interestAt(series, row);
    if (!Number.isNaN(units) && minutes.length > 0) minutes.setOpenInterest(minutes.length - 1, units);
  }
  return minutes;
}

/** The stretch of trading that a bar covers. A day bar of several windows is spread over the first. */
function partsOf(series: BarSeries, row: number, lengthMs: number, sessions?: SessionsByDay) {
  const time = series.time[row];
  if (!sessions) return [{ from: time, to: time + lengthMs }];
  const windows = sessions(istDayNumber(time))?.windows ?? [];
  if (!isIntraday(series.timeframe)) return windows.slice(0, 1);
  const window = windows.find(({ from, to }) => time >= from && time < to);
  return window ? [{ from: time, to: Math.min(window.to, time + lengthMs) }] : [];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly tick: number;
}

function spread(
  series: BarSeries,
  row: number,
  { from, to, tick }: Stretch,
  minutes: BarSeries,
  draws: Draws,
): void {
  const { open, high, low, close, volume } = {
    open: series.open[row],
    high: series.high[row],
    low: series.low[row],
    close: series.close[row],
    volume: series.volume[row],
  };
  const count = Math.max(1, Math.round((to - from) / minuteMs));
  const lowFirst = draws.next() < (close >= open ? 0.65 : 0.35);
  // Minutes of the two extremes, in order; in a bar of one or two minutes they may share one.
  const firstTurn = draws.whole(Math.max(1, Math.floor(count / 2)));
  const secondTurn = Math.min(count - 1, firstTurn + draws.whole(Math.max(1, count - firstTurn)));
  const turnOne = lowFirst ? low : high;
  const turnTwo = lowFirst ? high : low;
  let last = open;
  let left = volume;
  for (let minute = 0; minute < count; minute++) {
    const begun = last;
    const aim = minute <= firstTurn ? turnOne : minute <= secondTurn ? turnTwo : close;
    const goal = minute <= firstTurn ? firstTurn : minute <= secondTurn ? secondTurn : count - 1;
    const noise = (draws.next() - 0.5) * (high - low) * 0.05;
    const walked = last + (aim - last) / (goal - minute + 1) + (goal === minute ? 0 : noise);
    last = minute === count - 1 ? close : goal === minute ? aim : between(onGrid(walked, tick), low, high);
    let top = Math.max(begun, last);
    let bottom = Math.min(begun, last);
    if (minute === firstTurn) {
      top = Math.max(top, turnOne);
      bottom = Math.min(bottom, turnOne);
    }
    if (minute === secondTurn) {
      top = Math.max(top, turnTwo);
      bottom = Math.min(bottom, turnTwo);
    }
    const traded = minute === count - 1 ? left : Math.floor(left / (count - minute));
    left -= traded;
    minutes.append(from + minute * minuteMs, begun, top, bottom, last, traded);
  }
}

function between(price: number, low: number, high: number): number {
  return price < low ? low : price > high ? high : price;
}
