import { describe, expect, test } from '@jest/globals';
import { crossesAbove, crossesBelow } from '../../src/strategy/crossing.ts';

const line = (prev: number, now: number) => ({ prev, now, ago: (bars: number) => (bars === 0 ? now : prev) });

describe('crossing', () => {
  test.each([
    ['from below to above', 9, 11, true, false],
    ['from the level itself to above', 10, 11, true, false],
    ['up to the level only', 9, 10, false, false],
    ['staying above', 11, 12, false, false],
    ['from above to below', 11, 9, false, true],
    ['from the level itself to below', 10, 9, false, true],
    ['down to the level only', 11, 10, false, false],
    ['staying on the level', 10, 10, false, false],
    ['out of the warm-up', Number.NaN, 11, false, false],
    ['into a hole', 9, Number.NaN, false, false],
  ])('%s', (_name, prev, now, above, below) => {
    expect(crossesAbove(line(prev, now), 10)).toBe(above);
    expect(crossesBelow(line(prev, now), 10)).toBe(below);
    expect(crossesBelow(10, line(prev, now))).toBe(above);
    expect(crossesAbove(10, line(prev, now))).toBe(below);
  });

  test('of two lines looks at both one bar ago', () => {
    expect(crossesAbove(line(5, 8), line(6, 7))).toBe(true);
    expect(crossesAbove(line(5, 8), line(4, 7))).toBe(false);
    expect(crossesAbove(line(5, 8), line(Number.NaN, 7))).toBe(false);
  });
});
