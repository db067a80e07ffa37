import { type BarSeries, interestAt } from '../../domain/bar-series.ts';
import { assert, InvariantError } from '../../domain/errors.ts';
import { istDayNumber } from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import { Column, drawn, priceColumn } from './column-pencil.ts';
import type { Comparison, ConditionNode, Node, NumberNode, SessionFigure } from './expression.ts';
import { isCondition } from './expression.ts';

/** Closed bars of one instrument at one timeframe, and the instant at which each closed. */
export interface ScannedBars {
  readonly series: BarSeries;
  readonly closes: Float64Array;
}

/** 1 where a candlestick pattern ends at a bar, 0 where none does, NaN where too few bars came before. */
export type PatternColumn = (name: string, series: BarSeries) => Float64Array;

/** What an instrument is evaluated on. */
export interface ScannedInstrument {
  /** The timeframe the scan runs on; one answer a bar of it. */
  readonly base: ScannedBars;
  /** The other timeframes that the expression names. */
  readonly others: ReadonlyMap<Timeframe, ScannedBars>;
  /** Places among all scanned instruments, by `keyOf` the ranked value; one a bar of the base. */
  readonly ranks: ReadonlyMap<string, Float64Array>;
  readonly patterns: PatternColumn;
}

/**
 * Answers expressions about one instrument, bar by bar, as they could be known when the bar closed: another timeframe is seen at its
 * last bar that had closed by then. Numbers are NaN while unknown. A condition is 1 where it holds, 0 where it does not, and NaN
 * where an unknown number decides; `false and unknown` is false, `true or unknown` is true.
 */
export class Evaluation {
  readonly #instrument: ScannedInstrument;
  readonly #known = new Map<string, Float64Array>();
  readonly #rows = new Map<Timeframe, Int32Array>();

  constructor(instrument: ScannedInstrument) {
    this.#instrument = instrument;
  }

  /** One value a bar of the base. */
  column(node: Node): Float64Array {
    return this.#on(node, this.#instrument.base);
  }

  #on(node: Node, grid: ScannedBars): Float64Array {
    const key = `${grid.series.timeframe} ${keyOf(node)}`;
    const known = this.#known.get(key);
    if (known) return known;
    const own = 'frame' in node && node.frame !== undefined ? this.#bars(node.frame) : grid;
    const values = own === grid ? this.#compute(node, grid) : this.#seenFromBase(this.#on(node, own), own);
    this.#known.set(key, values);
    return values;
  }

  #compute(node: Node, grid: ScannedBars): Float64Array {
    return isCondition(node) ? this.#condition(node, grid) : this.#number(node, grid);
  }

  #number(node: NumberNode, grid: ScannedBars): Float64Array {
    const { series } = grid;
    switch (node.kind) {
      case 'number':
        return new Float64Array(series.length).fill(node.value);
      case 'price':
        return priceColumn(series, node.price).values;
      case 'oi':
        return Float64Array.from({ length: series.length }, (_, row) => interestAt(series, row));
      case 'indicator':
        return this.#indicator(node, grid);
      case 'session':
        return sessionColumn(series, node.name, node.bars);
      case 'ago':
        return shifted(this.#on(node.of, grid), node.bars);
      case 'rank': {
        const ranks = this.#instrument.ranks.get(keyOf(node.of));
        assert(
          ranks !== undefined && grid === this.#instrument.base,
          'ranks are computed before they are asked for',
        );
        return ranks;
      }
      case 'apply':
        return appliedTo(
          node.name,
          node.of.map((each) => this.#on(each, grid)),
        );
      case 'arithmetic': {
        const left = this.#on(node.left, grid);
        const right = this.#on(node.right, grid);
        const { operator } = node;
        if (operator === '+') return left.map((value, row) => value + right[row]);
        if (operator === '-') return left.map((value, row) => value - right[row]);
        if (operator === '*') return left.map((value, row) => value * right[row]);
        // A price over nothing is not known, rather than infinite.
        return left.map((value, row) => (right[row] === 0 ? Number.NaN : value / right[row]));
      }
      case 'count':
        return counted(this.#on(node.of, grid), node.bars);
    }
  }

  #condition(node: ConditionNode, grid: ScannedBars): Float64Array {
    switch (node.kind) {
      case 'compare': {
        const left = this.#on(node.left, grid);
        const right = this.#on(node.right, grid);
        return left.map((value, row) => compared(node.operator, value, right[row]));
      }
      case 'crosses':
        return crossed(node.up, this.#on(node.left, grid), this.#on(node.right, grid));
      case 'logic': {
        const left = this.#on(node.left, grid);
        const right = this.#on(node.right, grid);
        // With 1, 0 and NaN: one false decides an "and", one true an "or", and else what is unknown stays unknown.
        const deciding = node.operator === 'and' ? 0 : 1;
        return left.map((value, row) =>
          value === deciding || right[row] === deciding ? deciding : value + right[row] - (1 - deciding),
        );
      }
      case 'not':
        return this.#on(node.of, grid).map((value) => 1 - value);
      case 'pattern':
        return this.#instrument.patterns(node.name, grid.series);
    }
  }

  #indicator(node: Extract<NumberNode, { kind: 'indicator' }>, grid: ScannedBars): Float64Array {
    const sources = node.sources.map((source) => new Column(this.#on(source, grid)));
    const lines = drawn(grid.series, { ...node, sources });
    const line: unknown = lines instanceof Column ? lines : Reflect.get(Object(lines), node.line);
    assert(line instanceof Column, 'an indicator has the lines that the catalogue lists');
    return line.values;
  }

  #bars(frame: Timeframe): ScannedBars {
    const { base, others } = this.#instrument;
    if (base.series.timeframe === frame) return base;
    const bars = others.get(frame);
    if (bars) return bars;
    throw new InvariantError(
      'BUG_SCAN_FRAME',
      `Broken promise: bars of ${frame} are loaded before they are asked for`,
    );
  }

  /** Values of another timeframe as known when each bar of the base closed. */
  #seenFromBase(values: Float64Array, from: ScannedBars): Float64Array {
    const { base } = this.#instrument;
    const { timeframe } = from.series;
    let rows = this.#rows.get(timeframe);
    if (!rows) {
      rows = newestClosed(base.closes, from.closes);
      this.#rows.set(timeframe, rows);
    }
    const seen = new Float64Array(base.series.length);
    for (let row = 0; row < seen.length; row++) seen[row] = rows[row] < 0 ? Number.NaN : values[rows[row]];
    return seen;
  }
}

/** What a value is known by, wherever in an expression it stands. */
export function keyOf(node: Node): string {
  return JSON.stringify(node, (name, value: unknown) => (name === 'at' ? undefined : value));
}

/** For each instant the last row that had closed by then; -1 where none had. */
function newestClosed(instants: Float64Array, closes: Float64Array): Int32Array {
  const rows = new Int32Array(instants.length);
  let row = -1;
  for (let i = 0; i < instants.length; i++) {
    while (row + 1 < closes.length && closes[row + 1] <= instants[i]) row += 1;
    rows[i] = row;
  }
  return rows;
}

function compared(operator: Comparison, left: number, right: number): number {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  switch (operator) {
    case '<':
      return left < right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
  }
}

/** On the bar at which one line comes to stand beyond the other; it stood at it or on the other side on the bar before. */
function crossed(up: boolean, left: Float64Array, right: Float64Array): Float64Array {
  const [over, under] = up ? [left, right] : [right, left];
  return over.map((value, row) => {
    const before = row > 0 ? over[row - 1] - under[row - 1] : Number.NaN;
    const now = value - under[row];
    if (Number.isNaN(before) || Number.isNaN(now)) return Number.NaN;
    return before <= 0 && now > 0 ? 1 : 0;
  });
}

function shifted(values: Float64Array, bars: number): Float64Array {
  const moved = new Float64Array(values.length).fill(Number.NaN);
  moved.set(values.subarray(0, Math.max(0, values.length - bars)), Math.min(bars, values.length));
  return moved;
}

/** Bars among the last `bars` at which a condition holds; unknown while fewer than that are known. */
function counted(condition: Float64Array, bars: number): Float64Array {
  const count = new Float64Array(condition.length);
  let held = 0;
  let unknown = 0;
  for (let row = 0; row < condition.length; row++) {
    const value = condition[row];
    if (Number.isNaN(value)) unknown += 1;
    else held += value;
    const gone = row >= bars ? condition[row - bars] : 0;
    if (Number.isNaN(gone)) unknown -= 1;
    else held -= gone;
    count[row] = row + 1 < bars || unknown > 0 ? Number.NaN : held;
  }
  return count;
}

function appliedTo(
  name: 'abs' | 'min' | 'max' | 'sqrt' | 'log',
  [one, other]: readonly Float64Array[],
): Float64Array {
  switch (name) {
    case 'abs':
      return one.map(Math.abs);
    case 'sqrt':
      return one.map(Math.sqrt);
    case 'log':
      return one.map((value) => (value > 0 ? Math.log(value) : Number.NaN));
    case 'min':
      return one.map((value, row) => Math.min(value, other[row]));
    case 'max':
      return one.map((value, row) => Math.max(value, other[row]));
  }
}

function sessionColumn(series: BarSeries, name: SessionFigure, bars: number): Float64Array {
  const { time, open, high, low, close, length } = series;
  const values = new Float64Array(length);
  let day = Number.NaN;
  let first = 0;
  let closeBefore = Number.NaN;
  let highest = Number.NaN;
  let lowest = Number.NaN;
  for (let row = 0; row < length; row++) {
    const today = istDayNumber(time[row]);
    if (today !== day) {
      if (row > 0) closeBefore = close[row - 1];
      day = today;
      first = row;
      highest = high[row];
      lowest = low[row];
    } else if (row - first < bars) {
      highest = Math.max(highest, high[row]);
      lowest = Math.min(lowest, low[row]);
    }
    const opened = row - first + 1 >= bars;
    if (name === 'dayOpen') values[row] = open[first];
    else if (name === 'barOfDay') values[row] = row - first + 1;
    else if (name === 'gap') values[row] = (open[first] / closeBefore - 1) * 100;
    else if (name === 'change') values[row] = (close[row] / closeBefore - 1) * 100;
    // The opening range is known from its last bar on.
    else if (!opened) values[row] = Number.NaN;
    else values[row] = name === 'openingHigh' ? highest : lowest;
  }
  return values;
}
