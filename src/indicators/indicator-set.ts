import type { BarSeries } from '../domain/bar-series.ts';
import { assert, StrategyError } from '../domain/errors.ts';
import { atr } from './atr.ts';
import { ema } from './ema.ts';
import { highest } from './highest.ts';
import type { BarKernel, Kernel } from './kernel.ts';
import { lowest } from './lowest.ts';
import type { MarketView } from './market-view.ts';
import { rsi } from './rsi.ts';
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
import { sma } from './sma.ts';
import { vwap } from './vwap.ts';

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
  /** Lines that need nothing but the bars, computed ahead of the cursor in blocks, in the order of creation. */
  readonly #ahead: Fill[] = [];
  /** Lines that begin anew with a session, and lines on those: they go with the cursor, since only it knows the session. */
  readonly #along: Fill[] = [];
  readonly #bySession: BarKernel[] = [];
  readonly #alongLines = new Set<Series>();
  readonly #known = new Map<string, IndicatorLine>();
  readonly #names = new Map<Series, string>();
  #sealed = false;
  /** First row that no block covers yet; -1 before the first bar. */
  #covered = -1;

  constructor(cursor: BarCursor) {
    this.#cursor = cursor;
    this.view = {
      open: this.#price('open'),
      high: this.#price('high'),
      low: this.#price('low'),
      close: this.#price('close'),
      volume: this.#price('volume'),
      hl2: this.#price('hl2'),
      hlc3: this.#price('hlc3'),
      sma: (source, period) => this.#onSeries('sma', source, `${period}`, () => sma(period)),
      ema: (source, period, { seed = 'sma' } = {}) =>
        this.#onSeries('ema', source, `${period}, ${seed}`, () => ema(period, seed)),
      rsi: (source, period) => this.#onSeries('rsi', source, `${period}`, () => rsi(period)),
      atr: (period) => this.#onBars('atr', `${period}`, () => atr(period)),
      vwap: () => this.#onBars('vwap', '', vwap),
      highest: (source, period) => this.#onSeries('highest', source, `${period}`, () => highest(period)),
      lowest: (source, period) => this.#onSeries('lowest', source, `${period}`, () => lowest(period)),
    };
  }

  /** Ends set-up: from now on a request for a line that does not exist is an error. */
  seal(): void {
    this.#sealed = true;
  }

  /**
   * Brings every line to the bar at the cursor, which moves one row at a time. A line on a line comes after its source.
   * Rows behind the cursor's are closed and final, so what is stored already is computed a block at a time.
   */
  advance(): void {
    const { series, row } = this.#cursor;
    if (row >= this.#covered) this.#cover(series, row);
    for (let i = 0; i < this.#along.length; i++) this.#along[i](series, row, 1);
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

  #onSeries(indicator: string, source: Series, inputs: string, kernelOf: () => Kernel): Series {
    const from = this.#names.get(source);
    if (from === undefined) throw unknownSource(indicator, source);
    return this.#lineOf(`${indicator}(${from}, ${inputs})`, (line) => {
      const kernel = kernelOf();
      if (source instanceof PriceSeries) this.#ahead.push(onPrice(line, kernel, source.price));
      else if (source instanceof IndicatorLine) {
        const along = this.#alongLines.has(source);
        (along ? this.#along : this.#ahead).push(onLine(line, kernel, source));
        if (along) this.#alongLines.add(line);
      }
    });
  }

  #onBars(indicator: string, inputs: string, kernelOf: () => BarKernel): Series {
    return this.#lineOf(`${indicator}(${inputs})`, (line) => {
      const kernel = kernelOf();
      const along = kernel.newSession !== undefined;
      (along ? this.#along : this.#ahead).push(onBars(line, kernel));
      if (along) this.#alongLines.add(line);
      if (along) this.#bySession.push(kernel);
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
