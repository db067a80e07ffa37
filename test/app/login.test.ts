import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Person } from '../../src/app/kite-accounts.ts';
import { openKiteSession, withKiteSession } from '../../src/app/kite-session.ts';
import { type LoginDoors, type LoginRequest, login, requestTokenIn } from '../../src/app/login.ts';
import { logout } from '../../src/app/logout.ts';
import { profileAdd, profileList } from '../../src/app/profile.ts';
import { whoami } from '../../src/app/whoami.ts';
import { AuthError, BrokerError } from '../../src/domain/errors.ts';
import { smallKite, smallKiteDoor } from '../support/small-kite.ts';
import { vaultContext } from '../support/vault-context.ts';

const kite = smallKiteDoor;
let server: Awaited<ReturnType<typeof smallKite>>;
beforeEach(async () => {
  server = await smallKite();
});
afterEach(() => server.close());

const asked: LoginRequest = { paste: false, sandbox: false, open: false };
const sessionFile = (secrets: string) => join(secrets, 'main.session');

/** A home with one account, whose Kite is the small one; `port` of the redirect is any that is free. */
async function home({ userId = 'AB1234' } = {}) {
  const world = vaultContext({ root: server.root, loginUrl: `${server.root}/connect/login` });
  const person: Person = { ...nobody, secret: async () => server.apiSecret };
  await profileAdd(
    world.context,
    {
      name: 'main',
      apiKey: server.apiKey,
      userId,
      redirectPort: await freePort(),
      totp: false,
      encrypt: false,
      replace: false,
    },
    { person },
  );
  return world;
}

const nobody: Person = {
  line: async () => undefined,
  secret: async () => undefined,
  piped: async () => undefined,
  tell: () => undefined,
  present: false,
};

/** Somebody at the terminal who opens the address that is shown, and whose browser comes back as Kite sends it. */
function browser(come: (redirect: URL) => Promise<unknown>): Person {
  return {
    ...nobody,
    present: true,
    tell(line) {
      const address = /^Log in at: (\S+)/.exec(line)?.[1];
      if (address) shown = new URL(address);
      const back = /come back to (\S+),/.exec(line)?.[1];
      if (!back || !shown) return;
      const redirect = new URL(back);
      redirect.search = new URLSearchParams({
        action: 'login',
        status: 'success',
        request_token: server.requestToken,
      }).toString();
      for (const [name, value] of new URLSearchParams(shown.searchParams.get('redirect_params') ?? ''))
        redirect.searchParams.set(name, value);
      void come(redirect);
    },
  };
}
let shown: URL | undefined;

const doors = (world: ReturnType<typeof vaultContext>, person: Person): LoginDoors => ({
  person,
  clock: world.clock,
  kite,
  sandbox: async () => {
    throw new AuthError('AUTH_SANDBOX', 'No sandbox runs.');
  },
  showPage: async () => false,
});

const pasting = (text: string): Person => ({ ...nobody, present: true, secret: async () => text });

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

describe('algo login', () => {
  test('keeps the session of the browser that comes back, until six in the morning', async () => {
    const world = await home();
    const result = await login(
      world.context,
      asked,
      doors(
        world,
        browser((redirect) => fetch(redirect)),
      ),
    );
    expect(result).toEqual({
      account: 'main',
      userId: 'AB1234',
      userName: 'A Trader',
      loginTime: '2026-11-25T08:30:00+05:30',
      expiry: '2026-11-26T06:00:00+05:30',
      sandbox: false,
      root: server.root,
    });
    expect(shown?.searchParams.get('v')).toBe('3');
    expect(shown?.searchParams.get('api_key')).toBe(server.apiKey);
    expect(await openKiteSession(world.context)).toMatchObject({
      profile: 'main',
      apiKey: server.apiKey,
      accessToken: server.accessToken,
      userId: 'AB1234',
      root: server.root,
      prefix: '',
      sandbox: false,
    });
  });

  test('a page that guesses changes nothing', async () => {
    const world = await home();
    const statuses: number[] = [];
    const person = browser(async (redirect) => {
      const forged = new URL(redirect);
      forged.searchParams.set('state', 'guessed');
      forged.searchParams.set('request_token', 'attackersRequestToken0123456789a');
      statuses.push((await fetch(forged)).status, (await fetch(redirect)).status);
    });
    expect(await login(world.context, asked, doors(world, person))).toMatchObject({ userId: 'AB1234' });
    expect(statuses).toEqual([400, 200]);
  });

  test("somebody else's login is not stored, and is ended at the broker", async () => {
    const world = await home({ userId: 'ZZ9999' });
    const logging = login(
      world.context,
      asked,
      doors(
        world,
        browser((redirect) => fetch(redirect)),
      ),
    );
    await expect(logging).rejects.toMatchObject({
      code: 'AUTH_USER',
      exitCode: 4,
      message: 'AB1234 logged in, and account main belongs to ZZ9999. Nothing was stored.',
    });
    expect(existsSync(sessionFile(world.secrets))).toBe(false);
    expect(server.live.size).toBe(0);
  });

  test('a replayed request token is refused by the broker and leaves no session', async () => {
    const world = await home();
    await login(world.context, { ...asked, paste: true }, doors(world, pasting(server.requestToken)));
    await logout(world.context, {}, { kite });
    const again = login(world.context, { ...asked, paste: true }, doors(world, pasting(server.requestToken)));
    await expect(again).rejects.toMatchObject({ exitCode: 4 });
    expect(existsSync(sessionFile(world.secrets))).toBe(false);
  });

  test('without a terminal says what to do, and asks the broker nothing', async () => {
    const world = await home();
    await expect(login(world.context, asked, doors(world, nobody))).rejects.toMatchObject({
      code: 'AUTH_INTERACTIVE',
      exitCode: 4,
      fix: expect.stringContaining('algo login --paste'),
    });
    expect(server.requests).toEqual([]);
  });

  test('takes a pasted address, or one from a pipe', async () => {
    for (const person of [
      pasting(
        `http://127.0.0.1:8617/kite/redirect?action=login&status=success&request_token=${server.requestToken}`,
      ),
      { ...nobody, piped: async () => server.requestToken },
    ]) {
      const world = await home();
      const result = await login(world.context, { ...asked, paste: true }, doors(world, person));
      expect(result).toMatchObject({ userId: 'AB1234', sandbox: false });
      await server.close();
      server = await smallKite();
    }
  });

  test.each([
    ['', 'AUTH_REQUEST_TOKEN'],
    ['short', 'AUTH_REQUEST_TOKEN'],
    ['http://127.0.0.1:8617/kite/redirect', 'AUTH_REQUEST_TOKEN'],
    ['http://127.0.0.1/?status=success&request_token=%00', 'AUTH_REQUEST_TOKEN'],
    ['http://127.0.0.1/?status=error', 'AUTH_REDIRECT'],
  ])('refuses "%s" without quoting it', (answer, code) => {
    const failure = (() => {
      try {
        return requestTokenIn(answer);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({ code, exitCode: 4 });
  });

  test('--sandbox asks nobody, stands beside the real account and never runs out by our clock', async () => {
    const world = await home();
    const result = await login(
      world.context,
      { ...asked, sandbox: true },
      {
        ...doors(world, nobody),
        sandbox: async () => ({
          root: server.root,
          wsRoot: 'ws://127.0.0.1:1',
          prefix: '',
          userId: 'AB1234',
          apiKey: server.apiKey,
          apiSecret: server.apiSecret,
          requestToken: async () => server.requestToken,
        }),
      },
    );
    expect(result).toMatchObject({ account: 'sandbox', sandbox: true, expiry: null });
    world.time.now += 1e12;
    expect(await openKiteSession(world.context)).toMatchObject({ profile: 'sandbox', sandbox: true });
    await expect(openKiteSession(world.context, { account: 'main' })).rejects.toMatchObject({
      code: 'AUTH_LOGIN',
    });
    const away = withKiteSession(world.context, {}, async () => {
      throw new BrokerError('BROKER_UNREACHABLE', '127.0.0.1:1 cannot be reached.', 'Check the network.');
    });
    await expect(away).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      exitCode: 6,
      fix: 'Run: algo sandbox up, then algo login --sandbox',
    });
    expect((await profileList(world.context)).accounts.map(({ name, current }) => [name, current])).toEqual([
      ['main', false],
      ['sandbox', true],
    ]);
  });

  test('--sandbox without a sandbox says so', async () => {
    const world = await home();
    await expect(
      login(world.context, { ...asked, sandbox: true }, doors(world, nobody)),
    ).rejects.toMatchObject({ code: 'AUTH_SANDBOX' });
  });
});

describe('a session', () => {
  async function loggedIn() {
    const world = await home();
    await login(world.context, { ...asked, paste: true }, doors(world, pasting(server.requestToken)));
    return world;
  }

  test('that ran out is deleted, and the next command says so', async () => {
    const world = await loggedIn();
    world.time.now = Date.UTC(2026, 10, 26, 0, 29, 59, 999);
    await openKiteSession(world.context);
    world.time.now += 1;
    await expect(openKiteSession(world.context)).rejects.toMatchObject({
      code: 'AUTH_LOGIN',
      exitCode: 4,
      message: 'The session of account main ran out at 2026-11-26T06:00:00+05:30.',
      fix: 'Run: algo login --account main',
    });
    expect(existsSync(sessionFile(world.secrets))).toBe(false);
    await expect(openKiteSession(world.context)).rejects.toThrow('Account main is not logged in.');
  });

  test('that the broker refuses is deleted; any other failure leaves it', async () => {
    const world = await loggedIn();
    const busy = withKiteSession(world.context, {}, async () => {
      throw new BrokerError('BROKER_BUSY', 'busy');
    });
    await expect(busy).rejects.toMatchObject({ code: 'BROKER_BUSY' });
    expect(existsSync(sessionFile(world.secrets))).toBe(true);
    server.live.clear();
    await expect(whoami(world.context, { kite })).rejects.toMatchObject({ code: 'AUTH_TOKEN', exitCode: 4 });
    expect(existsSync(sessionFile(world.secrets))).toBe(false);
  });

  test('without any account is the same as not being logged in', async () => {
    await expect(openKiteSession(vaultContext().context)).rejects.toMatchObject({
      code: 'AUTH_LOGIN',
      exitCode: 4,
      fix: expect.stringContaining('algo login'),
    });
  });

  test('whoami asks the broker, and without it says what is stored', async () => {
    const world = await loggedIn();
    expect(await whoami(world.context, { kite })).toMatchObject({
      userId: 'AB1234',
      userName: 'A Trader',
      exchanges: ['NSE', 'NFO'],
      broker: 'confirmed',
      exitCode: 0,
    });
    await server.close();
    expect(await whoami(world.context, { kite })).toMatchObject({
      userId: 'AB1234',
      userName: null,
      broker: 'unreachable',
      expiry: '2026-11-26T06:00:00+05:30',
      exitCode: 6,
    });
    expect(existsSync(sessionFile(world.secrets))).toBe(true);
  });

  test('logout ends it at the broker and deletes it', async () => {
    const world = await loggedIn();
    expect(await logout(world.context, {}, { kite })).toMatchObject({ broker: 'ended', exitCode: 0 });
    expect(server.live.size).toBe(0);
    expect(readdirSync(world.secrets).sort()).toEqual(['current.json', 'main.account', 'main.secret']);
    expect(await logout(world.context, {}, { kite })).toMatchObject({ broker: 'none', exitCode: 0 });
  });

  test('logout deletes it also where the broker cannot be told, and says so', async () => {
    const world = await loggedIn();
    await server.close();
    expect(await logout(world.context, {}, { kite })).toMatchObject({ broker: 'unreachable', exitCode: 6 });
    expect(existsSync(sessionFile(world.secrets))).toBe(false);
  });

  test('says nothing secret in the list of accounts', async () => {
    const world = await loggedIn();
    const page = JSON.stringify(await profileList(world.context));
    expect(page).toContain('"session":"open"');
    expect(page).not.toMatch(/canary/);
    expect(readFileSync(join(world.secrets, 'main.account'), 'utf8')).not.toMatch(/canary/);
  });
});
