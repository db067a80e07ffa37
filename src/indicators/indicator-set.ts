import type { BarSeries } from '../domain/bar-series.ts';
import { assert, StrategyError } from '../domain/errors.ts';
import type { SessionsByDay } from '../domain/resample.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import { indicatorsOf } from './indicators.ts';
import type {
  BarKernel,
  BarLinesKernel,
  Kernel,
  LinesKernel,
  PairKernel,
  ValueLinesKernel,
} from './kernel.ts';
import type { Lines, MarketView, SlowerView } from './market-view.ts';
import {
  type BarCursor,
  barsAhead,
  IndicatorLine,
  isColumn,
  type Price,
  PriceSeries,
  placeOf,
  priceAt,
  type Series,
} from './series.ts';
import { SlowerBars } from './slower-bars.ts';

type Inputs = readonly (number | string)[];

/** Computes a line's values of rows `from` to `from + count - 1`. */
type Fill = (series: BarSeries, from: number, count: number) => void;

/**
 * The indicators of one strategy on one instrument. The strategy asks for lines during set-up; from then on `advance`
 * steps every line once a bar. Two requests for the same thing get the same line.
 */
export class IndicatorSet {
  /** What the strategy is given. Its functions may be taken apart from it. */
  readonly view: MarketView;
  readonly #cursor: BarCursor;
  readonly #sessions: SessionsByDay | undefined;
  /** Lines that need nothing but the bars, computed ahead of the cursor in blocks, in the order of creation. */
  readonly #ahead: Fill[] = [];
  /** Lines that begin anew with a session, and lines on those: they go with the cursor, since only it knows the session. */
  readonly #along: Fill[] = [];
  readonly #bySession: { newSession?(): void }[] = [];
  readonly #alongLines = new Set<Series>();
  readonly #known = new Map<string, IndicatorLine>();
  readonly #names = new Map<Series, string>();
  readonly #slower = new Map<Timeframe, { readonly set: IndicatorSet; readonly view: SlowerView }>();
  #sealed = false;
  /** First row that no block covers yet; -1 before the first bar. */
  #covered = -1;

  /** `sessions` are the trading hours to which slower bars are anchored; without them, midnight in India. */
  constructor(cursor: BarCursor, sessions?: SessionsByDay) {
    this.#cursor = cursor;
    this.#sessions = sessions;
    this.view = {
      open: this.#price('open'),
      high: this.#price('high'),
      low: this.#price('low'),
      close: this.#price('close'),
      volume: this.#price('volume'),
      hl2: this.#price('hl2'),
      hlc3: this.#price('hlc3'),
      ...indicatorsOf({
        onSeries: (name, source, inputs, kernelOf) => this.#onSeries(name, source, inputs, kernelOf),
        onPair: (name, sources, inputs, kernelOf) => this.#onPair(name, sources, inputs, kernelOf),
        onBars: (name, inputs, kernelOf) => this.#onBars(name, inputs, kernelOf),
        linesOnSeries: (name, source, inputs, kernelOf) =>
          this.#linesOnSeries(name, source, inputs, kernelOf),
        linesOnBars: (name, inputs, kernelOf) => this.#linesOnBars(name, inputs, kernelOf),
      }),
      every: (timeframe) => this.#every(timeframe),
    };
  }

  /**
   * Every line the strategy asked for, in the order of the requests: `ema(close, 20, sma)`, `vwap()`; those of slower
   * bars after them, as `1h ema(close, 20, sma)`.
   */
  get lines(): readonly { readonly name: string; readonly series: Series }[] {
    const own = [...this.#known].map(([name, series]) => ({ name, series }));
    const slower = [...this.#slower].flatMap(([timeframe, { set }]) =>
      set.lines.map(({ name, series }) => ({ name: `${timeframe} ${name}`, series })),
    );
    return [...own, ...slower];
  }

  /** Ends set-up: from now on a request for a line that does not exist is an error. */
  seal(): void {
    this.#sealed = true;
    for (const { set } of this.#slower.values()) set.seal();
  }

  /**
   * Brings every line to the bar at the cursor, which moves one row at a time. A line on a line comes after its source.
   * Rows behind the cursor's are closed and final, so what is stored already is computed a block at a time. Answers the first
   * row that needs another call: the cursor may go up to it without one.
   */
  advance(): number {
    const { series, row } = this.#cursor;
    if (row >= this.#covered) this.#cover(series, row);
    const along = this.#along;
    if (along.length === 0) return this.#covered;
    for (let i = 0; i < along.length; i++) along[i](series, row, 1);
    return row + 1;
  }

  /** Tells the lines that begin anew each day. Comes before the `advance` of the day's first bar. */
  newSession(): void {
    for (let i = 0; i < this.#bySession.length; i++) this.#bySession[i].newSession?.();
  }

  /** The next block ends where a multiple of its length does, so that it never wraps around a line's ring. */
  #cover(series: BarSeries, row: number): void {
    assert(this.#covered < 0 || row === this.#covered, 'indicators see every bar once, in order');
    this.#sealed = true;
    const end = Math.min(series.length, row - (row % barsAhead) + barsAhead);
    for (const fill of this.#ahead) fill(series, row, end - row);
    this.#covered = end;
  }

  #price(price: Price): PriceSeries {
    const line = new PriceSeries(this.#cursor, price);
    this.#names.set(line, price);
    return line;
  }

  #onSeries(indicator: string, source: Series, inputs: Inputs, kernelOf: () => Kernel): Series {
    const [from] = this.#sourceNames(indicator, [source]);
    return this.#lineOf(`${indicator}(${[from, ...inputs].join(', ')})`, (line) => {
      const kernel = kernelOf();
      if (source instanceof PriceSeries) this.#ahead.push(onPrice(line, kernel, source.price));
      else if (source instanceof IndicatorLine)
        this.#step([line], onLine(line, kernel, source), this.#alongLines.has(source));
    });
  }

  #onBars(indicator: string, inputs: Inputs, kernelOf: () => BarKernel): Series {
    return this.#lineOf(`${indicator}(${inputs.join(', ')})`, (line) => {
      const kernel = kernelOf();
      this.#step([line], onBars(line, kernel), kernel.newSession !== undefined);
      if (kernel.newSession) this.#bySession.push(kernel);
    });
  }

  #onPair(
    indicator: string,
    [one, other]: readonly [Series, Series],
    inputs: Inputs,
    kernelOf: () => PairKernel,
  ): Series {
    const from = this.#sourceNames(indicator, [one, other]);
    return this.#lineOf(`${indicator}(${[...from, ...inputs].join(', ')})`, (line) => {
      const along = this.#alongLines.has(one) || this.#alongLines.has(other);
      this.#step([line], onPair(line, kernelOf(), valuesOf(one), valuesOf(other)), along);
    });
  }

  #linesOnSeries<Name extends string>(
    indicator: string,
    source: Series,
    inputs: Inputs,
    kernelOf: () => ValueLinesKernel<Name>,
  ): Lines<Name> {
    const [from] = this.#sourceNames(indicator, [source]);
    const kernel = kernelOf();
    return this.#linesOf(`${indicator}(${[from, ...inputs].join(', ')})`, kernel, (targets) => {
      const values = valuesOf(source);
      const fill: Fill = (series, row, count) =>
        kernel.fill(values.column(series, row, count), values.place(row), targets, placeOf(row), count);
      return { fill, along: this.#alongLines.has(source) };
    });
  }

  #linesOnBars<Name extends string>(
    indicator: string,
    inputs: Inputs,
    kernelOf: () => BarLinesKernel<Name>,
  ): Lines<Name> {
    const kernel = kernelOf();
    return this.#linesOf(`${indicator}(${inputs.join(', ')})`, kernel, (targets) => {
      if (kernel.newSession) this.#bySession.push(kernel);
      const fill: Fill = (series, row, count) => kernel.fill(series, row, targets, placeOf(row), count);
      return { fill, along: kernel.newSession !== undefined };
    });
  }

  /** The lines of one kernel are made together, each known by the request and its own name. */
  #linesOf<Source extends Float64Array | BarSeries, Name extends string>(
    request: string,
    kernel: LinesKernel<Source, Name>,
    feed: (targets: readonly Float64Array[]) => { fill: Fill; along: boolean },
  ): Lines<Name> {
    const made: IndicatorLine[] = [];
    const lines = kernel.lines.map((name) =>
      this.#lineOf(`${request}.${name}`, (line) => {
        made.push(line);
      }),
    );
    if (made.length > 0) {
      const { fill, along } = feed(made.map((line) => line.values));
      this.#step(made, fill, along);
    }
    // Object.fromEntries forgets which keys it was given.
    return Object.fromEntries(kernel.lines.map((name, at) => [name, lines[at]])) as Lines<Name>;
  }

  /** Enters the step that computes new lines, after the steps of the lines they are drawn on. */
  #step(lines: readonly Series[], fill: Fill, along: boolean): void {
    (along ? this.#along : this.#ahead).push(fill);
    if (along) for (const line of lines) this.#alongLines.add(line);
  }

  /** A slower market is a set of its own, which steps whenever one of its bars closes. */
  #every(timeframe: Timeframe): SlowerView {
    const known = this.#slower.get(timeframe);
    if (known) return known.view;
    if (this.#sealed) throw lateRequest(`every("${timeframe}")`);
    const bars = new SlowerBars(this.#cursor.series, timeframe, this.#sessions);
    const set = new IndicatorSet(bars, this.#sessions);
    const view: SlowerView = {
      ...set.view,
      get justClosed() {
        return bars.justClosed;
      },
    };
    this.#along.push((series, row) => bars.follow(series, row, set));
    this.#slower.set(timeframe, { set, view });
    return view;
  }

  #sourceNames(indicator: string, sources: readonly Series[]): readonly string[] {
    return sources.map((source) => {
      const name = this.#names.get(source);
      if (name === undefined) throw unknownSource(indicator, source);
      return name;
    });
  }

  #lineOf(request: string, feed: (line: IndicatorLine) => void): Series {
    const known = this.#known.get(request);
    if (known) return known;
    if (this.#sealed) throw lateRequest(request);
    const line = new IndicatorLine(this.#cursor);
    feed(line);
    this.#known.set(request, line);
    this.#names.set(line, request);
    return line;
  }
}

function onPrice(line: IndicatorLine, kernel: Kernel, price: Price): Fill {
  const made = new Float64Array(isColumn(price) ? 0 : barsAhead);
  return (series, from, count) => {
    if (isColumn(price)) return kernel.fill(series[price], from, line.values, placeOf(from), count);
    for (let i = 0; i < count; i++) made[i] = priceAt(series, from + i, price);
    kernel.fill(made, 0, line.values, placeOf(from), count);
  };
}

function onLine(line: IndicatorLine, kernel: Kernel, source: IndicatorLine): Fill {
  return (_series, from, count) => {
    kernel.fill(source.values, placeOf(from), line.values, placeOf(from), count);
  };
}

function onBars(line: IndicatorLine, kernel: BarKernel): Fill {
  return (series, from, count) => {
    kernel.fill(series, from, line.values, placeOf(from), count);
  };
}

function onPair(line: IndicatorLine, kernel: PairKernel, one: Values, other: Values): Fill {
  return (series, from, count) => {
    const values = one.column(series, from, count);
    const others = other.column(series, from, count);
    kernel.fill(values, one.place(from), others, other.place(from), line.values, placeOf(from), count);
  };
}

/** Where a source's values of a block lie: the column, and the place in it of the block's first row. */
interface Values {
  column(series: BarSeries, from: number, count: number): Float64Array;
  place(from: number): number;
}

function valuesOf(source: Series): Values {
  if (source instanceof IndicatorLine) return { column: () => source.values, place: placeOf };
  assert(source instanceof PriceSeries, 'a source is a price or a line');
  const { price } = source;
  if (isColumn(price)) return { column: (series) => series[price], place: (from) => from };
  const made = new Float64Array(barsAhead);
  return {
    column(series, from, count) {
      for (let i = 0; i < count; i++) made[i] = priceAt(series, from + i, price);
      return made;
    },
    place: () => 0,
  };
}

function unknownSource(indicator: string, source: unknown): StrategyError {
  const received = typeof source === 'object' && source !== null ? 'a series of another market' : `${source}`;
  return new StrategyError(
    'STRATEGY_SOURCE',
    `${indicator} received ${received} as its source, expected a series of this market.`,
    `Give the series first, for example ${indicator}(close, 14).`,
  );
}

function lateRequest(request: string): StrategyError {
  return new StrategyError(
    'STRATEGY_LATE_INDICATOR',
    `The strategy asked for ${request} after its set-up, when earlier bars had already passed.`,
    'Create indicators in setup and use them in the hooks.',
  );
}
