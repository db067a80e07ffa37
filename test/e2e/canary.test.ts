import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { accountsIn } from '../../src/adapters/vault/accounts.ts';
import { openVault } from '../../src/adapters/vault/vault.ts';
import { askSandbox } from '../../src/app/sandbox-control.ts';
import { readNotice } from '../../src/app/sandbox-notice.ts';
import type { SandboxStarted } from '../../src/reports/sandbox-text.ts';
import { filesBelow, secretsIn, shownOf, showsProcesses } from '../support/canary.ts';
import { emptyHome, type Finished, runJs } from '../support/run-algo.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

/*
 * A day of a trader whose secrets are looked for everywhere: in every file, every word that is said, and in what the system
 * shows of every process. Secrets and session are encrypted, so that not even their own files may hold them.
 */

const passphrase = 'canary of the passphrase 0123456789';
const secrets: Record<string, string> = { passphrase };
const exchange = emptyHome();
const home = emptyHome();
/** Outside of the home: where the trader keeps what he types in. */
const keys = emptyHome();
const told: string[] = [];
let shown = '';
let sandbox: SandboxProcess;
let started: SandboxStarted;

beforeAll(async () => {
  sandbox = sandboxProcess(
    exchange,
    ...['--set', 'synthetic.days=8', '--set', 'synthetic.symbols=2', '--accounts', 'AB1234', '--paused'],
    ...['--at', '15:00', '--request-log', join(exchange, 'requests.ndjson')],
  );
  started = await sandbox.started;
  mkdirSync(join(home, 'tmp'));
  const [{ apiSecret }] = started.accounts;
  secrets.apiSecret = apiSecret;
  for (const [name, value] of Object.entries({ passphrase, apiSecret }))
    writeFileSync(join(keys, name), `${value}\n`, { mode: 0o600 });
}, 120_000);
afterAll(() => {
  sandbox?.child.kill('SIGKILL');
});

/** Runs `algo`, and looks again and again at what the system shows of it. */
function algo(args: readonly string[], input = ''): Promise<Finished> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ALGO_|NODE_|FORCE_COLOR|NO_COLOR|TMPDIR)/.test(name),
  );
  const own = { ALGO_HOME: home, ALGO_VAULT_PASSPHRASE_FILE: join(keys, 'passphrase'), NO_COLOR: '1' };
  const child = spawn(process.execPath, [runJs, ...args, '--set', 'log.level=trace'], {
    env: { ...Object.fromEntries(inherited), ...own, TMPDIR: join(home, 'tmp') },
    cwd: home,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (more: string) => {
      text[name] += more;
    });
  const look = setInterval(() => {
    if (showsProcesses && child.pid !== undefined) shown += shownOf(child.pid);
  }, 20);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearInterval(look);
      told.push(text.stdout, text.stderr);
      resolve({ exitCode, ...text });
    });
  });
}

const settings = () => ['--root', started.url, '--ws-root', started.wsUrl];

/** Where the browser ends after a login, with the request token in it. */
async function redirect(): Promise<string> {
  const page = await fetch(`${started.accounts[0].loginUrl}&auto=1`, { redirect: 'manual' });
  return page.headers.get('location') ?? '';
}

test('no secret stands in any file, word or process of a day from the login to the logout', async () => {
  const [{ apiKey }] = started.accounts;
  const add = ['profile', 'add', 'main', '--api-key', apiKey, '--user', 'AB1234', ...settings()];
  expect(await algo([...add, '--secret-file', join(keys, 'apiSecret')])).toMatchObject({ exitCode: 0 });
  const address = await redirect();
  secrets.requestToken = new URL(address).searchParams.get('request_token') ?? '';
  expect(await algo(['login', '--paste'], `${address}\n`)).toMatchObject({ exitCode: 0 });

  const accounts = accountsIn(
    openVault({ folder: join(home, 'secrets'), passphrase: async () => passphrase }),
  );
  secrets.accessToken = (await accounts.session(await accounts.find('main')))?.accessToken ?? '';

  const backfill = ['backfill', 'NSE:INFY', '-i', '1m', '--from', '2025-10-01', '--to', '2025-10-31'];
  expect(await algo(backfill)).toMatchObject({ exitCode: 0 });
  const paper = ['paper', 'NSE:INFY', '-s', 'ema20_50_intraday', '--feed', 'replay:2025-10-08..2025-10-09'];
  expect(await algo(paper)).toMatchObject({ exitCode: 0 });

  // What goes wrong says more than what goes well.
  const { url, secret } = readNotice({ data: join(exchange, 'data') }) ?? { url: '', secret: '' };
  await askSandbox({ url, secret }, '/sandbox/faults', { action: 'set', name: 'html-after', count: 1 });
  expect(await algo(['quote', 'NSE:INFY'])).toMatchObject({ exitCode: 0 });
  expect(await algo(['login', '--paste'], `${address}\n`)).toMatchObject({ exitCode: 4 });
  await askSandbox({ url, secret }, '/sandbox/token', { action: 'kill' });
  expect(await algo(['quote', 'NSE:INFY'])).toMatchObject({ exitCode: 4 });

  expect(Object.keys(secrets)).toHaveLength(4);
  for (const each of Object.values(secrets)) expect(each.length).toBeGreaterThan(20);
  const files = filesBelow(home);
  expect(files.filter((file) => /algo\.log|history\.duckdb|\.ndjson/.test(file)).length).toBeGreaterThan(2);
  for (const file of files) expect([file, ...secretsIn(readFileSync(file), secrets)]).toEqual([file]);
  expect(told.join('').length).toBeGreaterThan(500);
  expect(secretsIn(Buffer.from(told.join('\n')), secrets)).toEqual([]);
  const requests = readFileSync(join(exchange, 'requests.ndjson'));
  expect(requests.length).toBeGreaterThan(500);
  expect(secretsIn(requests, secrets)).toEqual([]);

  // That the looking finds what there is to find.
  expect(secretsIn(readFileSync(join(keys, 'apiSecret')), secrets)).toEqual([
    'apiSecret (form 0)',
    'apiSecret (form 1)',
  ]);
  if (!showsProcesses)
    process.stderr.write('skipped: this system does not show what processes were started with\n');
  else {
    for (const word of ['profile', 'login', 'quote', 'backfill', 'paper', 'ALGO_VAULT_PASSPHRASE_FILE'])
      expect(shown).toContain(word);
    expect(secretsIn(Buffer.from(shown, 'latin1'), secrets)).toEqual([]);
  }
});
