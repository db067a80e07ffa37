import { describe, expect, test } from '@jest/globals';
import { breadthOf } from '../../../src/research/market/breadth.ts';
import { sectorStrength, strongestFirst } from '../../../src/research/market/sector-strength.ts';
import { dayBars } from '../scan/scanned.ts';

/** Closes of so many days that end with those given. */
const ending = (days: number, level: number, ...last: number[]) =>
  dayBars([...Array.from({ length: days - last.length }, () => level), ...last]).series;

describe('the breadth of a day', () => {
  test('counts who rose, fell and stood, above which means, and at which extremes', () => {
    // Opens are the closes before; highs and lows stand a rupee beyond both.
    const shares = [
      ending(260, 100, 110),
      ending(260, 100, 90),
      ending(260, 100),
      ending(60, 100, 101),
      ending(10, 100, 99),
    ];
    const breadth = breadthOf(shares);
    expect(breadth).toMatchObject({ shares: 3, advances: 1, declines: 1, unchanged: 1 });
    expect(breadth.stale).toHaveLength(2);
    expect(breadth.above).toEqual([
      { days: 20, count: 1, known: 3 },
      { days: 50, count: 1, known: 3 },
      { days: 200, count: 1, known: 3 },
    ]);
    // The one that stands still is at no new extreme.
    expect(breadth.newHighs).toEqual({ count: 1, known: 3 });
    expect(breadth.newLows).toEqual({ count: 1, known: 3 });
  });

  test('tells shares apart whose bars do not reach back far enough', () => {
    const young = dayBars(Array.from({ length: 30 }, (_, day) => 100 + day)).series;
    const breadth = breadthOf([young]);
    expect(breadth.above.map(({ count, known }) => [count, known])).toEqual([
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
    expect(breadth.newHighs).toEqual({ count: 0, known: 0 });
  });

  test('a gap is an open one percent or more from the close before', () => {
    const up = dayBars([100, 100]).series;
    up.open[1] = 101;
    const down = dayBars([100, 100]).series;
    down.open[1] = 99;
    const hardly = dayBars([100, 100]).series;
    hardly.open[1] = 100.99;
    expect(breadthOf([up, down, hardly])).toMatchObject({ gapsUp: 1, gapsDown: 1 });
  });

  test('nothing is told of no shares', () => {
    expect(breadthOf([])).toMatchObject({ shares: 0, dayNumber: Number.NaN });
  });
});

describe('the strength of sectors', () => {
  test('is the mean of their shares, beside the index, strongest first', () => {
    const index = ending(70, 100, 102);
    const strong = sectorStrength('strong', [ending(70, 100, 110), ending(70, 50, 52)], index);
    const weak = sectorStrength('weak', [ending(70, 100, 95)], index);
    const young = sectorStrength('young', [ending(5, 100, 200)], index);
    expect(strong.percents[0]).toBeCloseTo(7, 10);
    expect(strong.relative).toBeCloseTo(5, 10);
    expect(strong.aboveMean).toBe(100);
    expect(weak.percents.every((percent) => Math.abs(percent + 5) < 1e-9)).toBe(true);
    expect(young.percents[2]).toBeNaN();
    expect(strongestFirst([young, weak, strong]).map(({ sector }) => sector)).toEqual([
      'strong',
      'weak',
      'young',
    ]);
  });
});
