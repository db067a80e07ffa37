import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { limitsOf } from '#src/app/limits-of.ts';
import { defaultConfig } from '#src/config/schema.ts';
import { dayNumberOf } from '#src/domain/time.ts';

const home = mkdtempSync(join(tmpdir(), 'algo-bans-'));
afterAll(() => rmSync(home, { recursive: true }));

const limitsWith = (fnoBanFile: string) => {
  const config = defaultConfig();
  return limitsOf({
    config: { ...config, risk: { ...config.risk, fnoBanFile } },
    folders: { root: home, home, data: home, cache: home },
  });
};

test('a list of bans is read by day and underlying, and named by what is in it', () => {
  writeFileSync(
    join(home, 'bans.csv'),
    'date,symbol\n2026-11-25,RBLBANK\n2026-11-25,SAIL\n2026-11-26,SAIL\n',
  );
  const { bans } = limitsWith('bans.csv');
  const banned = ['2026-11-25', '2026-11-26'].map((day) =>
    ['RBLBANK', 'SAIL', 'INFY'].filter((name) => bans?.has(name, dayNumberOf(day))),
  );
  expect(banned).toEqual([['RBLBANK', 'SAIL'], ['SAIL']]);
  writeFileSync(join(home, 'other.csv'), 'date,symbol\n2026-11-25,RBLBANK\n');
  expect(limitsWith('other.csv').bans?.hash).not.toBe(bans?.hash);
});

test('none is no list; one that is missing or says no day is an error', () => {
  expect(limitsWith('none').bans).toBeUndefined();
  expect(() => limitsWith('absent.csv')).toThrow(/cannot be read/);
  writeFileSync(join(home, 'wrong.csv'), 'date,symbol\n25-NOV-2026,RBLBANK\n');
  expect(() => limitsWith('wrong.csv')).toThrow(/wrong.csv:2, column date/);
});
