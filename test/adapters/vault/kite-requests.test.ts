import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { kiteRequests } from '../../../src/adapters/vault/kite-requests.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import { isoInstant } from '../../../src/domain/time.ts';
import { testWithShared } from '../../support/shared-data.ts';
import { smallKite } from '../../support/small-kite.ts';

const requests = kiteRequests({ timeoutMs: 30_000, env: {} });
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sessionAt = (root: string) => ({ root, prefix: '', apiKey: 'key1', accessToken: 'canaryAccessToken' });

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => error,
  );

describe('requests to Kite', () => {
  test('log in, ask who it is and log out', async () => {
    const kite = await smallKite();
    closing.push(kite.close);
    const address = { root: kite.root, prefix: '' };
    const given = await requests.generateSession({ ...address, ...kite });
    expect(given).toEqual({ userId: 'AB1234', userName: 'A Trader', accessToken: kite.accessToken });
    const session = { ...address, apiKey: kite.apiKey, accessToken: given.accessToken };
    expect(await requests.profile(session)).toEqual({
      userId: 'AB1234',
      userName: 'A Trader',
      exchanges: ['NSE', 'NFO'],
    });
    const quotes = await requests.quotes(session, ['NSE:INFY', 'NSE:NIFTY 50', 'NSE:NOTHING']);
    expect([...quotes.keys()]).toEqual(['NSE:INFY', 'NSE:NIFTY 50']);
    expect(isoInstant(quotes.get('NSE:INFY')?.timestamp ?? 0)).toBe('2026-11-25T09:30:00+05:30');
    await requests.logout(session);
    expect(kite.live.size).toBe(0);
    expect(await failureOf(requests.profile(session))).toMatchObject({ code: 'AUTH_TOKEN', exitCode: 4 });
  });

  test('say that a login is not taken rather than that a session died', async () => {
    const kite = await smallKite();
    closing.push(kite.close);
    const wrong = {
      root: kite.root,
      prefix: '',
      apiKey: kite.apiKey,
      apiSecret: 'wrong',
      requestToken: kite.requestToken,
    };
    expect(await failureOf(requests.generateSession(wrong))).toMatchObject({
      code: 'AUTH_REQUEST_TOKEN',
      message: 'Kite does not take this login: Token is invalid or has expired.',
    });
  });

  const json =
    (status: number, document: unknown): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(document));
    };
  const refused = (status: number, type: string) =>
    json(status, { status: 'error', message: 'In their words.', error_type: type });

  test.each<[string, RequestListener, string]>([
    ['a dead token', refused(403, 'TokenException'), 'AUTH_TOKEN'],
    ['another 403', refused(403, 'PermissionException'), 'BROKER_REFUSED'],
    ['a TokenException with another status', refused(400, 'TokenException'), 'BROKER_REFUSED'],
    ['an error type nobody knows', refused(500, 'NovelException'), 'BROKER_REFUSED'],
    ['too many requests', refused(429, 'NetworkException'), 'BROKER_LIMIT'],
    ['an HTML page with 200', (_, response) => response.end('<html>maintenance</html>'), 'BROKER_ANSWER'],
    ['an HTML page with 502', (_, response) => response.writeHead(502).end('<html>'), 'BROKER_ANSWER'],
    [
      'half an answer',
      (_, response) => response.end('{"status":"success","data":{"user_id"'),
      'BROKER_ANSWER',
    ],
    ['an answer without data', json(200, { status: 'success' }), 'BROKER_ANSWER'],
    ['another shape', json(200, { status: 'success', data: { user_id: 7 } }), 'BROKER_ANSWER'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end(),
      'BROKER_AWAY',
    ],
    ['a reset', (request) => request.socket.destroy(), 'BROKER_AWAY'],
    ['eleven million bytes', (_, response) => response.end(Buffer.alloc(11_000_000, 32)), 'BROKER_ANSWER'],
  ])('name %s, and no secret', async (_what, listener, code) => {
    const root = await serving(listener);
    const failure = await failureOf(requests.profile(sessionAt(root)));
    expect(failure).toMatchObject({ code });
    const told = [
      messageOf(failure),
      String(Reflect.get(Object(failure), 'stack')),
      JSON.stringify(Reflect.get(Object(failure), 'cause') ?? ''),
    ].join();
    expect(told).not.toContain('canary');
    const out = await failureOf(requests.logout(sessionAt(root)));
    expect(messageOf(out)).not.toContain('canary');
  });

  test('end when nobody answers', async () => {
    const root = await serving(() => undefined);
    const hasty = kiteRequests({ timeoutMs: 100, env: {} });
    expect(await failureOf(hasty.profile(sessionAt(root)))).toMatchObject({
      code: 'BROKER_AWAY',
      exitCode: 6,
      message: expect.stringContaining('(no answer in time)'),
    });
  });

  test('are not sent where certificates are not checked', async () => {
    const unchecked = kiteRequests({ timeoutMs: 500, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(await failureOf(unchecked.profile(sessionAt('https://127.0.0.1:9')))).toMatchObject({
      code: 'CONFIG_TLS',
    });
  });

  test('go below a prefix', async () => {
    const paths: (string | undefined)[] = [];
    const root = await serving(({ url }, response) => {
      paths.push(url);
      response.end(JSON.stringify({ status: 'success', data: { user_id: 'AB1234', user_name: null } }));
    });
    expect(await requests.profile({ ...sessionAt(root), prefix: '/oms' })).toEqual({
      userId: 'AB1234',
      userName: '',
      exchanges: [],
    });
    expect(paths).toEqual(['/oms/user/profile']);
  });

  testWithShared('kite-mocks', "read Kite's own sample answers", async (folder) => {
    const sample = (name: string) => readFileSync(join(folder, name));
    const root = await serving(({ url = '' }, response) => {
      response.end(sample(url.startsWith('/session/token') ? 'session_logout.json' : 'profile.json'));
    });
    const session = sessionAt(root);
    expect(await requests.profile(session)).toMatchObject({ userId: expect.stringMatching(/^[A-Z0-9]+$/) });
    await requests.logout(session);
    const opening = await serving((_, response) => response.end(sample('generate_session.json')));
    const given = await failureOf(
      requests.generateSession({ root: opening, prefix: '', apiKey: 'k', apiSecret: 's', requestToken: 't' }),
    );
    // The sample's access token is a mere X, which no real one is.
    expect(given).toMatchObject({ code: 'BROKER_ANSWER', message: expect.stringContaining('access_token') });
  });
});
