import type { BarSeries } from '../src/domain/bar-series.ts';
import { atr } from '../src/indicators/atr.ts';
import { ema } from '../src/indicators/ema.ts';
import { rsi } from '../src/indicators/rsi.ts';
import { type Measured, ratioLine, referenceLine } from './measure.ts';
import { minuteBars } from './minute-bars.ts';
import { compare } from './rounds.ts';

const bars = 1_000_000;
const emaPeriod = 20;
const wilderPeriod = 14;

/** W4: kernels stepped bar by bar into a column, against the plainest loops that fill the same column. The goal holds for the sum. */
export function indicatorMeasures(): readonly Measured[] {
  const series = minuteBars(4, bars);
  const column = new Float64Array(bars);
  const each = [
    { name: 'EMA 20', bare: () => bareEma(series, column), kernel: () => kernelEma(series, column) },
    { name: 'RSI 14', bare: () => bareRsi(series, column), kernel: () => kernelRsi(series, column) },
    { name: 'ATR 14', bare: () => bareAtr(series, column), kernel: () => kernelAtr(series, column) },
  ];
  const all = {
    name: 'EMA + RSI + ATR',
    bare: () => each.reduce((total, { bare }) => total + bare(), 0),
    kernel: () => each.reduce((total, { kernel }) => total + kernel(), 0),
  };
  return [...each.flatMap((one) => pair(one, undefined)), ...pair(all, 1.5)];
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
  for (let row = 0; row < length; row++) out[row] = kernel.next(close[row]);
  return sum(out);
}

function kernelRsi({ close, length }: BarSeries, out: Float64Array): number {
  const kernel = rsi(wilderPeriod);
  for (let row = 0; row < length; row++) out[row] = kernel.next(close[row]);
  return sum(out);
}

function kernelAtr({ open, high, low, close, volume, length }: BarSeries, out: Float64Array): number {
  const kernel = atr(wilderPeriod);
  for (let row = 0; row < length; row++)
    out[row] = kernel.next(open[row], high[row], low[row], close[row], volume[row]);
  return sum(out);
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
