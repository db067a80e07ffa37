import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { bansOn, importBans, importedBans } from '#src/app/market-bans.ts';
import { dayNumberOf } from '#src/domain/time.ts';

const home = mkdtempSync(join(tmpdir(), 'algo-bans-'));
afterAll(() => rmSync(home, { recursive: true }));
const context = { folders: { root: home, home, data: join(home, 'data'), cache: home } };

test('what is imported is what the risk gate and the market know, day by day', () => {
  expect(importedBans(context)).toBeUndefined();
  const table = join(home, 'bans.csv');
  writeFileSync(table, 'date,symbol\n2026-11-25,RBLBANK\n2026-11-25,SAIL\n2026-11-26,NIL\n');
  const nse = join(home, 'fo_secban.csv');
  writeFileSync(nse, 'Securities in Ban For Trade Date 27-NOV-2026:\n1,SAIL\n');
  expect(importBans(context, [table, nse]).lists.map(({ day, instruments }) => [day, instruments])).toEqual([
    ['2026-11-25', 2],
    ['2026-11-26', 0],
    ['2026-11-27', 1],
  ]);
  const bans = importedBans(context);
  const banned = ['2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30'].map((day) =>
    ['RBLBANK', 'SAIL', 'INFY'].filter((name) => bans?.has(name, dayNumberOf(day))),
  );
  expect(banned).toEqual([['RBLBANK', 'SAIL'], [], ['SAIL'], []]);
  expect(bansOn(context, '2026-11-25')).toEqual({
    day: '2026-11-25',
    instruments: ['NSE:RBLBANK', 'NSE:SAIL'],
  });
  expect(bansOn(context, '2026-11-30')).toEqual({
    why: expect.stringContaining('the newest is of 2026-11-27'),
  });
});

test('results follow from the lists, so another list is another identity', () => {
  const before = importedBans(context)?.hash;
  const nse = join(home, 'fo_secban.csv');
  writeFileSync(nse, 'Securities in Ban For Trade Date 27-NOV-2026: NIL\n');
  importBans(context, [nse]);
  expect(importedBans(context)?.hash).not.toBe(before);
});
