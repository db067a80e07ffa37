import { describe, expect, test } from '@jest/globals';
import { durationMs } from '#src/domain/duration.ts';

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
  ])('of %s has %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  test.each(['', '60', '0s', '-5s', '5d', 's', '1e3s'])('is not %j', (text) => {
    expect(() => durationMs(text)).toThrow(expect.objectContaining({ code: 'USAGE_DURATION' }));
  });
});
