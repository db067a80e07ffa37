import { describe, expect, test } from '@jest/globals';
import { countText, percentText, priceText, ratioText, rounded, wallText } from '../../src/reports/format.ts';

describe('formats', () => {
  test('a price has two decimals, more where the price does, and no binary noise', () => {
    expect([100, 1_234.5, 83.1025, 0.1 + 0.2, 5_269.649902, 1_500.05].map(priceText)).toEqual([
      '100.00',
      '1234.50',
      '83.1025',
      '0.30',
      '5269.649902',
      '1500.05',
    ]);
  });

  test('zero has no sign', () => {
    expect([percentText(-0.001), ratioText(-0), rounded(-0.0000001)]).toEqual(['0.00%', '0.00', 0]);
    expect(Object.is(rounded(-1e-9), 0)).toBe(true);
  });

  test('counts are grouped in lakh and crore', () => {
    expect([0, 999, 465_000, 23_250_000].map(countText)).toEqual(['0', '999', '4,65,000', '2,32,50,000']);
  });

  test('short times are in milliseconds', () => {
    expect([8.4, 999.4, 1_240].map(wallText)).toEqual(['8 ms', '999 ms', '1.24 s']);
  });
});
