import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { emptyHome, runAlgo, runJs } from '../support/run-algo.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

const home = emptyHome();
const socket = join(home, 'data', 'journal', 'paper', 'desk', 'control.sock');
const children: ChildProcess[] = [];
let sandbox: SandboxProcess;

beforeAll(async () => {
  const small = [
    '--set',
    'synthetic.days=5',
    '--set',
    'synthetic.symbols=2',
    '--set',
    'synthetic.timeframe=1m',
  ];
  sandbox = sandboxProcess(home, '--at', '09:20', '--speed', '60x', ...small);
  await sandbox.started;
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  sandbox.child.kill('SIGTERM');
  await sandbox.exit;
});

function started(): ChildProcess {
  const args = ['paper', 'NSE:ZAVORI', '-s', 'ema20_50_intraday', '--param', 'fast=3', '--param', 'slow=8'];
  const child = spawn(
    process.execPath,
    [runJs, ...args, '-i', '1m', '--feed', 'sandbox', '--warm-up', '2', '--stream', 'desk'],
    { env: { ...process.env, ALGO_HOME: home, NO_COLOR: '1', NODE_OPTIONS: '' }, stdio: 'ignore' },
  );
  children.push(child);
  return child;
}

async function standing() {
  const { stdout } = await runAlgo(['paper', 'status', '--json'], { home });
  return JSON.parse(stdout).sessions?.[0];
}

/** How the session stands once that holds. */
async function standsAs(fact: (session: Awaited<ReturnType<typeof standing>>) => boolean) {
  for (;;) {
    const session = await standing();
    if (session !== undefined && fact(session)) return session;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

test('a session that was killed leaves a socket that the next takes over, and is stopped flat with exit code 0', async () => {
  const first = started();
  await standsAs(({ running, lastBar }) => running && lastBar !== null);
  const died = once(first, 'exit');
  first.kill('SIGKILL');
  await died;
  expect(existsSync(socket)).toBe(true);
  expect(await standing()).toMatchObject({ running: false, state: 'INTERRUPTED' });

  const second = started();
  const ended = once(second, 'exit');
  await standsAs(({ running }) => running);
  mkdirSync(join(home, 'configs'), { recursive: true });
  writeFileSync(join(home, 'configs', 'default.yaml'), 'risk:\n  maxOpenPositions: 3\n');
  await standsAs(({ process }) =>
    process.limits.some(
      ({ key, limit }: { key: string; limit: number }) => key === 'risk.maxOpenPositions' && limit === 3,
    ),
  );
  const halted = await runAlgo(['kill', '--reason', 'a look', '--json'], { home });
  expect(JSON.parse(halted.stdout)).toMatchObject({ halted: ['paper/desk'] });
  expect((await runAlgo(['status'], { home })).exitCode).toBe(7);
  await runAlgo(['kill', 'release', '--reason', 'looked'], { home });

  const stopped = await runAlgo(['paper', 'stop', '--flatten', '--within', '120', '--json'], { home });
  expect(stopped.exitCode).toBe(0);
  expect(await ended).toEqual([0, null]);
  expect(existsSync(socket)).toBe(false);
  expect(await standing()).toMatchObject({ running: false, state: 'STOPPED', positions: [] });
  expect((await runAlgo(['journal', 'verify'], { home })).exitCode).toBe(0);
});
