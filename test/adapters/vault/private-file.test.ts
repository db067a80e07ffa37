import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  privateFolder,
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
} from '../../../src/adapters/vault/private-file.ts';
import { codeOf } from '../../../src/domain/errors.ts';

const umask = process.umask();
afterEach(() => {
  process.umask(umask);
});

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'algo-private-'));
const modeOf = (path: string) => statSync(path).mode & 0o777;
const bytes = Buffer.from('a secret');

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a private file (SEC-01)', () => {
  test.each([0o000, 0o022, 0o077, 0o177, 0o777])('is 0600 in a folder of 0700 under umask %o', (mask) => {
    const folder = join(emptyFolder(), 'secrets');
    process.umask(mask);
    writePrivateFile(join(folder, 'one'), bytes);
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, 'one'))).toBe(0o600);
    expect(readPrivateFile(join(folder, 'one'))).toEqual(bytes);
    expect(readdirSync(folder)).toEqual(['one']);
  });

  const wide = [0o604, 0o640, 0o644, 0o660, 0o666, 0o777, 0o610, 0o601];
  test.each([0o000, 0o022, 0o077].flatMap((mask) => wide.map((mode) => [mask, mode] as const)))(
    'is refused under umask %o when it stood there as %o',
    (mask, mode) => {
      const folder = emptyFolder();
      const path = join(folder, 'one');
      process.umask(mask);
      writeFileSync(path, 'before');
      chmodSync(path, mode);
      for (const work of [() => readPrivateFile(path), () => writePrivateFile(path, bytes)]) {
        expect(failureOf(work)).toMatchObject({
          code: 'AUTH_SECRETS',
          exitCode: 4,
          message: `${path} is 0${mode.toString(8)}: others on this computer can reach it.`,
          fix: expect.stringContaining(`chmod 600 ${path}`),
        });
      }
      expect(readFileSync(path, 'utf8')).toBe('before');
    },
  );

  test.each([0o755, 0o711, 0o770, 0o701, 0o777])('is refused in a folder of %o', (mode) => {
    const folder = emptyFolder();
    chmodSync(folder, mode);
    expect(failureOf(() => writePrivateFile(join(folder, 'one'), bytes))).toMatchObject({
      code: 'AUTH_SECRETS',
      fix: expect.stringContaining(`chmod 700 ${folder}`),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is refused where a link stands, wherever it leads, and what it leads to stays', () => {
    const folder = emptyFolder();
    const target = join(emptyFolder(), 'target');
    writeFileSync(target, 'theirs', { mode: 0o600 });
    symlinkSync(target, join(folder, 'one'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'two'));
    for (const name of ['one', 'two']) {
      const path = join(folder, name);
      expect(failureOf(() => readPrivateFile(path))).toMatchObject({ code: 'AUTH_SECRETS' });
      expect(failureOf(() => writePrivateFile(path, bytes))).toMatchObject({ code: 'AUTH_SECRETS' });
    }
    expect(readFileSync(target, 'utf8')).toBe('theirs');
    expect(removePrivateFile(join(folder, 'one'))).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('theirs');
  });

  test('is refused where its folder is a link, a file stands for the folder, or a folder for the file', () => {
    const real = emptyFolder();
    const home = emptyFolder();
    symlinkSync(real, join(home, 'linked'));
    writeFileSync(join(home, 'file'), '');
    mkdirSync(join(real, 'one'), { mode: 0o700 });
    expect(codeOf(failureOf(() => privateFolder(join(home, 'linked'))))).toBe('AUTH_SECRETS');
    expect(codeOf(failureOf(() => privateFolder(join(home, 'file'))))).toBe('AUTH_SECRETS');
    expect(codeOf(failureOf(() => readPrivateFile(join(real, 'one'))))).toBe('AUTH_SECRETS');
    expect(codeOf(failureOf(() => writePrivateFile(join(real, 'one'), bytes)))).toBe('AUTH_SECRETS');
  });

  test('of another user is refused', () => {
    if (process.getuid?.() !== 0) return;
    const path = join(emptyFolder(), 'one');
    writePrivateFile(path, bytes);
    const asked = process.getuid;
    process.getuid = () => 12_345;
    try {
      expect(failureOf(() => readPrivateFile(path))).toMatchObject({
        message: `${path} belongs to user 0, not to you.`,
      });
    } finally {
      process.getuid = asked;
    }
  });

  test('larger than any secret is not read', () => {
    const path = join(emptyFolder(), 'one');
    writeFileSync(path, Buffer.alloc(65_537), { mode: 0o600 });
    expect(codeOf(failureOf(() => readPrivateFile(path)))).toBe('AUTH_SECRETS');
  });

  test('that is absent reads as nothing, and removing it says so', () => {
    const path = join(emptyFolder(), 'one');
    expect(readPrivateFile(path)).toBeUndefined();
    expect(removePrivateFile(path)).toBe(false);
  });

  test('can be removed whatever its rights', () => {
    const path = join(emptyFolder(), 'one');
    writeFileSync(path, 'x');
    chmodSync(path, 0o666);
    expect(removePrivateFile(path)).toBe(true);
  });

  test('leaves no draft of a process that was killed while it wrote', () => {
    const folder = emptyFolder();
    // No process has a number beyond the system's largest.
    const stale = `.one.${2 ** 22 + 1}.0123456789abcdef.tmp`;
    const ours = `.one.${process.pid}.0123456789abcdef.tmp`;
    for (const name of [stale, ours]) writeFileSync(join(folder, name), 'draft', { mode: 0o600 });
    writePrivateFile(join(folder, 'one'), bytes);
    expect(readdirSync(folder).sort()).toEqual([ours, 'one']);
    rmSync(folder, { recursive: true });
  });
});
