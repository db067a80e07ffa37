import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fallsOf } from '../../src/research/drawdown.ts';

const falls = (start: number, ...values: number[]) =>
  fallsOf(Float64Array.from(values), values.length, start);

describe('falls below a peak', () => {
  test('a fall runs from the last row at the peak to the first row back at it', () => {
    //                          row   0    1    2   3    4    5
    expect(falls(100, 110, 110, 99, 88, 110, 120).deepest).toEqual({
      depth: 0.2,
      peak: 110,
      trough: 88,
      peakRow: 1,
      troughRow: 3,
      recoveryRow: 4,
    });
  });

  test('the starting value is a peak before the first row', () => {
    expect(falls(100, 90, 95).deepest).toEqual({
      depth: 0.1,
      peak: 100,
      trough: 90,
      peakRow: -1,
      troughRow: 0,
      recoveryRow: undefined,
    });
  });

  test('the deepest fall is by share of its peak, not by money', () => {
    // 100 to 80 is 20 of 100; 1000 to 900 is 100 of 1000.
    expect(falls(100, 80, 1_000, 900, 1_000).deepest).toMatchObject({ depth: 0.2, peak: 100, trough: 80 });
  });

  test('of two falls equally deep, the first is named', () => {
    expect(falls(100, 90, 100, 90).deepest).toMatchObject({ troughRow: 0, recoveryRow: 1 });
  });

  test('the average counts every fall once, an open one too', () => {
    const { count, averageDepth } = falls(100, 90, 100, 80, 100, 70);
    expect(count).toBe(3);
    expect(averageDepth).toBeCloseTo(0.2, 12);
  });

  test('the longest fall need not be the deepest', () => {
    expect(falls(100, 100, 99, 99, 99, 100, 50, 100).longest).toEqual({ peakRow: 0, endRow: 4 });
  });

  test('a line that never falls has none', () => {
    const none = falls(100, 100, 100, 105);
    expect(none.deepest).toBeUndefined();
    expect(none.longest).toBeUndefined();
    expect(none.count).toBe(0);
    expect(none.averageDepth).toBe(0);
  });

  test('values beyond the length are not read', () => {
    expect(fallsOf(Float64Array.of(100, 1), 1, 100).deepest).toBeUndefined();
  });

  test('the depth is the greatest share lost below any earlier value', () => {
    const line = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(line, (values) => {
        let greatest = 0;
        for (let row = 0; row < values.length; row++) {
          const peak = Math.max(...values.slice(0, row + 1));
          greatest = Math.max(greatest, (peak - values[row]) / peak);
        }
        expect(fallsOf(Float64Array.from(values), values.length, values[0]).deepest?.depth ?? 0).toBe(
          greatest,
        );
      }),
    );
  });
});
