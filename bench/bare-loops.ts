import type { BarSeries } from '../src/domain/bar-series.ts';

/** What two programs must agree on before their times may be compared. */
export interface Outcome {
  /** Closed round trips. */
  readonly trades: number;
  /** Account value after the last bar, whole paise. */
  readonly equityPaise: number;
}

export type Contender = (bars: BarSeries) => Outcome;
export type PortfolioContender = (symbols: readonly BarSeries[]) => Outcome;

export const capitalPaise = 1_000_000_000;
/** Enough for every symbol at once, so that no order of the portfolio is refused. */
export const portfolioCapitalPaise = 100_000_000_000;
export const quantity = 100;
export const fastPeriod = 20;
export const slowPeriod = 50;
/** Percent from the entry price, for W1s. */
export const stopLossPercent = 1.5;
/** Of the traded value on either side, for the variants with costs. */
const flatCost = 0.001;

/*
 * The least a program can do for these results: columns and local variables. The rules are those of docs/fill-rules.md:
 * the EMA starts with the mean of its first `period` closes and is NaN before; a cross needs two bars on which both
 * averages exist, so the first decision falls on the bar after the slow one begins; a decision on a close fills at the next bar's open, over night as well; a stop trades inside the bar at
 * its level (on the nearest tick), or at the open when the bar gaps through it, from the bar of the entry on; what is open at the end is closed
 * at the last close. Each fill is turned into whole paise by itself. The equity of every bar is written, as any backtest does.
 */

/** W1: long when the 20-bar EMA crosses above the 50-bar EMA, out when it crosses below; 100 units, no costs. */
export function bareCrossover(bars: BarSeries): Outcome {
  return crossover(bars, 0);
}

/** W1 with 0.1 % of the value of either side, rounded to the paisa per order. */
export function bareCrossoverWithCosts(bars: BarSeries): Outcome {
  return crossover(bars, flatCost);
}

let equityCurve = new Float64Array(0);

/** The curve of every run uses the same memory; before the first decision it is the capital. */
function startedCurve(length: number, capital: number): Float64Array {
  if (equityCurve.length < length) equityCurve = new Float64Array(length);
  return equityCurve.fill(capital, 0, slowPeriod);
}

/** The average on the last warm-up bar, seeded with the mean of its first `period` closes. */
function firstAverage(close: Float64Array, period: number): number {
  let value = 0;
  for (let row = 0; row < period; row++) value += close[row];
  value /= period;
  for (let row = period; row < slowPeriod; row++) value += (close[row] - value) * (2 / (period + 1));
  return value;
}

function crossover({ open, close, length }: BarSeries, cost: number): Outcome {
  const equity = startedCurve(length, capitalPaise);
  const fastWeight = 2 / (fastPeriod + 1);
  const slowWeight = 2 / (slowPeriod + 1);
  let fast = firstAverage(close, fastPeriod);
  let slow = firstAverage(close, slowPeriod);
  let cash = equity[0];
  let held = 0;
  /** 1 to buy, -1 to sell at the next open. */
  let wanted = 0;
  let trades = 0;

  for (let row = slowPeriod; row < length; row++) {
    if (wanted !== 0) {
      const value = Math.round(open[row] * quantity * 100);
      cash -= wanted * value + (cost > 0 ? Math.round(value * cost) : 0);
      held += wanted * quantity;
      if (wanted < 0) trades++;
      wanted = 0;
    }

    const price = close[row];
    const fastBefore = fast;
    const slowBefore = slow;
    fast += (price - fast) * fastWeight;
    slow += (price - slow) * slowWeight;

    if (held === 0) {
      if (fastBefore <= slowBefore && fast > slow) wanted = 1;
    } else if (fastBefore >= slowBefore && fast < slow) wanted = -1;
    equity[row] = cash + held * price * 100;
  }
  return settled(cash, held, close[length - 1], cost, trades);
}

/** W1s: W1 with a stop 1.5 % below the entry price, on the 0.05 grid, that trades inside the bar. */
export function bareCrossoverWithStop({ open, low, close, length }: BarSeries): Outcome {
  const equity = startedCurve(length, capitalPaise);
  const fastWeight = 2 / (fastPeriod + 1);
  const slowWeight = 2 / (slowPeriod + 1);
  let fast = firstAverage(close, fastPeriod);
  let slow = firstAverage(close, slowPeriod);
  let cash = equity[0];
  let held = 0;
  let stop = 0;
  let wanted = 0;
  let trades = 0;

  for (let row = slowPeriod; row < length; row++) {
    if (wanted !== 0) {
      cash -= wanted * Math.round(open[row] * quantity * 100);
      held += wanted * quantity;
      if (wanted < 0) trades++;
      else stop = stopBelow(open[row]);
      wanted = 0;
    }
    if (held > 0 && low[row] <= stop) {
      const price = open[row] < stop ? open[row] : stop;
      cash += Math.round(price * quantity * 100);
      held = 0;
      trades++;
    }

    const price = close[row];
    const fastBefore = fast;
    const slowBefore = slow;
    fast += (price - fast) * fastWeight;
    slow += (price - slow) * slowWeight;

    if (held === 0) {
      if (fastBefore <= slowBefore && fast > slow) wanted = 1;
    } else if (fastBefore >= slowBefore && fast < slow) wanted = -1;
    equity[row] = cash + held * price * 100;
  }
  return settled(cash, held, close[length - 1], 0, trades);
}

const tick = 0.05;

/** Periods of one run of the sweep. */
export interface Pair {
  readonly fast: number;
  readonly slow: number;
}

/** W3: 40 fast averages with 25 slow ones, 1,000 runs. */
export const sweepPairs: readonly Pair[] = Array.from({ length: 1_000 }, (_, at) => ({
  fast: 5 + (at % 40),
  slow: 50 + 6 * Math.floor(at / 40),
}));

/** W3: the crossover of W1 for every pair. Each average is computed once into a column that all pairs read. Sums of trades and of final equities. */
export function bareSweep(bars: BarSeries, pairs: readonly Pair[] = sweepPairs): Outcome {
  const columns = new Map<number, Float64Array>();
  let trades = 0;
  let equityPaise = 0;
  for (const { fast, slow } of pairs) {
    const quick = columnOf(columns, bars, fast);
    const steady = columnOf(columns, bars, slow);
    const outcome = crossoverOfColumns(bars, quick, steady, slow);
    trades += outcome.trades;
    equityPaise += outcome.equityPaise;
  }
  return { trades, equityPaise };
}

function columnOf(
  columns: Map<number, Float64Array>,
  { close, length }: BarSeries,
  period: number,
): Float64Array {
  const known = columns.get(period);
  if (known) return known;
  const column = new Float64Array(length);
  let value = 0;
  for (let row = 0; row < period; row++) value += close[row];
  value /= period;
  column[period - 1] = value;
  const weight = 2 / (period + 1);
  for (let row = period; row < length; row++) {
    value += (close[row] - value) * weight;
    column[row] = value;
  }
  columns.set(period, column);
  return column;
}

function crossoverOfColumns(
  { open, close, length }: BarSeries,
  quick: Float64Array,
  steady: Float64Array,
  slow: number,
): Outcome {
  if (equityCurve.length < length) equityCurve = new Float64Array(length);
  const equity = equityCurve.fill(capitalPaise, 0, slow);
  let cash = equity[0];
  let held = 0;
  let wanted = 0;
  let trades = 0;
  for (let row = slow; row < length; row++) {
    if (wanted !== 0) {
      cash -= wanted * Math.round(open[row] * quantity * 100);
      held += wanted * quantity;
      if (wanted < 0) trades++;
      wanted = 0;
    }
    if (held === 0) {
      if (quick[row - 1] <= steady[row - 1] && quick[row] > steady[row]) wanted = 1;
    } else if (quick[row - 1] >= steady[row - 1] && quick[row] < steady[row]) wanted = -1;
    equity[row] = cash + held * close[row] * 100;
  }
  return settled(cash, held, close[length - 1], 0, trades);
}

/** The stop on the nearest tick, in the engine's own arithmetic: half ticks are common and must fall the same way. */
function stopBelow(entry: number): number {
  const price = entry * (1 - stopLossPercent / 100);
  return Math.round(Math.round(price / tick) * tick * 1e8) / 1e8;
}

/**
 * W2: the crossover on many symbols that share timestamps and one account, minute by minute, symbols in the order given.
 * A buy that the cash of that moment does not cover is skipped.
 */
export function barePortfolio(symbols: readonly BarSeries[]): Outcome {
  const width = symbols.length;
  const { length } = symbols[0];
  const opens = symbols.map(({ open }) => open);
  const closes = symbols.map(({ close }) => close);
  const equity = startedCurve(length, portfolioCapitalPaise);
  const fastWeight = 2 / (fastPeriod + 1);
  const slowWeight = 2 / (slowPeriod + 1);
  const fast = Float64Array.from(closes, (close) => firstAverage(close, fastPeriod));
  const slow = Float64Array.from(closes, (close) => firstAverage(close, slowPeriod));
  const held = new Int32Array(width);
  const wanted = new Int8Array(width);
  let cash = equity[0];
  let trades = 0;

  for (let row = slowPeriod; row < length; row++) {
    let worth = 0;
    for (let symbol = 0; symbol < width; symbol++) {
      const side = wanted[symbol];
      if (side !== 0) {
        wanted[symbol] = 0;
        const value = Math.round(opens[symbol][row] * quantity * 100);
        if (side < 0 || value <= cash) {
          cash -= side * value;
          held[symbol] += side * quantity;
          if (side < 0) trades++;
        }
      }
      const price = closes[symbol][row];
      const fastBefore = fast[symbol];
      const slowBefore = slow[symbol];
      const quick = fastBefore + (price - fastBefore) * fastWeight;
      const steady = slowBefore + (price - slowBefore) * slowWeight;
      fast[symbol] = quick;
      slow[symbol] = steady;
      const units = held[symbol];
      if (units === 0) {
        if (fastBefore <= slowBefore && quick > steady) wanted[symbol] = 1;
      } else {
        if (fastBefore >= slowBefore && quick < steady) wanted[symbol] = -1;
        worth += units * price;
      }
    }
    equity[row] = cash + worth * 100;
  }

  for (let symbol = 0; symbol < width; symbol++) {
    if (held[symbol] === 0) continue;
    cash += Math.round(closes[symbol][length - 1] * held[symbol] * 100);
    trades++;
  }
  return { trades, equityPaise: cash };
}

function settled(cash: number, held: number, last: number, cost: number, trades: number): Outcome {
  if (held === 0) return { trades, equityPaise: cash };
  const value = Math.round(last * held * 100);
  return { trades: trades + 1, equityPaise: cash + value - (cost > 0 ? Math.round(value * cost) : 0) };
}
