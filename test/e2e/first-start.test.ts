import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';

const project = fileURLToPath(new URL('../..', import.meta.url));
const notice = 'Building algo from its sources, once...\n';

describe('a fresh checkout', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'algo-checkout-'));

  beforeAll(() => {
    for (const part of ['bin', 'src', 'configs', 'package.json']) {
      cpSync(join(project, part), join(checkout, part), { recursive: true });
    }
    symlinkSync(join(project, 'node_modules'), join(checkout, 'node_modules'));
  });

  function start(): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
    const env = { ...process.env, ALGO_HOME: join(checkout, 'home'), NODE_OPTIONS: '' };
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [join(checkout, 'bin', 'run.js'), 'config', 'check', '--json'], {
        env,
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
  }

  test('two first starts at once both run, and leave one dist and nothing else', async () => {
    const both = await Promise.all([start(), start()]);
    for (const { exitCode, stdout, stderr } of both) {
      expect(exitCode).toBe(0);
      // The slower of the two may find the build of the other already there.
      expect(['', notice]).toContain(stderr);
      expect(JSON.parse(stdout)).toMatchObject({ valid: true });
    }
    expect(readdirSync(checkout).sort()).toEqual([
      'bin',
      'configs',
      'dist',
      'home',
      'node_modules',
      'package.json',
      'src',
    ]);
  });

  test('a later start builds again only when a source is newer', async () => {
    expect((await start()).stderr).toBe('');
    const later = new Date(2_000_000_000_000);
    utimesSync(join(checkout, 'src', 'cli.ts'), later, later);
    const rebuilt = await start();
    expect(rebuilt).toMatchObject({ exitCode: 0, stderr: notice });
  });
});
