import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { BarKernel, Kernel, LinesKernel } from '../../src/indicators/kernel.ts';
import { madeBars } from '../support/made-bars.ts';

export interface IndicatorCard {
  /** A fresh kernel of the given period. */
  readonly kernel: (period: number) => Kernel;
  /** How many answers are NaN at the start. */
  readonly warmUp: (period: number) => number;
  readonly periods: readonly number[];
  /** The definition in plain words of arithmetic: the answer at `row`, looking at everything up to it. */
  readonly plain: (values: readonly number[], row: number, period: number) => number;
}

/** What every indicator of one input promises. */
export function indicatorContract(name: string, card: IndicatorCard): void {
  const values = [...madeBars(400).close];

  describe(`${name} keeps the contract of an indicator`, () => {
    test.each(card.periods)('period %d agrees with its definition on every bar', (period) => {
      const answers = stepped(card.kernel(period), values);
      const defined = values.map((_, row) => card.plain(values, row, period));
      expect(largestDifference(answers, defined)).toBeLessThan(1e-9);
    });

    test.each(card.periods)('period %d is NaN for exactly its warm-up', (period) => {
      const answers = stepped(card.kernel(period), values);
      expect(answers.findIndex((answer) => !Number.isNaN(answer))).toBe(card.warmUp(period));
      expect(answers.slice(card.warmUp(period)).some(Number.isNaN)).toBe(false);
    });

    test.each(card.periods)('period %d answers the same in blocks of any size as bar by bar', (period) => {
      expect(inBlocks(card.kernel(period), values, [1, 7, 64, 3, 200])).toEqual(
        stepped(card.kernel(period), values),
      );
    });

    test('the future never changes the past', () => {
      const [period] = card.periods;
      const cut = 250;
      const other = values.map((value, row) => (row < cut ? value : 5_000 - value));
      expect(stepped(card.kernel(period), other).slice(0, cut)).toEqual(
        stepped(card.kernel(period), values).slice(0, cut),
      );
    });

    test('a NaN is skipped and leaves no trace', () => {
      const [period] = card.periods;
      const holes = values.flatMap((value, row) => (row % 9 === 4 ? [Number.NaN, value] : [value]));
      const answers = stepped(card.kernel(period), holes);
      expect(answers.filter((_, at) => Number.isNaN(holes[at])).every(Number.isNaN)).toBe(true);
      expect(answers.filter((_, at) => !Number.isNaN(holes[at]))).toEqual(
        stepped(card.kernel(period), values),
      );
    });

    test.each([0, -3, 1.5, Number.NaN, 100_001])('a period of %d is refused with the value', (period) => {
      expect(() => card.kernel(period)).toThrow(
        expect.objectContaining({
          code: 'INDICATOR_PERIOD',
          message: expect.stringContaining(`was ${period}, expected`),
        }),
      );
    });
  });
}

export function stepped(kernel: Kernel, values: readonly number[]): number[] {
  return values.map((value) => kernel.next(value));
}

export function steppedOverBars(kernel: BarKernel, bars: BarSeries): number[] {
  return Array.from({ length: bars.length }, (_, row) =>
    kernel.next(bars.open[row], bars.high[row], bars.low[row], bars.close[row], bars.volume[row]),
  );
}

/** Largest difference of two lines relative to their size; infinite where only one is NaN. */
export function largestDifference(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length || one.length === 0) return Number.POSITIVE_INFINITY;
  return one.reduce((largest, value, at) => {
    if (Number.isNaN(value) || Number.isNaN(other[at])) {
      return Number.isNaN(value) && Number.isNaN(other[at]) ? largest : Number.POSITIVE_INFINITY;
    }
    return Math.max(largest, Math.abs(value - other[at]) / Math.max(1, Math.abs(other[at])));
  }, 0);
}

function inBlocks(kernel: Kernel, values: readonly number[], sizes: readonly number[]): number[] {
  const source = Float64Array.from(values);
  const target = new Float64Array(values.length);
  for (let from = 0, turn = 0; from < values.length; turn++) {
    const count = Math.min(sizes[turn % sizes.length], values.length - from);
    kernel.fill(source, from, target, from, count);
    from += count;
  }
  return [...target];
}

/** A fresh indicator as something that fills one or several lines from bars. */
export type BarsFiller = (
  bars: BarSeries,
  from: number,
  targets: readonly Float64Array[],
  at: number,
  count: number,
) => void;

export interface LinesCard {
  readonly fresh: () => BarsFiller;
  /** For each line how many answers are NaN at the start, and its definition in plain arithmetic: one answer per bar. */
  readonly lines: Readonly<
    Record<string, { readonly warmUp: number; readonly plain: (bars: BarSeries) => readonly number[] }>
  >;
}

/** What every indicator of whole bars, of two series or of several lines promises. */
export function linesContract(name: string, { fresh, lines }: LinesCard): void {
  const bars = madeBars(400);
  const names = Object.keys(lines);
  const whole = filled(fresh(), bars, names.length, [bars.length]);

  describe(`${name} keeps the contract of an indicator`, () => {
    test.each(names)('%s agrees with its definition on every bar', (line) => {
      expect(largestDifference(whole[names.indexOf(line)], lines[line].plain(bars))).toBeLessThan(1e-9);
    });

    test.each(names)('%s is NaN for exactly its warm-up', (line) => {
      const answers = whole[names.indexOf(line)];
      expect(answers.findIndex((answer) => !Number.isNaN(answer))).toBe(lines[line].warmUp);
      expect(answers.slice(lines[line].warmUp).some(Number.isNaN)).toBe(false);
    });

    test('answers the same bar by bar and in blocks of any size as at once', () => {
      expect(filled(fresh(), bars, names.length, [1])).toEqual(whole);
      expect(filled(fresh(), bars, names.length, [1, 7, 64, 3, 200])).toEqual(whole);
    });

    test('the future never changes the past', () => {
      const cut = 250;
      const other = madeBars(400);
      for (let row = cut; row < 400; row++) {
        for (const price of ['open', 'close'] as const) other[price][row] = 3_000 - other[price][row];
        [other.high[row], other.low[row]] = [3_000 - other.low[row], 3_000 - other.high[row]];
      }
      const answers = filled(fresh(), other, names.length, [other.length]);
      expect(answers.map((line) => line.slice(0, cut))).toEqual(whole.map((line) => line.slice(0, cut)));
      expect(answers).not.toEqual(whole);
    });

    test('a bar of NaN is skipped and leaves no trace', () => {
      const holed = new BarSeries('TEST:MADE', '1m');
      const hole = Number.NaN;
      const kept: number[] = [];
      for (let row = 0; row < bars.length; row++) {
        if (row % 9 === 4) holed.append(holed.length, hole, hole, hole, hole, hole);
        kept.push(holed.length);
        holed.append(
          holed.length,
          bars.open[row],
          bars.high[row],
          bars.low[row],
          bars.close[row],
          bars.volume[row],
        );
      }
      const answers = filled(fresh(), holed, names.length, [holed.length]);
      const there = new Set(kept);
      expect(answers.flatMap((line) => line.filter((_, at) => !there.has(at))).every(Number.isNaN)).toBe(
        true,
      );
      expect(answers.map((line) => kept.map((at) => line[at]))).toEqual(whole);
    });
  });
}

/** The lines over all bars, filled in blocks of the given sizes, over and over. */
export function filled(
  fill: BarsFiller,
  bars: BarSeries,
  lines: number,
  sizes: readonly number[],
): readonly (readonly number[])[] {
  const targets = Array.from({ length: lines }, () => new Float64Array(bars.length));
  for (let from = 0, turn = 0; from < bars.length; turn++) {
    const count = Math.min(sizes[turn % sizes.length], bars.length - from);
    fill(bars, from, targets, from, count);
    from += count;
  }
  return targets.map((target) => [...target]);
}

/** Of a kernel with one line. */
export function oneLine(kernel: BarKernel): BarsFiller {
  return (bars, from, [target], at, count) => kernel.fill(bars, from, target, at, count);
}

/** Of a kernel drawn on closes with several lines. */
export function onCloses(kernel: LinesKernel<Float64Array, string>): BarsFiller {
  return (bars, from, targets, at, count) => kernel.fill(bars.close, from, targets, at, count);
}

/** Of a kernel of whole bars with several lines. */
export function ofBars(kernel: LinesKernel<BarSeries, string>): BarsFiller {
  return (bars, from, targets, at, count) => kernel.fill(bars, from, targets, at, count);
}
