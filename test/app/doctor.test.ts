import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { httpDate } from '../../src/adapters/system/http-date.ts';
import {
  clockDifferenceCheck,
  environmentCheck,
  freeSpaceCheck,
  nodeCheck,
} from '../../src/app/doctor/machine.ts';
import { calendarCheck } from '../../src/app/doctor/rules.ts';
import { accountChecks, secretsCheck } from '../../src/app/doctor/secrets.ts';
import { ageCheck } from '../../src/app/doctor/store.ts';
import { accountsOf } from '../../src/app/kite-accounts.ts';
import { dayNumberOf, startOfDay } from '../../src/domain/time.ts';
import { askAlgo, emptyHome } from '../support/run-algo.ts';
import { vaultContext } from '../support/vault-context.ts';

describe('doctor checks', () => {
  test.each([
    ['v20.18.9', 'fail'],
    ['v18.20.0', 'fail'],
    ['v20.19.0', 'warn'],
    ['v22.1.0', 'pass'],
    ['v24.0.0', 'pass'],
  ])('Node %s is a %s', (version, state) => {
    expect(nodeCheck(version).state).toBe(state);
  });

  test.each([
    [99e6, 'fail'],
    [100e6, 'warn'],
    [2e9, 'pass'],
  ])('%d free bytes are a %s', (free, state) => {
    expect(freeSpaceCheck(free, '/x').state).toBe(state);
  });

  test.each([
    [2_000, 'pass'],
    [-2_001, 'warn'],
    [60_001, 'fail'],
  ])('a clock %d ms ahead is a %s', (ahead, state) => {
    expect(clockDifferenceCheck(ahead, 'example.com').state).toBe(state);
  });

  test('a calendar is a warning 45 days before its end, and a failure after it', () => {
    const today = dayNumberOf('2026-11-21');
    expect(calendarCheck(['NSE'], today + 46, today).state).toBe('pass');
    expect(calendarCheck(['NSE'], today + 45, today)).toMatchObject({
      state: 'warn',
      found: 'NSE: known until 2027-01-05, 45 days from today.',
    });
    expect(calendarCheck(['NSE'], today - 1, today).state).toBe('fail');
    expect(calendarCheck(['NSE'], undefined, today).state).toBe('fail');
  });

  test('bars are old when a week of trading days is missing', () => {
    const last = startOfDay(dayNumberOf('2026-11-20'));
    expect(ageCheck('NSE', last, 5).state).toBe('pass');
    expect(ageCheck('NSE', last, 6)).toMatchObject({
      state: 'warn',
      found: 'Newest 2026-11-20, 6 trading days since.',
    });
  });

  test('a variable that looks like one of ours and is not is named', () => {
    expect(environmentCheck({ ALGO_HOME: '/x', ALGO__CAPITAL: '1', PATH: '/bin' }).state).toBe('pass');
    expect(environmentCheck({ ALGO_HOEM: '/x' })).toMatchObject({
      state: 'warn',
      found: 'Not read: ALGO_HOEM (did you mean ALGO_HOME?).',
    });
  });

  test('secrets are for their owner alone', () => {
    const home = mkdtempSync(join(tmpdir(), 'algo-secrets-'));
    const folders = { root: home, home, data: home, cache: home };
    expect(secretsCheck({ folders })).toMatchObject({ state: 'pass', found: 'None are stored.' });
    const folder = join(home, 'secrets');
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'kite'), '', { mode: 0o600 });
    expect(secretsCheck({ folders }).state).toBe('pass');
    chmodSync(join(folder, 'kite'), 0o640);
    expect(secretsCheck({ folders })).toMatchObject({
      state: 'fail',
      advice: `Run: chmod 600 ${join(folder, 'kite')}`,
    });
    chmodSync(join(folder, 'kite'), 0o600);
    chmodSync(folder, 0o755);
    expect(secretsCheck({ folders })).toMatchObject({ state: 'fail', advice: `Run: chmod 700 ${folder}` });
    chmodSync(folder, 0o700);
    symlinkSync('/etc/hostname', join(folder, 'link'));
    expect(secretsCheck({ folders }).state).toBe('fail');
  });

  test('an account whose session ran out is named, and one that others can read fails', async () => {
    const { context, time, secrets } = vaultContext();
    expect(await accountChecks(context)).toMatchObject([
      { state: 'pass', found: 'No Kite account is set up.' },
    ]);
    const accounts = accountsOf(context);
    const account = {
      name: 'main',
      apiKey: 'key1',
      userId: 'AB1234',
      sealed: false,
      sandbox: false,
      redirectPort: 8_617,
    };
    await accounts.put(account, { version: 1, apiSecret: 'canary-api-secret' });
    expect(await accountChecks(context)).toMatchObject([
      { name: 'account main', state: 'pass', found: 'AB1234, secret plain; not logged in.' },
    ]);
    await accounts.saveSession(account, {
      version: 1,
      userId: 'AB1234',
      apiKey: 'key1',
      accessToken: 'canary-token',
      loginTime: time.now,
      expiry: time.now + 60_000,
      root: 'https://api.kite.trade',
      wsRoot: 'wss://ws.kite.trade',
      prefix: '',
      sandbox: false,
    });
    expect(await accountChecks(context)).toMatchObject([
      { state: 'pass', found: 'AB1234, secret plain; logged in until 2026-11-25 08:31.' },
    ]);
    time.now += 60_000;
    expect(await accountChecks(context)).toMatchObject([
      { state: 'warn', advice: 'Run: algo login --account main' },
    ]);
    chmodSync(join(secrets, 'main.session'), 0o644);
    expect(await accountChecks(context)).toMatchObject([
      { state: 'fail', advice: expect.stringContaining('chmod 600') },
    ]);
  });
});

describe('httpDate', () => {
  test('reads the Date header of a server', async () => {
    const server = createServer((_, answer) => {
      answer.sendDate = false;
      answer.setHeader('Date', 'Sat, 21 Nov 2026 04:00:00 GMT').end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { theirs } = await httpDate(`http://127.0.0.1:${port}/`, 2_000);
    server.close();
    expect(theirs).toBe(Date.UTC(2026, 10, 21, 4, 0, 0, 500));
  });

  test('gives up on a server that never answers', async () => {
    const silent = createSocket();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await expect(httpDate(`http://127.0.0.1:${port}/`, 50)).rejects.toThrow('no answer within 0.05 s');
    silent.close();
  });
});

describe('algo doctor', () => {
  test('an empty home is healthy, offline', async () => {
    const { exitCode, stdout } = await askAlgo(['doctor', '--json']);
    const page = JSON.parse(stdout);
    expect(page.checks.filter(({ state }: { state: string }) => state === 'fail')).toEqual([]);
    expect({ exitCode, healthy: page.healthy }).toEqual({ exitCode: 0, healthy: true });
    expect(page.checks).toContainEqual({
      name: 'clock',
      state: 'pass',
      found: 'Not compared: doctor.clockUrl is not configured.',
      advice: null,
    });
    expect(page.settings).toContainEqual(expect.objectContaining({ key: 'capital', usual: true }));
  });

  test('a wrong configuration is a failed line, and the other lines are still there', async () => {
    const { exitCode, stdout } = await askAlgo(['doctor', '--set', 'risk.nonsense=1', '--json']);
    const { healthy, checks } = JSON.parse(stdout);
    expect({ exitCode, healthy }).toEqual({ exitCode: 8, healthy: false });
    const failed = checks.filter(({ state }: { state: string }) => state === 'fail');
    expect(failed).toMatchObject([
      { name: 'configuration', found: expect.stringContaining('risk.nonsense') },
    ]);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['node', 'disk', 'rules', 'history', 'strategies']),
    );
  });

  test('a damaged history and a broken strategy fail with what to do, and the exit code is 8', async () => {
    const home = emptyHome();
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data', 'history.duckdb'), 'no database');
    mkdirSync(join(home, 'strategies'));
    writeFileSync(join(home, 'strategies', 'broken.ts'), 'export default 5;\n');
    const { exitCode, stdout } = await askAlgo(['doctor', '--set', 'capital=5'], { home });
    expect(exitCode).toBe(8);
    expect(stdout).toMatch(/^fail {2}history +The history .*cannot be read/m);
    expect(stdout).toMatch(/^fail {2}strategy broken/m);
    expect(stdout.replace(/\s+/g, ' ')).toContain('then run: algo strategies check broken');
    expect(stdout).toContain('capital = 5, from --set');
  });
});
