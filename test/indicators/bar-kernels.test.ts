import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { atr } from '../../src/indicators/atr.ts';
import { vwap } from '../../src/indicators/vwap.ts';
import { largestDifference, steppedOverBars } from '../contracts/indicator-contract.ts';
import { madeBars } from '../support/made-bars.ts';

function barsOf(
  ...rows: readonly (readonly [high: number, low: number, close: number, volume?: number])[]
): BarSeries {
  const bars = new BarSeries('TEST:X', '5m');
  rows.forEach(([high, low, close, volume = 1], row) => {
    bars.append(row, close, high, low, close, volume);
  });
  return bars;
}

describe('atr', () => {
  test('counts the gap from the last close and has no range on the first bar', () => {
    // True ranges: -, 3 (gap up from 9 to 12), 6 (gap down from 11 to 5), 2.
    const bars = barsOf([10, 8, 9], [12, 10, 11], [7, 5, 6], [7, 5, 6]);
    expect(steppedOverBars(atr(2), bars)).toEqual([Number.NaN, Number.NaN, 4.5, 3.25]);
  });

  test.each([14, 1, 50])('period %d agrees with its definition on every bar', (period) => {
    const bars = madeBars(300);
    const ranges = Array.from({ length: 299 }, (_, at) =>
      Math.max(
        bars.high[at + 1] - bars.low[at + 1],
        Math.abs(bars.high[at + 1] - bars.close[at]),
        Math.abs(bars.low[at + 1] - bars.close[at]),
      ),
    );
    const seed = ranges.slice(0, period).reduce((sum, range) => sum + range, 0) / period;
    const defined = Array.from({ length: 300 }, (_, row) =>
      row < period
        ? Number.NaN
        : ranges
            .slice(period, row)
            .reduce((average, range) => (average * (period - 1) + range) / period, seed),
    );
    expect(largestDifference(steppedOverBars(atr(period), bars), defined)).toBeLessThan(1e-9);
  });

  test('skips a bar with a hole', () => {
    const whole = barsOf([10, 8, 9], [12, 10, 11], [7, 5, 6]);
    const holed = barsOf([10, 8, 9], [12, 10, 11], [Number.NaN, 5, 6], [7, 5, 6]);
    expect(steppedOverBars(atr(2), holed)[3]).toBe(steppedOverBars(atr(2), whole)[2]);
  });

  test('refuses a period of 0', () => {
    expect(() => atr(0)).toThrow(expect.objectContaining({ code: 'INDICATOR_PERIOD' }));
  });
});

describe('vwap', () => {
  test('weighs each typical price by its volume since the session began', () => {
    const bars = barsOf([12, 9, 9, 100], [22, 19, 19, 300], [30, 30, 30, 50]);
    const kernel = vwap();
    kernel.newSession?.();
    expect(steppedOverBars(kernel, bars.slice(0, 2))).toEqual([10, 17.5]);
    kernel.newSession?.();
    expect(steppedOverBars(kernel, bars.slice(2, 3))).toEqual([30]);
  });

  test('is NaN until something has traded', () => {
    const bars = barsOf([10, 10, 10, 0], [20, 20, 20, 5], [50, 50, 50, 0]);
    expect(steppedOverBars(vwap(), bars)).toEqual([Number.NaN, 20, 20]);
  });
});
