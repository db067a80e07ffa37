import { mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resolveFolders } from '../../src/app/folders.ts';

const base = mkdtempSync(join(tmpdir(), 'algo-folders-'));

describe('resolveFolders', () => {
  test('--home comes before ALGO_HOME, and that before the checkout', () => {
    const env = { ALGO_HOME: join(base, 'variable') };
    expect(resolveFolders({ root: base, home: join(base, 'flag'), env }).home).toBe(join(base, 'flag'));
    expect(resolveFolders({ root: base, env }).home).toBe(join(base, 'variable'));
    expect(resolveFolders({ root: base, env: {} })).toEqual({
      root: base,
      home: base,
      data: join(base, 'data'),
      cache: join(base, 'data', 'cache'),
    });
  });

  test('an installed package keeps its data in the home of the user', () => {
    expect(resolveFolders({ root: join(base, 'node_modules', 'algo'), env: {} }).home).toBe(
      join(homedir(), '.algo'),
    );
  });

  test('a home below a file is refused by name', () => {
    const file = join(base, 'file');
    writeFileSync(file, '');
    expect(() => resolveFolders({ root: base, home: join(file, 'inside'), env: {} })).toThrow(
      `Home folder ${join(file, 'inside')} cannot be used: ${file} is a file.`,
    );
  });
});
