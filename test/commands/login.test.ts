import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formsOf } from '../support/canary.ts';
import { askAlgo, emptyHome, type Finished, runJs } from '../support/run-algo.ts';
import { smallKite } from '../support/small-kite.ts';

/** What must be found nowhere, in any form that a request or a log puts it through. */
const passphrase = 'canary passphrase of the vault';
const totpSecret = 'CANARYTOTPSECRETCANARYTOTPSECRET';

let kite: Awaited<ReturnType<typeof smallKite>>;
let home: string;
/** All that was printed and seen of processes since the test began. */
let told = '';
beforeEach(async () => {
  kite = await smallKite();
  home = emptyHome();
});
afterEach(async () => {
  await kite.close();
  expectNoCanary(told);
  expectNoCanary(filesOf(home));
  told = '';
});

const canaries = () => [kite.apiSecret, kite.accessToken, kite.requestToken, passphrase, totpSecret];

const kiteSettings = () => [
  '--set',
  `kite.root=${kite.root}`,
  '--set',
  `kite.wsRoot=${kite.wsRoot}`,
  '--set',
  `kite.loginUrl=${kite.root}/connect/login`,
];

/** Runs `algo` with something piped in, and looks at every process while it runs. */
function algo(
  args: readonly string[],
  { input, env }: { input?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ALGO_|NODE_|FORCE_COLOR|NO_COLOR)/.test(name),
  );
  const child = spawn(process.execPath, [runJs, ...args], {
    env: { ...Object.fromEntries(inherited), ALGO_HOME: home, NO_COLOR: '1', ...env },
    cwd: home,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input ?? '');
  return finished(child);
}

function finished(child: ReturnType<typeof spawn>): Promise<Finished> {
  const text = { stdout: '', stderr: '' };
  // With its first words a command has read what it needs and is at work.
  let seen = '';
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (more: string) => {
      if (seen === '') seen = commandLines();
      text[name] += more;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      told += `${text.stdout}\n${text.stderr}\n${seen}\n`;
      resolve({ exitCode, ...text });
    });
  });
}

/** Command lines of every process, where the system shows them. */
function commandLines(): string {
  if (!existsSync('/proc/self/cmdline')) return '';
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        // It has ended meanwhile.
        return '';
      }
    })
    .join('\n');
}

/** Everything below the home but the secrets themselves. */
function filesOf(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.parentPath !== join(home, 'secrets'))
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');
}

function expectNoCanary(text: string): void {
  for (const secret of canaries()) {
    for (const form of formsOf(secret)) expect(text.includes(form) ? form : 'none').toBe('none');
  }
}

const add = (more: readonly string[] = [], env: Record<string, string> = {}) =>
  algo(['profile', 'add', 'main', '--api-key', kite.apiKey, '--user', 'AB1234', ...more], {
    env: { ALGO_KITE_API_SECRET: kite.apiSecret, ...env },
  });

describe('algo login, whoami, quote, depth, logout', () => {
  test('a day: set up, log in through a pipe, look, log out', async () => {
    const added = await add();
    expect(added).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('http://127.0.0.1:8617/kite/redirect'),
    });

    const address = `http://127.0.0.1:8617/kite/redirect?action=login&status=success&request_token=${kite.requestToken}\n`;
    const login = await algo(['login', '--paste', ...kiteSettings()], { input: address });
    expect(login.stderr).toContain(`Log in at: ${kite.root}/connect/login?v=3&api_key=${kite.apiKey}`);
    expect(login).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^Logged in as AB1234 \(A Trader\), account main, until \d{4}-\d\d-\d\d 06:00\.\n$/,
      ),
    });

    const who = await algo(['whoami', '--json']);
    expect(JSON.parse(who.stdout)).toMatchObject({
      account: 'main',
      userId: 'AB1234',
      broker: 'confirmed',
      root: kite.root,
    });

    const quote = await algo(['quote', 'NSE:INFY', 'NSE:NIFTY 50', 'NSE:INFI', '--json']);
    expect(quote.exitCode).toBe(5);
    expect(JSON.parse(quote.stdout)).toMatchObject({
      quotes: [
        { symbol: 'NSE:INFY', last: '1512.50' },
        { symbol: 'NSE:NIFTY 50', volume: null },
      ],
      missing: [{ symbol: 'NSE:INFI' }],
    });
    const depth = await algo(['depth', 'NSE:INFY', '--watch', '--count', '2']);
    expect(depth).toMatchObject({
      exitCode: 0,
      stdout: '2026-11-25 09:30:00 NSE:INFY 1512.50 bid 1512.40 ask 1512.60 volume 123456\n'.repeat(2),
      stderr:
        'Warning: Kite refuses the price stream (403): the plan of this app has none, or the session is over. Asking every second instead.\n',
    });

    expect(await algo(['logout'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('ended at the broker and deleted here'),
    });
    expect(kite.live.size).toBe(0);
    expect(await algo(['whoami'])).toMatchObject({
      exitCode: 4,
      stdout: '',
      stderr: expect.stringContaining('Fix: Run: algo login --account main'),
    });
  });

  test('without an account, a terminal or a sandbox exits with 4 and says what to do', async () => {
    for (const args of [['whoami'], ['quote', 'NSE:INFY']]) {
      expect(await askAlgo(args, { home })).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('algo login'),
      });
    }
    expect(await askAlgo(['login', '--sandbox'], { home })).toMatchObject({
      exitCode: 4,
      stderr: 'No sandbox runs in this home.\nFix: Run: algo sandbox up\n',
    });
    await add();
    expect(await askAlgo(['login'], { home })).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('algo login --paste'),
    });
  });

  test('flags that contradict each other are refused', async () => {
    expect(await askAlgo(['quote', 'NSE:INFY', '--watch', '--json'], { home })).toMatchObject({
      exitCode: 2,
    });
    expect(await askAlgo(['login', '--sandbox', '--account', 'main'], { home })).toMatchObject({
      exitCode: 2,
    });
  });
});

describe('a canary in every secret (SEC-02, SEC-03, SEC-04)', () => {
  const traced = () => [...kiteSettings(), '--set', 'log.level=trace'];

  test('is not repeated by what fails, nor where it does not belong', async () => {
    await add(['--totp', ...traced()], { ALGO_KITE_TOTP_SECRET: totpSecret });
    expect(await algo(['totp', ...traced()])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d{6}\n$/),
    });
    expect(await algo(['login', '--paste', ...traced()], { input: kite.requestToken })).toMatchObject({
      exitCode: 0,
    });
    // A replay: the broker refuses it.
    expect(await algo(['login', '--paste', ...traced()], { input: kite.requestToken })).toMatchObject({
      exitCode: 4,
    });
    const nonsense = { input: `${kite.accessToken} ${kite.apiSecret}` };
    expect(await algo(['login', '--paste', '--json', ...traced()], nonsense)).toMatchObject({ exitCode: 4 });
    writeFileSync(join(home, 'secrets', 'main.session'), `${kite.accessToken} {`);
    expect(await algo(['doctor', '--json', ...traced()])).toMatchObject({ exitCode: 8 });
    expect(await algo(['logout', ...traced()])).toMatchObject({ exitCode: 4 });
    expect(existsSync(join(home, 'secrets', 'main.session'))).toBe(false);
    expect(filesOf(home)).toContain('"command":"login"');
  });

  test('that is encrypted is in the vault neither', async () => {
    const env = { ALGO_VAULT_PASSPHRASE: passphrase };
    await add(traced(), env);
    expect(await algo(['login', '--paste', ...traced()], { input: kite.requestToken, env })).toMatchObject({
      exitCode: 0,
    });
    const wrong = await algo(['whoami', ...traced()], {
      env: { ALGO_VAULT_PASSPHRASE: 'another passphrase' },
    });
    expect(wrong).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('The passphrase does not open'),
    });
    for (const name of ['main.secret', 'main.session'])
      expectNoCanary(readFileSync(join(home, 'secrets', name), 'latin1'));
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;
const withTerminal = hasScript ? describe : describe.skip;
if (!hasScript) process.stderr.write('skipped: logging in at a terminal needs the program "script"\n');

withTerminal('at a terminal', () => {
  let bin: string;
  beforeAll(() => {
    bin = mkdtempSync(join(tmpdir(), 'algo-bin-'));
    mkdirSync(bin, { recursive: true });
    // Stands in for the desktop's browser, and tells what it was given.
    writeFileSync(
      join(bin, 'xdg-open'),
      `#!/bin/sh\n{ printf '%s\\n' "$1"; env; } > "$HOME/opened.draft" && mv "$HOME/opened.draft" "$HOME/opened"\n`,
      { mode: 0o755 },
    );
  });

  test('the browser gets the address and no secret, comes back, and the session is kept', async () => {
    const port = await freePort();
    await add(['--port', String(port)], { ALGO_VAULT_PASSPHRASE: passphrase });
    const command = [process.execPath, runJs, 'login', '--open', ...kiteSettings()]
      .map((word) => `'${word}'`)
      .join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: {
        ...process.env,
        PATH: `${bin}:${process.env.PATH}`,
        HOME: home,
        ALGO_HOME: home,
        ALGO_VAULT_PASSPHRASE: passphrase,
        ALGO_KITE_API_SECRET: kite.apiSecret,
      },
      cwd: home,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const ending = finished(child);
    const [shown, ...environment] = (await appearing(join(home, 'opened'))).split('\n');
    const nonce =
      new URLSearchParams(new URL(shown).searchParams.get('redirect_params') ?? '').get('state') ?? '';
    expect(nonce).toMatch(/^[\w-]{32}$/);
    expectNoCanary(environment.join('\n'));
    expect(environment.filter((line) => line.startsWith('ALGO_'))).toEqual([`ALGO_HOME=${home}`]);
    const back = `http://127.0.0.1:${port}/kite/redirect?action=login&status=success&request_token=${kite.requestToken}&state=${nonce}`;
    const page = await answering(back);
    expect(page.status).toBe(200);
    const { exitCode, stdout } = await ending;
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Logged in as AB1234'),
    });
  });

  test('what is typed at a secret question is not shown', async () => {
    const command = [
      process.execPath,
      runJs,
      'profile',
      'add',
      'main',
      '--api-key',
      kite.apiKey,
      '--user',
      'AB1234',
    ]
      .map((word) => `'${word}'`)
      .join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, ALGO_HOME: home },
      cwd: home,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (text: Buffer) => {
      if (String(text).includes('not shown')) child.stdin?.write(`${kite.apiSecret}\r`);
    });
    const { exitCode, stdout } = await finished(child);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Account main is set up'),
    });
    expect(readFileSync(join(home, 'secrets', 'main.secret'), 'utf8')).toContain(kite.apiSecret);
  });

  test('Ctrl-C at a secret question ends the program', async () => {
    const command = [
      process.execPath,
      runJs,
      'profile',
      'add',
      'main',
      '--api-key',
      kite.apiKey,
      '--user',
      'AB1234',
    ]
      .map((word) => `'${word}'`)
      .join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, ALGO_HOME: home },
      cwd: home,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdout?.on('data', (text: Buffer) => {
      if (String(text).includes('not shown')) child.stdin?.write('half a secr\u0003');
    });
    expect(await finished(child)).toMatchObject({
      exitCode: 130,
      stdout: expect.stringContaining('Interrupted.'),
    });
    expect(existsSync(join(home, 'secrets'))).toBe(false);
  });
});

async function appearing(file: string): Promise<string> {
  for (;;) {
    if (existsSync(file)) return readFileSync(file, 'utf8');
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

/** The browser is told before the listener is certain to listen only by the order of two lines, so the first try may be early. */
async function answering(address: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(address);
    } catch {
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
