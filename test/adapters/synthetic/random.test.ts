import { describe, expect, test } from '@jest/globals';
import { exponential, logarithm } from '../../../src/adapters/synthetic/arithmetic.ts';
import { Random } from '../../../src/adapters/synthetic/random.ts';

describe('arithmetic of our own', () => {
  test('agrees with the exponential function to eleven digits', () => {
    for (let value = -8; value <= 8; value += 0.37) {
      expect(Math.abs(exponential(value) / Math.exp(value) - 1)).toBeLessThan(1e-11);
    }
    expect(exponential(0)).toBe(1);
  });

  test('agrees with the logarithm to thirteen digits', () => {
    for (const value of [1e-9, 0.003, 0.5, 0.75, 1, 1.5, 2, 10, 12_345.678]) {
      expect(Math.abs(logarithm(value) - Math.log(value))).toBeLessThan(1e-13 * 30);
    }
  });
});

describe('random numbers', () => {
  test('are the same for the same seed and name, and differ with either', () => {
    const draw = (seed: number, name: string) => {
      const random = new Random(seed, name);
      return [random.int32(), random.int32(), random.int32()];
    };
    expect(draw(7, 'INDEX')).toEqual(draw(7, 'INDEX'));
    expect(draw(7, 'INDEX')).not.toEqual(draw(8, 'INDEX'));
    expect(draw(7, 'INDEX')).not.toEqual(draw(7, 'PALVEX'));
  });

  test('have the moments and the tails of a normal distribution', () => {
    const random = new Random(1, 'moments');
    const count = 400_000;
    let sum = 0;
    let square = 0;
    let fourth = 0;
    let beyondTwo = 0;
    let beyondFour = 0;
    for (let draw = 0; draw < count; draw++) {
      const value = random.normal();
      sum += value;
      square += value ** 2;
      fourth += value ** 4;
      if (Math.abs(value) > 1.959964) beyondTwo++;
      if (Math.abs(value) > 3.890592) beyondFour++;
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.005);
    expect(Math.abs(square / count - 1)).toBeLessThan(0.01);
    expect(Math.abs(fourth / count - 3)).toBeLessThan(0.06);
    expect(Math.abs(beyondTwo / count - 0.05)).toBeLessThan(0.0015);
    // One in ten thousand: about 40 of them, all drawn from the tail beyond the outermost layer.
    expect(beyondFour).toBeGreaterThan(20);
    expect(beyondFour).toBeLessThan(65);
  });

  test('a uniform number is above 0 and below 1', () => {
    const random = new Random(3, 'uniform');
    for (let draw = 0; draw < 10_000; draw++) {
      const value = random.uniform();
      expect(value > 0 && value < 1).toBe(true);
    }
  });
});
