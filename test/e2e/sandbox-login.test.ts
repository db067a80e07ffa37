import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loginDoors, quoteDoor } from '../../src/app/kite-doors.ts';
import { openKiteSession } from '../../src/app/kite-session.ts';
import { login } from '../../src/app/login.ts';
import { type RunningSandbox, sandboxUp } from '../../src/app/sandbox.ts';
import { askSandbox } from '../../src/app/sandbox-control.ts';
import { readNotice } from '../../src/app/sandbox-notice.ts';
import { projectRoot } from '../support/project-root.ts';
import { runAlgo } from '../support/run-algo.ts';
import { vaultContext } from '../support/vault-context.ts';

const world = vaultContext();
const context = {
  ...world.context,
  folders: { ...world.context.folders, root: projectRoot },
  config: {
    ...world.context.config,
    synthetic: { ...world.context.config.synthetic, symbols: 2, days: 3 },
  },
};
const { home } = context.folders;
const session = join(home, 'secrets', 'sandbox.session');
let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await sandboxUp(context, {
    ...{
      port: 0,
      at: '10:00',
      speed: '1x',
      paused: true,
      seed: 1,
      accounts: 'AB1234,CD5678',
      prefix: '/oms',
    },
    ...{ staticIp: false, limits: true, autoLogin: false, nights: 'leap' },
  });
});
afterAll(() => sandbox.close());

const loggedIn = () => login(context, { paste: false, sandbox: true, open: false }, loginDoors(context));
const algo = (...args: readonly string[]) => runAlgo(args, { home });

describe('a rehearsal at the sandbox', () => {
  test('log in, look, log out, without a person and without an account', async () => {
    const login = await algo('login', '--sandbox', '--json');
    expect(JSON.parse(login.stdout)).toMatchObject({
      account: 'sandbox',
      userId: 'AB1234',
      sandbox: true,
      expiry: null,
      root: sandbox.url,
    });
    expect(await openKiteSession(context)).toMatchObject({
      profile: 'sandbox',
      sandbox: true,
      root: sandbox.url,
      wsRoot: sandbox.wsUrl,
      prefix: '/oms',
    });
    const who = await algo('whoami');
    expect(who).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('AB1234 (Sandbox AB1234), account sandbox, sandbox: nothing is real'),
    });
    const quote = await algo('quote', 'NSE:INFY', '--json');
    expect(JSON.parse(quote.stdout)).toMatchObject({
      sandbox: true,
      missing: [],
      quotes: [{ symbol: 'NSE:INFY', token: 408_065, ageSeconds: null }],
    });
    expect(await algo('depth', 'NSE:INFY')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/orders +quantity +bid +ask +quantity +orders/),
    });
    expect(await algo('logout')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('ended at the broker'),
    });
    expect(existsSync(session)).toBe(false);
    expect(await algo('quote', 'NSE:INFY')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('Fix: Run: algo login --sandbox'),
    });
  });

  test('questions of one second to several commands are all answered', async () => {
    await loggedIn();
    const open = await openKiteSession(context);
    const { quote } = quoteDoor(context);
    const answers = await Promise.all([1, 2].map(() => quote(open, ['NSE:INFY'])));
    expect(answers.map((answer) => answer.get('NSE:INFY')?.token)).toEqual([408_065, 408_065]);
  });

  test('a token that the broker kills is deleted by the command that learns of it', async () => {
    await loggedIn();
    const notice = readNotice(context.folders);
    await askSandbox({ url: sandbox.url, secret: notice?.secret ?? '' }, '/sandbox/token', {
      action: 'kill',
    });
    expect(await algo('whoami')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('Fix: Run: algo login --sandbox'),
    });
    expect(existsSync(session)).toBe(false);
  });

  test('no token stands anywhere but in the session', async () => {
    await loggedIn();
    const token = /"accessToken": "([^"]+)"/.exec(readFileSync(session, 'utf8'))?.[1] ?? '';
    expect(token.length).toBeGreaterThan(20);
    // Left by the commands of the first test, and by this one.
    expect(readFileSync(join(home, 'data', 'logs', 'algo.log'), 'utf8')).not.toContain(token);
    const { stdout, stderr } = await algo('whoami', '--json');
    expect(`${stdout}${stderr}`).not.toContain(token);
  });
});
