import { describe, expect, test } from '@jest/globals';
import { meanInterval } from '../../../src/research/learn/bootstrap.ts';
import { chanceOf } from '../../../src/research/learn/chance.ts';
import { benjaminiHochberg, holm } from '../../../src/research/learn/corrections.ts';
import { permutationTest } from '../../../src/research/learn/permutation.ts';

const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(6)));

describe('corrections', () => {
  // The values of R's p.adjust(p, "BH") and p.adjust(p, "holm").
  const values = [0.01, 0.04, 0.03, 0.005, 0.5];

  test('Benjamini and Hochberg', () => {
    expect(rounded(benjaminiHochberg(values))).toEqual([0.025, 0.05, 0.05, 0.025, 0.5]);
  });

  test('Holm', () => {
    expect(rounded(holm(values))).toEqual([0.04, 0.09, 0.09, 0.025, 0.5]);
  });

  test('of nothing, nothing', () => {
    expect(benjaminiHochberg([])).toEqual([]);
    expect(holm([])).toEqual([]);
  });
});

describe('permutation test', () => {
  const any = { rounds: 4_999, seed: 3, direction: 'any' } as const;

  test('comes near the share of all deals that are as extreme', () => {
    // Of the 20 ways to choose three of six, one has the three smallest and one the three largest.
    const outcomes = Float64Array.from([1, 2, 3, 10, 11, 12]);
    const [chance] = permutationTest(outcomes, [[0, 1, 2]], any);
    expect(chance).toBeGreaterThan(0.05);
    expect(chance).toBeLessThan(0.2);
    const [oneWay] = permutationTest(outcomes, [[0, 1, 2]], { ...any, direction: 'same' });
    expect(oneWay).toBeLessThan(chance);
  });

  test('is never zero, and small where the groups do not overlap', () => {
    const outcomes = Float64Array.from({ length: 80 }, (_, at) => (at < 30 ? -1 : 1) + (at % 7) / 100);
    const [chance] = permutationTest(outcomes, [Array.from({ length: 30 }, (_, at) => at)], any);
    expect(chance).toBe(1 / 5_000);
  });

  test('of noise is below 5 % about one time in twenty', () => {
    let low = 0;
    const draws = chanceOf(5);
    for (let seed = 0; seed < 100; seed++) {
      const outcomes = Float64Array.from({ length: 40 }, () => draws() ** 3);
      const [chance] = permutationTest(outcomes, [Array.from({ length: 12 }, (_, at) => at)], {
        ...any,
        rounds: 200,
        seed,
      });
      if (chance <= 0.05) low += 1;
    }
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(13);
  });

  test('outcomes that are all alike tell nothing apart', () => {
    expect(permutationTest(new Float64Array(30).fill(2), [[0, 1, 2]], any)[0]).toBe(1);
  });
});

describe('interval of a mean', () => {
  test('covers the true mean about nineteen times in twenty', () => {
    let covered = 0;
    const draws = chanceOf(8);
    for (let seed = 0; seed < 100; seed++) {
      const { low, high } = meanInterval(Float64Array.from({ length: 60 }, draws), seed);
      if (low <= 0.5 && 0.5 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThan(87);
    expect(covered).toBeLessThan(100);
  });

  test('is the same for the same seed, and has no width with one value', () => {
    const values = Float64Array.from([1, 5, 2, 8]);
    expect(meanInterval(values, 4)).toEqual(meanInterval(values, 4));
    expect(meanInterval(Float64Array.of(3), 1)).toEqual({ mean: 3, low: 3, high: 3 });
  });
});
