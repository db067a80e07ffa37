import { describe, expect, test } from '@jest/globals';
import { ratiosOf, regressions } from '../../bench/baseline.ts';
import type { Measured } from '../../bench/measure.ts';

function measured(measure: string, ratio?: number): Measured {
  const line = { measure, input: '', goal: '', measured: '', met: undefined };
  return ratio === undefined ? line : { ...line, ratio };
}

describe('the baseline', () => {
  test('a measure more than a fifth slower is named with both figures', () => {
    expect(regressions([measured('W1: engine', 6.1)], { 'W1: engine': 5 })).toEqual([
      'W1: engine: 6.1 × its reference, 5 × in the baseline, 22 % slower.',
    ]);
  });

  test('a fifth slower, faster, and unknown to the baseline are passed over', () => {
    const lines = [measured('W1: engine', 6), measured('W2: engine', 3), measured('W3: engine', 99)];
    expect(regressions(lines, { 'W1: engine': 5, 'W2: engine': 5 })).toEqual([]);
  });

  test('holds the ratios to two decimals and leaves out what has none', () => {
    expect(ratiosOf([measured('W1: bare loop'), measured('W1: engine', 5.678)])).toEqual({
      'W1: engine': 5.68,
    });
  });
});
