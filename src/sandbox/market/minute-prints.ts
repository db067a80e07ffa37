import { minuteMs } from '../../domain/time.ts';
import type { Draws } from './draws.ts';

/** Prints of one bar at most. */
export const printsMax = 8;
/** Prints fall on quarters of a second: the real feed is bundled as well, and the clock has fewer instants to wake for. */
const printStepMs = 250;
const printSteps = minuteMs / printStepMs;
const usualPrintsMin = 4;

/** Prints of many instruments in one minute, in rows of `printsMax`. Reused every minute. */
export interface PrintRows {
  /** Milliseconds after the minute began. */
  readonly offset: Int32Array;
  /** Rupees. */
  readonly price: Float64Array;
  /** Units since the print before. */
  readonly quantity: Float64Array;
}

/** A minute's bar and the steps its prints may take. Rupees, units. */
export interface MinuteBar {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  tick: number;
  lot: number;
}

export function printRows(instruments: number): PrintRows {
  const cells = instruments * printsMax;
  return {
    offset: new Int32Array(cells),
    price: new Float64Array(cells),
    quantity: new Float64Array(cells),
  };
}

// The prices a bar has to show, in order; one scratch for all, since nothing here waits.
const turns = new Float64Array(4);
const weights = new Float64Array(printsMax);

/**
 * Takes a minute's bar apart into prints, from cell `first` on, and answers how many there are: open, both extremes in one order or the
 * other, close, and some between them on the tick grid. A bar built from them is the bar, volume included.
 */
export function fillPrints(rows: PrintRows, first: number, bar: MinuteBar, draws: Draws): number {
  const turned = takeTurns(bar, draws);
  const wanted = usualPrintsMin + draws.whole(printsMax - usualPrintsMin + 1);
  const count = Math.max(turned, bar.volume > 0 ? Math.min(wanted, lotsIn(bar)) : wanted);
  placePrices(rows.price, first, turned, count, bar, draws);
  placeTimes(rows.offset, first, count, draws);
  divideVolume(rows.quantity, first, count, bar, draws);
  return count;
}

function takeTurns({ open, high, low, close }: MinuteBar, draws: Draws): number {
  // A rising minute more often had its low first.
  const lowFirst = draws.next() < (close >= open ? 0.65 : 0.35);
  const one = lowFirst ? low : high;
  const other = lowFirst ? high : low;
  turns[0] = open;
  let count = 1;
  if (one !== open) turns[count++] = one;
  if (other !== turns[count - 1]) turns[count++] = other;
  if (close !== turns[count - 1]) turns[count++] = close;
  return count;
}

function placePrices(
  price: Float64Array,
  first: number,
  turned: number,
  count: number,
  { high, low, tick }: MinuteBar,
  draws: Draws,
): void {
  const legs = Math.max(1, turned - 1);
  const extra = count - turned;
  let cell = first;
  price[cell++] = turns[0];
  for (let leg = 0; leg < legs; leg++) {
    const from = turns[leg];
    const to = turned === 1 ? from : turns[leg + 1];
    const between = Math.floor(((leg + 1) * extra) / legs) - Math.floor((leg * extra) / legs);
    for (let step = 1; step <= between; step++) {
      const way = (step - 0.5 + (draws.next() - 0.5)) / between;
      price[cell++] = clamped(onGrid(from + (to - from) * way, tick), low, high);
    }
    if (turned > 1) price[cell++] = to;
  }
}

function placeTimes(offset: Int32Array, first: number, count: number, draws: Draws): void {
  for (let print = 0; print < count; print++) {
    // The minute's first print comes with its first instant, or a clock that looks then would see nothing.
    const within = print === 0 ? draws.next() * 0.05 : draws.next();
    offset[first + print] = Math.floor(((print + within) * printSteps) / count) * printStepMs;
  }
}

function divideVolume(
  quantity: Float64Array,
  first: number,
  count: number,
  bar: MinuteBar,
  draws: Draws,
): void {
  const unit = unitOf(bar);
  const lots = lotsIn(bar);
  const each = lots >= count ? 1 : 0;
  const spare = lots - each * count;
  let sum = 0;
  for (let print = 0; print < count; print++) {
    weights[print] = 0.2 + draws.next();
    sum += weights[print];
  }
  let left = bar.volume;
  for (let print = 0; print < count - 1; print++) {
    const units = (each + Math.floor((spare * weights[print]) / sum)) * unit;
    quantity[first + print] = units;
    left -= units;
  }
  quantity[first + count - 1] = left;
}

function unitOf({ volume, lot }: MinuteBar): number {
  return lot > 1 && volume % lot === 0 ? lot : 1;
}

function lotsIn(bar: MinuteBar): number {
  return Math.floor(bar.volume / unitOf(bar));
}

/** The nearest multiple of the tick, without binary noise. */
export function onGrid(price: number, tick: number): number {
  if (tick === 0) return price;
  return Math.round(Math.round(price / tick) * tick * 10_000) / 10_000;
}

function clamped(price: number, low: number, high: number): number {
  return price < low ? low : price > high ? high : price;
}
