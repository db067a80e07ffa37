import type { BarSeries } from '../../domain/bar-series.ts';
import { minuteMs } from '../../domain/time.ts';

// Five paise, the tick of most NSE history, takes a byte a bar less than a paisa; then 0.0001 for currency and finer for
// imported markets. Each step is a multiple of all finer ones.
const candidates = [20, 100, 10_000, 1_000_000, 100_000_000];
const largest = 2_147_483_647;

/** Prices, times and volumes are stored as they are, because no whole-number form gives them back exactly. */
export const unscaled = 0;

/** True when every price of the rows comes back bit for bit from a 32-bit whole number of steps. */
function pricesFit(column: Float64Array, from: number, to: number, stepsPerRupee: number): boolean {
  for (let row = from; row < to; row++) {
    const price = column[row];
    const steps = Math.round(price * stepsPerRupee);
    if (steps / stepsPerRupee !== price || steps > largest || steps < -largest) return false;
    if (steps === 0 && Object.is(price, -0)) return false;
  }
  return true;
}

/** True when every opening instant is a whole minute, as 32 bits hold it for four thousand years either way. */
function timesFit(time: Float64Array, from: number, to: number): boolean {
  for (let row = from; row < to; row++) {
    const minutes = time[row] / minuteMs;
    if (!Number.isInteger(minutes) || minutes > largest || minutes < -largest) return false;
  }
  return true;
}

/** True when every open interest is a whole number of at most two billion, or not known. */
function interestFits({ openInterest, length }: BarSeries, from: number): boolean {
  if (openInterest === undefined) return true;
  for (let row = from; row < length; row++) {
    const units = openInterest[row];
    if (!Number.isNaN(units) && (!Number.isInteger(units) || units > largest || Object.is(units, -0)))
      return false;
  }
  return true;
}

/** True when every volume is a whole number of at most two billion; an index counts money or fractions at times. */
function volumesFit(volume: Float64Array, from: number, to: number): boolean {
  for (let row = from; row < to; row++) {
    const units = volume[row];
    if (!Number.isInteger(units) || units > largest || Object.is(units, -0)) return false;
  }
  return true;
}

function rowsFit(series: BarSeries, from: number, stepsPerRupee: number): boolean {
  const to = series.length;
  return (
    pricesFit(series.open, from, to, stepsPerRupee) &&
    pricesFit(series.high, from, to, stepsPerRupee) &&
    pricesFit(series.low, from, to, stepsPerRupee) &&
    pricesFit(series.close, from, to, stepsPerRupee)
  );
}

/**
 * The coarsest price step that stores rows `from` onwards exactly, as steps per rupee, or `unscaled`. Rows before `from`
 * are known to fit `current`; when the step changes every row has to be stored again.
 */
export function stepsPerRupeeOf(series: BarSeries, from = 0, current = candidates[0]): number {
  if (current === unscaled && from > 0) return unscaled;
  if (!timesFit(series.time, from, series.length)) return unscaled;
  if (!volumesFit(series.volume, from, series.length)) return unscaled;
  if (!interestFits(series, from)) return unscaled;
  if (rowsFit(series, from, current)) return current;
  return candidates.find((candidate) => candidate > current && rowsFit(series, 0, candidate)) ?? unscaled;
}
