import type { BarSeries } from '../../domain/bar-series.ts';
import { assert } from '../../domain/errors.ts';
import { istDayNumber } from '../../domain/time.ts';
import { indicatorsOf } from '../../indicators/indicators.ts';
import type {
  BarKernel,
  BarLinesKernel,
  Kernel,
  PairKernel,
  ValueLinesKernel,
} from '../../indicators/kernel.ts';
import type { Indicators, Lines } from '../../indicators/market-view.ts';
import { isColumn, type Price, priceAt, type Series } from '../../indicators/series.ts';

/** An indicator at every bar of a series. The last bar is the newest. */
export class Column implements Series {
  readonly values: Float64Array;

  constructor(values: Float64Array) {
    this.values = values;
  }

  get now(): number {
    return this.ago(0);
  }

  get prev(): number {
    return this.ago(1);
  }

  ago(bars: number): number {
    const row = this.values.length - 1 - bars;
    return row >= 0 ? this.values[row] : Number.NaN;
  }
}

/** A price at every bar. */
export function priceColumn(series: BarSeries, price: Price): Column {
  if (isColumn(price)) return new Column(series[price].subarray(0, series.length));
  const values = new Float64Array(series.length);
  for (let row = 0; row < series.length; row++) values[row] = priceAt(series, row, price);
  return new Column(values);
}

/** The indicators of a strategy, each drawn over a whole series at once by the same kernels. */
export function columnIndicators(series: BarSeries): Indicators {
  const { length } = series;
  return indicatorsOf({
    onSeries(_name, source, _inputs, kernelOf: () => Kernel) {
      const values = new Float64Array(length);
      kernelOf().fill(valuesOf(source), 0, values, 0, length);
      return new Column(values);
    },
    onPair(_name, [one, other], _inputs, kernelOf: () => PairKernel) {
      const values = new Float64Array(length);
      kernelOf().fill(valuesOf(one), 0, valuesOf(other), 0, values, 0, length);
      return new Column(values);
    },
    onBars(_name, _inputs, kernelOf: () => BarKernel) {
      const values = new Float64Array(length);
      const kernel = kernelOf();
      inSessions(series, kernel, (from, count) => kernel.fill(series, from, values, from, count));
      return new Column(values);
    },
    linesOnSeries<Name extends string>(
      _name: string,
      source: Series,
      _inputs: readonly (number | string)[],
      kernelOf: () => ValueLinesKernel<Name>,
    ): Lines<Name> {
      const kernel = kernelOf();
      const targets = kernel.lines.map(() => new Float64Array(length));
      kernel.fill(valuesOf(source), 0, targets, 0, length);
      return named(kernel.lines, targets);
    },
    linesOnBars<Name extends string>(
      _name: string,
      _inputs: readonly (number | string)[],
      kernelOf: () => BarLinesKernel<Name>,
    ): Lines<Name> {
      const kernel = kernelOf();
      const targets = kernel.lines.map(() => new Float64Array(length));
      inSessions(series, kernel, (from, count) => kernel.fill(series, from, targets, from, count));
      return named(kernel.lines, targets);
    },
  });
}

/** What an indicator of the catalogue draws over a series: a column, or an object of columns by line. @throws ConfigError INDICATOR_… */
export function drawn(
  series: BarSeries,
  {
    name,
    sources,
    inputs,
  }: { readonly name: string; readonly sources: readonly Column[]; readonly inputs: readonly number[] },
): unknown {
  const draw: unknown = Reflect.get(columnIndicators(series), name);
  assert(typeof draw === 'function', 'the catalogue lists what can be drawn');
  return draw(...sources, ...inputs);
}

/** All at once, or day by day where the kernel begins anew with each. */
function inSessions(
  { time, length }: BarSeries,
  kernel: { newSession?(): void },
  fill: (from: number, count: number) => void,
): void {
  if (!kernel.newSession) {
    if (length > 0) fill(0, length);
    return;
  }
  for (let from = 0; from < length; ) {
    const day = istDayNumber(time[from]);
    let to = from + 1;
    while (to < length && istDayNumber(time[to]) === day) to += 1;
    kernel.newSession();
    fill(from, to - from);
    from = to;
  }
}

function named<Name extends string>(names: readonly Name[], targets: readonly Float64Array[]): Lines<Name> {
  // Object.fromEntries forgets which keys it was given.
  return Object.fromEntries(
    names.map((name, at): [string, Series] => [name, new Column(targets[at])]),
  ) as Lines<Name>;
}

function valuesOf(source: Series): Float64Array {
  assert(source instanceof Column, 'a scan draws on columns');
  return source.values;
}
