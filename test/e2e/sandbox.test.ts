import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { emptyHome, runAlgo } from '../support/run-algo.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function up(home: string, ...flags: string[]): SandboxProcess {
  const running = sandboxProcess(home, ...flags);
  children.push(running.child);
  return running;
}

test('algo sandbox up makes its own market, serves a login, refuses a second start, and goes down when told', async () => {
  const home = emptyHome();
  const flags = [
    '--set',
    'synthetic.days=2',
    '--set',
    'synthetic.symbols=1',
    '--paused',
    '--accounts',
    'AB1234',
  ];
  const { started, exit } = up(home, ...flags);
  const { url, accounts } = await started;
  const file = join(home, 'data', 'sandbox', 'sandbox.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const [{ apiKey, apiSecret }] = accounts;
  const page = await fetch(`${url}/connect/login?v=3&auto=1&api_key=${apiKey}`, { redirect: 'manual' });
  const token = new URL(page.headers.get('location') ?? '').searchParams.get('request_token') ?? '';
  const checksum = createHash('sha256')
    .update(apiKey + token + apiSecret)
    .digest('hex');
  const session = await fetch(`${url}/session/token`, {
    method: 'POST',
    headers: { 'X-Kite-Version': '3' },
    body: new URLSearchParams({ api_key: apiKey, request_token: token, checksum }),
  });
  expect(await session.json()).toMatchObject({ status: 'success', data: { user_id: 'AB1234' } });

  const second = await runAlgo(['sandbox', 'up', '--json'], { home });
  expect(second.exitCode).toBe(75);
  const stepped = await runAlgo(['sandbox', 'clock', 'step', '5m', '--json'], { home });
  expect(JSON.parse(stepped.stdout)).toMatchObject({
    now: expect.stringContaining('T09:20:00'),
    paused: true,
  });
  const status = await runAlgo(['sandbox', 'status'], { home });
  expect(status.stdout).toContain('AB1234 until');

  expect((await runAlgo(['sandbox', 'down'], { home })).exitCode).toBe(0);
  expect(await exit).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(await runAlgo(['sandbox', 'status'], { home })).toMatchObject({ exitCode: 6 });

  // What a sandbox that was killed leaves behind is in nobody's way.
  const left = { pid: 1, url, wsUrl: url.replace('http', 'ws'), secret: 'old', accounts };
  writeFileSync(file, JSON.stringify(left), { mode: 0o600 });
  const again = up(home, ...flags);
  await again.started;
  expect(JSON.parse(readFileSync(file, 'utf8')).secret).not.toBe('old');
  again.child.kill('SIGINT');
  expect(await again.exit).toBe(0);
  expect(existsSync(file)).toBe(false);
});
