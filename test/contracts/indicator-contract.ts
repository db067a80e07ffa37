import { describe, expect, test } from '@jest/globals';
import type { BarSeries } from '../../src/domain/bar-series.ts';
import type { BarKernel, Kernel } from '../../src/indicators/kernel.ts';
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
