import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mainFile, runFolder, textIn } from '../../../src/adapters/runs/run-folder.ts';

function place(): string {
  return join(mkdtempSync(join(tmpdir(), 'algo-runs-')), 'runs');
}

/** Makes a run look as if it had been saved so many seconds after the beginning of the epoch. */
function dated(path: string, seconds: number): void {
  utimesSync(join(path, mainFile), seconds, seconds);
}

describe('runFolder', () => {
  test('nothing is kept in a folder that does not exist', () => {
    expect(runFolder(place()).list()).toEqual([]);
    expect(runFolder(place()).main('abc')).toBeUndefined();
  });

  test('a run that is saved again replaces the first, whatever its label', () => {
    const folder = place();
    const runs = runFolder(folder);
    runs.save('abc', 'one', { [mainFile]: 'first', 'trades.csv': 'x' });
    const path = runs.save('abc', 'two', { [mainFile]: 'second' });
    expect(readdirSync(folder)).toEqual(['abc-two']);
    expect(readdirSync(path)).toEqual([mainFile]);
    expect(runs.main('abc')).toBe('second');
    expect(runs.main('ab')).toBeUndefined();
  });

  test('a save that fails leaves the earlier run and nothing else', () => {
    const folder = place();
    const runs = runFolder(folder);
    runs.save('abc', 'one', { [mainFile]: 'first' });
    expect(() => runs.save('abc', 'one', { 'no/such/folder': 'x', [mainFile]: 'second' })).toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual(['abc-one']);
    expect(runs.main('abc')).toBe('first');
  });

  test('runs are listed newest first, and a folder without a main file is none', () => {
    const folder = place();
    const runs = runFolder(folder);
    dated(runs.save('a', 'x', { [mainFile]: '' }), 100);
    dated(runs.save('b', 'x', { [mainFile]: '' }), 300);
    dated(runs.save('c', 'x', { [mainFile]: '' }), 200);
    mkdirSync(join(folder, 'd-x'));
    expect(runs.list().map(({ id, savedAt }) => [id, savedAt])).toEqual([
      ['b', 300_000],
      ['c', 200_000],
      ['a', 100_000],
    ]);
  });

  test('only the newest runs stay, and drafts of killed processes go after an hour', () => {
    const folder = place();
    const runs = runFolder(folder);
    for (const [id, seconds] of [
      ['a', 100],
      ['b', 300],
      ['c', 200],
    ] as const) {
      dated(runs.save(id, 'x', { [mainFile]: '' }), seconds);
    }
    for (const [draft, seconds] of [
      ['.draft-1-z', 100],
      ['.draft-2-z', 4_000],
    ] as const) {
      mkdirSync(join(folder, draft));
      writeFileSync(join(folder, draft, mainFile), '');
      utimesSync(join(folder, draft), seconds, seconds);
    }
    expect(runs.prune(2, 5_000_000)).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['.draft-2-z', 'b-x', 'c-x']);
    expect(runs.prune(2, 5_000_000)).toBe(0);
  });

  test('a run that is renamed takes the place of the one with its new id', () => {
    const folder = place();
    const runs = runFolder(folder);
    runs.save('abc', 'x', { [mainFile]: 'new' });
    runs.save('abc~old', 'x', { [mainFile]: 'older' });
    runs.rename('abc', 'abc~old');
    expect(readdirSync(folder)).toEqual(['abc~old-x']);
    expect(textIn(join(folder, 'abc~old-x'), mainFile)).toBe('new');
  });
});
