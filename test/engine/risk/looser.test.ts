import { describe, expect, test } from '@jest/globals';
import { defaultConfig } from '../../../src/config/schema.ts';
import { looserLimits } from '../../../src/engine/risk/looser.ts';
import { RecentTimes } from '../../../src/engine/risk/recent-times.ts';

const limits = defaultConfig().risk;

describe('a limit is looser', () => {
  test.each([
    ['maxOpenPositions', 10, 11, true],
    ['maxOpenPositions', 10, 9, false],
    ['maxEntriesPerDay', 'none', 5, false],
    ['maxEntriesPerDay', 5, 'none', true],
    ['cooldownMinutes', 'none', 10, false],
    ['cooldownMinutes', 10, 5, true],
    ['cooldownMinutes', 10, 'none', true],
    ['dailyTargetPercent', 2, 3, true],
    ['lossKillFlatten', true, false, true],
    ['lossKillFlatten', false, true, false],
  ])('%s from %s to %s: %s', (key, before, after, looser) => {
    const found = looserLimits({ ...limits, [key]: before }, { ...limits, [key]: after });
    expect(found).toEqual(looser ? [{ key, before, after }] : []);
  });

  test('for every key of risk there is a way in which it becomes looser', () => {
    for (const [key, value] of Object.entries(limits)) {
      const tightest = typeof value === 'boolean' ? true : /Minutes|Seconds/.test(key) ? 1e6 : 1e-6;
      const loosest = typeof value === 'boolean' ? false : /Minutes|Seconds/.test(key) ? 1 : 1e6;
      const found = looserLimits({ ...limits, [key]: tightest }, { ...limits, [key]: loosest });
      expect(found.map((each) => each.key)).toEqual([key]);
    }
  });
});

test('instants that are counted for another limit are the newest of those before', () => {
  const times = new RecentTimes(3);
  for (const time of [1, 2, 3, 4]) times.push(time);
  expect(times.resized(2).oldest).toBe(3);
  expect(times.resized(3).oldest).toBe(2);
  const more = times.resized(5);
  expect(more.oldest).toBe(Number.NEGATIVE_INFINITY);
  for (const time of [5, 6]) more.push(time);
  expect(more.oldest).toBe(2);
});
