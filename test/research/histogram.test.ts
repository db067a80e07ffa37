import { describe, expect, test } from '@jest/globals';
import { histogram, roundStep } from '../../src/research/histogram.ts';
import { sharpeRatio } from '../../src/research/returns.ts';
import { rollingSharpe } from '../../src/research/rolling-sharpe.ts';

describe('a histogram', () => {
  test('has an edge at zero, so no bin holds gains and losses', () => {
    const bins = histogram(Float64Array.of(-0.4, -0.1, -0.01, 0, 0.01, 0.3, 2));
    expect(bins).toEqual({
      from: -0.4,
      step: 0.1,
      counts: [1, 0, 0, 2, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      below: 0,
      above: 0,
    });
  });

  test('counts outliers in its outermost bins and says how many', () => {
    const values = Float64Array.from({ length: 1_000 }, (_, at) => (at % 100) / 100);
    values[0] = -1_000;
    values[1] = 1_000;
    const bins = histogram(values);
    expect(bins?.counts.reduce((sum, count) => sum + count, 0)).toBe(1_000);
    expect(bins).toMatchObject({ below: 1, above: 1 });
  });

  test('of nothing is none, of one value has one bin', () => {
    expect(histogram(new Float64Array(0))).toBeUndefined();
    expect(histogram(Float64Array.of(Number.NaN))).toBeUndefined();
    expect(histogram(Float64Array.of(0, 0))).toEqual({ from: 0, step: 1, counts: [2], below: 0, above: 0 });
  });

  test('has steps of 1, 2 and 5', () => {
    expect([0.011, 0.02, 0.3, 7, 12, 0].map(roundStep)).toEqual([0.02, 0.02, 0.5, 10, 20, 1]);
  });
});

describe('a rolling Sharpe ratio', () => {
  test('is that of each window, and NaN before the first is full', () => {
    const returns = Float64Array.of(0.01, -0.02, 0.03, 0.01, 0.01, 0.01);
    const rolling = rollingSharpe(returns, { window: 3, periodsPerYear: 252 });
    expect([...rolling.slice(0, 2)]).toEqual([Number.NaN, Number.NaN]);
    expect(rolling[2]).toBe(sharpeRatio(returns.subarray(0, 3), 252, 0));
    expect(rolling[4]).toBe(sharpeRatio(returns.subarray(2, 5), 252, 0));
    expect(rolling[5]).toBe(Number.NaN);
  });
});
