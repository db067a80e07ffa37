import { isIntraday, minutesOf, type Timeframe } from '../../domain/timeframe.ts';
import { catalogue } from '../../indicators/catalogue.ts';
import type { Node, NumberNode } from './expression.ts';

/** How far the newest value of an expression looks back on one timeframe. */
export interface Reach {
  /** Bars up to the row that is asked for, itself included; undefined where all that came before counts. */
  readonly bars: number | undefined;
  /** Bars of the base timeframe from which that row is seen, counted back from the newest. */
  readonly back: number;
}

/** What began so long ago weighs less than one part in a million. */
const forgotten = 1e-6;
/** A market without a calendar trades around the clock; India's longest session has 870 minutes. */
const minutesPerDay = 1_440;
/** The longest candlestick pattern, with the trend before it. */
const patternBars = 5;

/** What the newest values of expressions need of each timeframe that they name, the base among them. */
export function reachOf(nodes: readonly Node[], base: Timeframe): ReadonlyMap<Timeframe, Reach> {
  const found = new Map<Timeframe, Reach>();
  /** `frame` is the grid that the node is computed on, `row` how many of its rows lie behind the one asked for. */
  const visit = (node: Node, frame: Timeframe, row: number, back: number): void => {
    if ('frame' in node && node.frame !== undefined && node.frame !== frame) {
      visit(node, node.frame, 0, back + row);
      return;
    }
    const need = (bars: number | undefined) => {
      const known = found.get(frame) ?? { bars: 0, back: 0 };
      found.set(frame, {
        bars: bars === undefined || known.bars === undefined ? undefined : Math.max(known.bars, row + bars),
        back: Math.max(known.back, back),
      });
    };
    need(1);
    switch (node.kind) {
      case 'number':
      case 'price':
      case 'oi':
        return;
      case 'session':
        need(barsOfDay(frame) + 1);
        return;
      case 'pattern':
        need(patternBars);
        return;
      case 'indicator': {
        const bars = memoryOf(node, frame);
        need(bars);
        for (const source of node.sources) visit(source, frame, row + (bars ?? 1) - 1, back);
        return;
      }
      case 'ago':
        visit(node.of, frame, row + node.bars, back);
        return;
      case 'count':
        visit(node.of, frame, row + node.bars - 1, back);
        return;
      case 'crosses':
        visit(node.left, frame, row + 1, back);
        visit(node.right, frame, row + 1, back);
        return;
      case 'rank':
      case 'not':
        visit(node.of, frame, row, back);
        return;
      case 'apply':
        for (const each of node.of) visit(each, frame, row, back);
        return;
      case 'arithmetic':
      case 'compare':
      case 'logic':
        visit(node.left, frame, row, back);
        visit(node.right, frame, row, back);
    }
  };
  for (const node of nodes) visit(node, base, 0, 0);
  return found;
}

function barsOfDay(frame: Timeframe): number {
  return isIntraday(frame) ? Math.ceil(minutesPerDay / minutesOf(frame)) : 1;
}

/** Bars after which a mean that gives the newest `weight` has forgotten what came before. */
function fading(weight: number): number {
  return Math.ceil(Math.log(forgotten) / Math.log(1 - weight)) + 1;
}

const exponential = (period: number) => fading(2 / (period + 1)) + period;
const wilder = (period: number) => fading(1 / period) + period + 1;

type Inputs = Readonly<Record<string, number>>;

/**
 * Bars that the newest value of an indicator depends on. Those that are not named here add up or turn over all their bars, and have no
 * end.
 */
const memories: Readonly<Record<string, (inputs: Inputs) => number>> = {
  sma: ({ period }) => period,
  ema: ({ period }) => exponential(period),
  wma: ({ period }) => period,
  hma: ({ period }) => period + Math.ceil(Math.sqrt(period)) + 1,
  rsi: ({ period }) => wilder(period),
  stochRsi: ({ rsiPeriod, period, smooth, signal }) => wilder(rsiPeriod) + period + smooth + signal,
  macd: ({ fast, slow, signal }) => exponential(Math.max(fast, slow)) + exponential(signal),
  bollinger: ({ period }) => period,
  roc: ({ period }) => period + 1,
  stdev: ({ period }) => period,
  zscore: ({ period }) => period,
  highest: ({ period }) => period,
  lowest: ({ period }) => period,
  correlation: ({ period }) => period,
  atr: ({ period }) => wilder(period),
  adx: ({ period }) => 2 * wilder(period),
  stochastic: ({ period, smooth, signal }) => period + smooth + signal,
  cci: ({ period }) => period,
  mfi: ({ period }) => period + 1,
  donchian: ({ period }) => period,
  keltner: ({ period, atrPeriod }) => Math.max(exponential(period), wilder(atrPeriod)),
  williamsR: ({ period }) => period,
  aroon: ({ period }) => period + 1,
  ichimoku: ({ conversion, base, spanB }) => Math.max(conversion, base, spanB),
};

/** Indicators that begin anew with each day, and the days that they look at. */
const sessionDays: Readonly<Record<string, number>> = { vwap: 1, pivots: 2 };

function memoryOf(
  { name, inputs }: Extract<NumberNode, { kind: 'indicator' }>,
  frame: Timeframe,
): number | undefined {
  const days = sessionDays[name];
  if (days !== undefined) return days * barsOfDay(frame) + 1;
  const { defaults } = catalogue[name];
  const numbers = Object.entries(defaults).filter(([, value]) => typeof value === 'number');
  const given = Object.fromEntries(
    numbers.map(([input, value], at): [string, number] => [input, inputs[at] ?? Number(value)]),
  );
  return memories[name]?.(given);
}
