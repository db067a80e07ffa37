import { describe, expect, test } from '@jest/globals';
import { sweep } from '../../src/research/sweep.ts';

describe('a sweep', () => {
  test('runs every variation once and says which it was', () => {
    expect(sweep([2, 3, 5], (value) => value * value)).toEqual([
      { at: 0, result: 4 },
      { at: 1, result: 9 },
      { at: 2, result: 25 },
    ]);
  });

  test('takes only what it is handed', () => {
    const places = [1, 3];
    expect(
      sweep(
        ['a', 'b', 'c'],
        (word) => word,
        () => places.shift() ?? 3,
      ),
    ).toEqual([{ at: 1, result: 'b' }]);
  });
});
