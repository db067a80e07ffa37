import { describe, expect, test } from '@jest/globals';
import { ema } from '../../src/indicators/ema.ts';
import { highest } from '../../src/indicators/highest.ts';
import { hma } from '../../src/indicators/hma.ts';
import { lowest } from '../../src/indicators/lowest.ts';
import { roc } from '../../src/indicators/roc.ts';
import { rsi } from '../../src/indicators/rsi.ts';
import { sma } from '../../src/indicators/sma.ts';
import { stdev } from '../../src/indicators/stdev.ts';
import { wma } from '../../src/indicators/wma.ts';
import { zscore } from '../../src/indicators/zscore.ts';
import { indicatorContract, largestDifference, stepped } from '../contracts/indicator-contract.ts';
import { both, deviationOf, smaOf, wmaOf } from './plain-formulas.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const windowOf = (values: readonly number[], row: number, period: number) =>
  row + 1 < period ? [] : values.slice(row + 1 - period, row + 1);

indicatorContract('sma', {
  kernel: sma,
  periods: [20, 1, 2, 133],
  warmUp: (period) => period - 1,
  plain: (values, row, period) => mean(windowOf(values, row, period)),
});

indicatorContract('highest', {
  kernel: highest,
  periods: [20, 1, 2, 133],
  warmUp: (period) => period - 1,
  plain: (values, row, period) =>
    row + 1 < period ? Number.NaN : Math.max(...windowOf(values, row, period)),
});

indicatorContract('lowest', {
  kernel: lowest,
  periods: [20, 1, 2, 133],
  warmUp: (period) => period - 1,
  plain: (values, row, period) =>
    row + 1 < period ? Number.NaN : Math.min(...windowOf(values, row, period)),
});

/** The weights written out: the seed's has shrunk by (1 - w) each bar since, each later value's likewise. */
function weighted(values: readonly number[], row: number, period: number, seeds: number): number {
  if (row + 1 < seeds) return Number.NaN;
  const weight = 2 / (period + 1);
  let sum = mean(values.slice(0, seeds)) * (1 - weight) ** (row + 1 - seeds);
  for (let at = seeds; at <= row; at++) sum += weight * values[at] * (1 - weight) ** (row - at);
  return sum;
}

indicatorContract('ema', {
  kernel: (period) => ema(period),
  periods: [20, 1, 2, 133],
  warmUp: (period) => period - 1,
  plain: (values, row, period) => weighted(values, row, period, period),
});

indicatorContract('ema seeded with the first value', {
  kernel: (period) => ema(period, 'first'),
  periods: [20, 1, 2, 133],
  warmUp: () => 0,
  plain: (values, row, period) => weighted(values, row, period, 1),
});

indicatorContract('rsi', {
  kernel: rsi,
  periods: [14, 2, 133],
  warmUp: (period) => period,
  plain(values, row, period) {
    if (row < period) return Number.NaN;
    const changes = values.slice(1, row + 1).map((value, at) => value - values[at]);
    const smoothed = (moves: readonly number[]) =>
      moves
        .slice(period)
        .reduce((average, move) => (average * (period - 1) + move) / period, mean(moves.slice(0, period)));
    const gain = smoothed(changes.map((change) => Math.max(change, 0)));
    const loss = smoothed(changes.map((change) => Math.max(-change, 0)));
    return 100 - 100 / (1 + gain / loss);
  },
});

indicatorContract('wma', {
  kernel: wma,
  periods: [20, 1, 2, 133],
  warmUp: (period) => period - 1,
  plain: (values, row, period) => wmaOf(windowOf(values, row, period), period).at(-1) ?? Number.NaN,
});

indicatorContract('hma', {
  kernel: hma,
  periods: [20, 2, 9, 133],
  warmUp: (period) => period + Math.floor(Math.sqrt(period)) - 2,
  plain(values, row, period) {
    const seen = values.slice(Math.max(0, row - 2 * period), row + 1);
    const halves = wmaOf(seen, Math.floor(period / 2));
    const raw = both(halves, wmaOf(seen, period), (half, whole) => 2 * half - whole);
    return wmaOf(raw, Math.floor(Math.sqrt(period))).at(-1) ?? Number.NaN;
  },
});

indicatorContract('roc', {
  kernel: roc,
  periods: [10, 1, 133],
  warmUp: (period) => period,
  plain: (values, row, period) => (100 * (values[row] - values[row - period])) / values[row - period],
});

indicatorContract('stdev', {
  kernel: stdev,
  periods: [20, 2, 133],
  warmUp: (period) => period - 1,
  plain: (values, row, period) => deviationOf(windowOf(values, row, period), period).at(-1) ?? Number.NaN,
});

indicatorContract('zscore', {
  kernel: zscore,
  periods: [20, 5, 133],
  warmUp: (period) => period - 1,
  plain(values, row, period) {
    const window = windowOf(values, row, period);
    const away = values[row] - (smaOf(window, period).at(-1) ?? Number.NaN);
    return away / (deviationOf(window, period).at(-1) ?? Number.NaN);
  },
});

describe('sma', () => {
  test('is the mean of the last values', () => {
    expect(stepped(sma(3), [2, 4, 9, 5, 1])).toEqual([Number.NaN, Number.NaN, 5, 6, 5]);
  });

  test('forgets a wild value completely once it has left the window', () => {
    expect(stepped(sma(3), [1e17, 1, 2, 3, 4, 5, 6]).slice(3)).toEqual([2, 3, 4, 5]);
  });

  test('does not drift over a million bars', () => {
    const kernel = sma(7);
    for (let row = 0; row < 1_000_000; row++) kernel.next(row % 2 === 0 ? 0.1 : 24_000.05);
    expect(stepped(kernel, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])[6]).toBe(0.5);
  });
});

describe('ema', () => {
  test('starts from the mean of its first values', () => {
    expect(stepped(ema(3), [2, 4, 6, 8, 0])).toEqual([Number.NaN, Number.NaN, 4, 6, 3]);
  });

  test('starts from the first value when asked to', () => {
    expect(stepped(ema(3, 'first'), [2, 4, 6, 8, 0])).toEqual([2, 3, 4.5, 6.25, 3.125]);
  });

  test('refuses a seed it does not know', () => {
    expect(() => ema(3, JSON.parse('"last"'))).toThrow(
      expect.objectContaining({
        code: 'INDICATOR_SEED',
        message: 'The seed of ema was "last", expected "sma" or "first".',
      }),
    );
  });
});

describe('rsi', () => {
  test('weighs gains against losses as Wilder does', () => {
    // Changes +2 -1 | +1 -2: means (1, 0.5), then (1, 0.25), then (0.5, 1.125).
    const [, , first, second, third] = stepped(rsi(2), [10, 12, 11, 12, 10]);
    expect(first).toBeCloseTo(100 / 1.5, 12);
    expect(second).toBe(80);
    expect(third).toBeCloseTo(50 / 1.625, 12);
  });

  test('a stretch without losses reads 100, one without gains 0, one without any movement 100', () => {
    expect(stepped(rsi(2), [1, 2, 3])[2]).toBe(100);
    expect(stepped(rsi(2), [3, 2, 1])[2]).toBe(0);
    expect(stepped(rsi(2), [5, 5, 5])[2]).toBe(100);
  });

  test('a period of 1 is refused, since it could only read 0 or 100', () => {
    expect(() => rsi(1)).toThrow(
      expect.objectContaining({
        message: 'The period of rsi was 1, expected a whole number from 2 to 100000.',
      }),
    );
  });
});

describe('highest and lowest', () => {
  test('include the newest value and drop the one that left', () => {
    const values = [5, 3, 4, 1, 2, 0, 7];
    expect(stepped(highest(3), values).slice(2)).toEqual([5, 4, 4, 2, 7]);
    expect(stepped(lowest(3), values).slice(2)).toEqual([3, 1, 1, 0, 0]);
  });

  test('equal values count as one extreme each', () => {
    expect(stepped(highest(2), [4, 4, 1, 1]).slice(1)).toEqual([4, 4, 1]);
  });
});

describe('wma', () => {
  test('weighs the newest value most', () => {
    expect(stepped(wma(3), [6, 12, 18, 0])).toEqual([Number.NaN, Number.NaN, 14, 8]);
  });

  test('forgets a wild value completely once it has left the window', () => {
    expect(stepped(wma(3), [1e17, 6, 12, 18, 0]).slice(3)).toEqual([14, 8]);
  });
});

describe('stdev and zscore', () => {
  test('keep their digits where prices are large and moves small', () => {
    const values = Array.from({ length: 60 }, (_, row) => 1e9 + (row % 2));
    const deviations = stepped(stdev(20), values).slice(19);
    const scores = stepped(zscore(20), values).slice(19);
    expect(largestDifference(deviations, new Array(41).fill(0.5))).toBeLessThan(1e-9);
    expect(largestDifference(scores.slice(0, 2), [1, -1])).toBeLessThan(1e-6);
  });

  test('a window of equal values has no deviation and no score, whatever came before', () => {
    const values = [1e12, 3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    expect(stepped(stdev(3), values).slice(4)).toEqual([0, 0, 0, 0]);
    expect(stepped(zscore(3), values).slice(4)).toEqual(new Array(4).fill(Number.NaN));
  });
});

describe('roc', () => {
  test('is the change in percent, and nothing against a value of 0', () => {
    expect(stepped(roc(1), [50, 55, 0, 7])).toEqual([Number.NaN, 10.000000000000009, -100, Number.NaN]);
  });
});
