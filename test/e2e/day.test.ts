import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { emptyHome, runAlgo, runJs } from '../support/run-algo.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

const home = emptyHome();
let sandbox: SandboxProcess | undefined;
afterAll(async () => {
  sandbox?.child.kill('SIGTERM');
  await sandbox?.exit;
  rmSync(home, { recursive: true, force: true });
});

const day = ['day', 'paper', 'equity', '--feed', 'sandbox'];

test('a day that begins late and is killed in its session goes on there, and is reported once', async () => {
  sandbox = sandboxProcess(home, '--date', '2026-10-06', '--at', '14:00', '--speed', '10x');
  await sandbox.started;
  const killed = spawn(process.execPath, [runJs, ...day], {
    env: { ...process.env, ALGO_HOME: home, NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  const gone = new Promise((resolve) => killed.on('close', resolve));
  let said = '';
  await new Promise<void>((resolve) => {
    killed.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/^Session [0-9a-f]+:/m.test(said)) resolve();
    });
    killed.on('close', () => resolve());
  });
  expect(said).toContain('login: SBX001 is logged in');
  const second = await runAlgo(day, { home });
  expect([second.exitCode, second.stderr]).toEqual([75, expect.stringContaining('already running')]);
  killed.kill('SIGKILL');
  await gone;
  const plan = await runAlgo([...day, '--plan', '--json'], { home });
  const states = JSON.parse(plan.stdout).steps.map(({ name, state }: { name: string; state: string }) => [
    name,
    state,
  ]);
  expect(states.slice(0, 4)).toEqual([
    ['login', 'done'],
    ['instruments', 'done'],
    ['warm-up', 'done'],
    ['session', 'due'],
  ]);
  const again = await runAlgo([...day, '--speed', '600x'], { home });
  expect([again.exitCode, again.stderr.match(/done before/g)?.length]).toEqual([0, 3]);
  // How many bars are left to decide on is a matter of this computer's pace.
  expect(again.stdout).toMatch(/everything is closed|carried into the next day/);
  const kept = join(home, 'data', 'days', 'paper-equity', '2026-10-06.txt');
  expect(existsSync(kept)).toBe(true);
  expect(readFileSync(kept, 'utf8')).toContain('Paper session');
});
