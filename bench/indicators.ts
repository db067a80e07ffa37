import type { BarSeries } from '../src/domain/bar-series.ts';
import { atr } from '../src/indicators/atr.ts';
import { bollinger } from '../src/indicators/bollinger.ts';
import { ema } from '../src/indicators/ema.ts';
import { macd } from '../src/indicators/macd.ts';
import { rsi } from '../src/indicators/rsi.ts';
import { supertrend } from '../src/indicators/supertrend.ts';
import { type Measured, ratioLine, referenceLine } from './measure.ts';
import { minuteBars } from './minute-bars.ts';
import { compare } from './rounds.ts';

const bars = 1_000_000;
const emaPeriod = 20;
const wilderPeriod = 14;

/** Bars that a run computes ahead of its cursor at most: kernels are filled in blocks of so many. */
const block = 512;

/** W4: kernels filled block by block, as a run does, against the plainest loops that fill the same columns. The goals hold for the sums. */
export function indicatorMeasures(): readonly Measured[] {
  const series = minuteBars(4, bars);
  const column = new Float64Array(bars);
  const each = [
    { name: 'EMA 20', bare: () => bareEma(series, column), kernel: () => kernelEma(series, column) },
    { name: 'RSI 14', bare: () => bareRsi(series, column), kernel: () => kernelRsi(series, column) },
    { name: 'ATR 14', bare: () => bareAtr(series, column), kernel: () => kernelAtr(series, column) },
  ];
  const columns = Array.from({ length: 5 }, () => new Float64Array(bars));
  const several = [
    {
      name: 'Bollinger 20, 2',
      bare: () => bareBollinger(series, columns),
      kernel: () => kernelBollinger(series, columns),
    },
    {
      name: 'MACD 12, 26, 9',
      bare: () => bareMacd(series, columns),
      kernel: () => kernelMacd(series, columns),
    },
    {
      name: 'SuperTrend 10, 3',
      bare: () => bareSupertrend(series, columns),
      kernel: () => kernelSupertrend(series, columns),
    },
  ];
  return [
    ...[...each, ...several].flatMap((one) => pair(one, undefined)),
    ...pair(together('EMA + RSI + ATR', each), 1.5),
    ...pair(together('RSI + ATR + Bollinger + MACD + SuperTrend', [...each.slice(1), ...several]), 1.5),
  ];
}

function together(name: string, parts: readonly Pair[]): Pair {
  return {
    name,
    bare: () => parts.reduce((total, { bare }) => total + bare(), 0),
    kernel: () => parts.reduce((total, { kernel }) => total + kernel(), 0),
  };
}

interface Pair {
  name: string;
  bare: () => number;
  kernel: () => number;
}

function pair({ name, bare, kernel }: Pair, most: number | undefined): readonly Measured[] {
  const entrants = [
    { name: 'bare loop', run: bare },
    { name: 'kernel', run: kernel },
  ];
  const [reference, rival] = compare(entrants, { show: (sum) => `sum ${sum.toPrecision(10)}` });
  const measure = `W4 ${name}`;
  return [referenceLine(measure, bars, reference), ratioLine(measure, bars, most, rival)];
}

function kernelEma({ close, length }: BarSeries, out: Float64Array): number {
  const kernel = ema(emaPeriod);
  for (let row = 0; row < length; row += block)
    kernel.fill(close, row, out, row, Math.min(block, length - row));
  return sum(out);
}

function kernelRsi({ close, length }: BarSeries, out: Float64Array): number {
  const kernel = rsi(wilderPeriod);
  for (let row = 0; row < length; row += block)
    kernel.fill(close, row, out, row, Math.min(block, length - row));
  return sum(out);
}

function kernelAtr(series: BarSeries, out: Float64Array): number {
  const kernel = atr(wilderPeriod);
  for (let row = 0; row < series.length; row += block)
    kernel.fill(series, row, out, row, Math.min(block, series.length - row));
  return sum(out);
}

function kernelBollinger({ close, length }: BarSeries, out: readonly Float64Array[]): number {
  const kernel = bollinger(20, 2);
  for (let row = 0; row < length; row += block)
    kernel.fill(close, row, out, row, Math.min(block, length - row));
  return sum(out[0]) + sum(out[3]);
}

function kernelMacd({ close, length }: BarSeries, out: readonly Float64Array[]): number {
  const kernel = macd(12, 26, 9);
  for (let row = 0; row < length; row += block)
    kernel.fill(close, row, out, row, Math.min(block, length - row));
  return sum(out[0]) + sum(out[2]);
}

function kernelSupertrend(series: BarSeries, out: readonly Float64Array[]): number {
  const kernel = supertrend(10, 3);
  for (let row = 0; row < series.length; row += block)
    kernel.fill(series, row, out, row, Math.min(block, series.length - row));
  return sum(out[0]) + sum(out[1]);
}

/** Sums of distances from the first close, so that the squares keep their digits; all five lines, as the kernel fills them. */
function bareBollinger({ close, length }: BarSeries, out: readonly Float64Array[]): number {
  const [upper, middle, lower, percentB, width] = out;
  const base = close[0];
  let total = 0;
  let squares = 0;
  for (let row = 0; row < length; row++) {
    const value = close[row] - base;
    total += value;
    squares += value * value;
    if (row >= 20) {
      const left = close[row - 20] - base;
      total -= left;
      squares -= left * left;
    }
    if (row < 19) {
      upper[row] = middle[row] = lower[row] = percentB[row] = width[row] = Number.NaN;
      continue;
    }
    const mean = total / 20;
    const reach = 2 * Math.sqrt(Math.max(0, squares / 20 - mean * mean));
    middle[row] = base + mean;
    upper[row] = base + mean + reach;
    lower[row] = base + mean - reach;
    percentB[row] = (value - mean + reach) / (2 * reach);
    width[row] = (2 * reach) / (base + mean);
  }
  return sum(upper) + sum(percentB);
}

function bareMacd({ close, length }: BarSeries, out: readonly Float64Array[]): number {
  const [lines, signals, histograms] = out;
  let quick = 0;
  let steady = 0;
  let signal = 0;
  for (let row = 0; row < 26; row++) steady += close[row];
  for (let row = 14; row < 26; row++) quick += close[row];
  quick /= 12;
  steady /= 26;
  signal = quick - steady;
  for (let row = 0; row < 33; row++) lines[row] = signals[row] = histograms[row] = Number.NaN;
  for (let row = 26; row < length; row++) {
    quick += (close[row] - quick) * (2 / 13);
    steady += (close[row] - steady) * (2 / 27);
    const line = quick - steady;
    if (row < 33) {
      signal += line;
      continue;
    }
    signal = row === 33 ? (signal + line) / 9 : signal + (line - signal) * 0.2;
    lines[row] = line;
    signals[row] = signal;
    histograms[row] = line - signal;
  }
  return sum(lines) + sum(histograms);
}

function bareSupertrend({ high, low, close, length }: BarSeries, out: readonly Float64Array[]): number {
  const [lines, directions] = out;
  let average = 0;
  let upper = Number.POSITIVE_INFINITY;
  let lower = Number.NEGATIVE_INFINITY;
  let rising = false;
  lines[0] = directions[0] = Number.NaN;
  for (let row = 1; row < length; row++) {
    const last = close[row - 1];
    const range = Math.max(high[row], last) - Math.min(low[row], last);
    if (row > 10) average += (range - average) * 0.1;
    else {
      average += row === 10 ? 0 : range;
      if (row < 10) {
        lines[row] = directions[row] = Number.NaN;
        continue;
      }
      average = (average + range) / 10;
    }
    const middle = (high[row] + low[row]) / 2;
    const top = middle + 3 * average;
    const bottom = middle - 3 * average;
    if (top < upper || last > upper) upper = top;
    if (bottom > lower || last < lower) lower = bottom;
    rising = rising ? close[row] >= lower : close[row] > upper;
    lines[row] = rising ? lower : upper;
    directions[row] = rising ? 1 : -1;
  }
  return sum(lines) + sum(directions);
}

function bareEma({ close, length }: BarSeries, out: Float64Array): number {
  const weight = 2 / (emaPeriod + 1);
  let value = 0;
  for (let row = 0; row < emaPeriod; row++) {
    value += close[row];
    out[row] = Number.NaN;
  }
  value /= emaPeriod;
  out[emaPeriod - 1] = value;
  for (let row = emaPeriod; row < length; row++) {
    value += (close[row] - value) * weight;
    out[row] = value;
  }
  return sum(out);
}

function bareRsi({ close, length }: BarSeries, out: Float64Array): number {
  const weight = 1 / wilderPeriod;
  let gain = 0;
  let loss = 0;
  out[0] = Number.NaN;
  for (let row = 1; row < length; row++) {
    const change = close[row] - close[row - 1];
    const up = change > 0 ? change : 0;
    const down = change < 0 ? -change : 0;
    if (row > wilderPeriod) {
      gain += (up - gain) * weight;
      loss += (down - loss) * weight;
    } else {
      gain += up;
      loss += down;
      if (row < wilderPeriod) {
        out[row] = Number.NaN;
        continue;
      }
      gain /= wilderPeriod;
      loss /= wilderPeriod;
    }
    out[row] = loss === 0 ? 100 : (100 * gain) / (gain + loss);
  }
  return sum(out);
}

function bareAtr({ high, low, close, length }: BarSeries, out: Float64Array): number {
  const weight = 1 / wilderPeriod;
  let value = 0;
  out[0] = Number.NaN;
  for (let row = 1; row < length; row++) {
    const last = close[row - 1];
    const range = Math.max(high[row], last) - Math.min(low[row], last);
    if (row > wilderPeriod) value += (range - value) * weight;
    else {
      value += range;
      if (row === wilderPeriod) value /= wilderPeriod;
    }
    out[row] = row < wilderPeriod ? Number.NaN : value;
  }
  return sum(out);
}

/** Sum of every hundredth value that is there: cheap beside the loops, and any difference shows. */
function sum(column: Float64Array): number {
  let total = 0;
  for (let row = 99; row < column.length; row += 100) total += column[row];
  return total;
}
