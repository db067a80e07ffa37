import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type OfficialKite, officialKite } from './official-kite.ts';
import { refusalOf } from './refusal.ts';
import { openRehearsal, type Rehearsal } from './rehearsal.ts';
import { missingKeys, profileKeys, sessionKeys } from './shapes.ts';

let stand: Rehearsal;

beforeAll(async () => {
  stand = await openRehearsal();
});

beforeEach(() => stand.nextSecond());

afterAll(() => stand.close());

function client(accessToken?: string, apiKey = stand.apiKey): OfficialKite {
  return officialKite({ root: stand.root, apiKey, ...(accessToken && { accessToken }) });
}

describe('login', () => {
  test('the page redirects with a request token, action and status', async () => {
    const redirect = await stand.login();
    expect(redirect.searchParams.get('request_token')).toMatch(/^[A-Za-z0-9]{16,}$/);
    expect(redirect.searchParams.get('action')).toBe('login');
    expect(redirect.searchParams.get('status')).toBe('success');
  });

  test('the official client exchanges the request token for a session', async () => {
    const kite = client();
    const session = await kite.generateSession(await stand.requestToken(), stand.apiSecret);
    expect(missingKeys(session, sessionKeys)).toEqual([]);
    expect(session.user_id).toBe(stand.userId);
    expect(session.api_key).toBe(stand.apiKey);
    expect(session.access_token).toMatch(/^[A-Za-z0-9]{16,}$/);
    expect(session.login_time).toBeInstanceOf(Date);
    expect((await kite.getProfile()).user_id).toBe(stand.userId);
  });

  test('a request token works once', async () => {
    const token = await stand.requestToken();
    await client().generateSession(token, stand.apiSecret);
    expect(await refusalOf(client().generateSession(token, stand.apiSecret))).toMatchObject({
      error_type: 'TokenException',
    });
  });

  test('a wrong secret is refused', async () => {
    const token = await stand.requestToken();
    expect(await refusalOf(client().generateSession(token, 'not-the-secret'))).toMatchObject({
      error_type: 'TokenException',
    });
  });

  test('an invented request token is refused', async () => {
    expect(await refusalOf(client().generateSession('x'.repeat(32), stand.apiSecret))).toMatchObject({
      error_type: 'TokenException',
    });
  });

  test('a request token of another API key is refused', async () => {
    const token = await stand.requestToken();
    const other = client(undefined, 'some-other-key');
    expect(await refusalOf(other.generateSession(token, stand.apiSecret))).toHaveProperty('error_type');
  });
});

describe('a session', () => {
  test('shows the profile with every key', async () => {
    const profile = await stand.kite.getProfile();
    expect(missingKeys(profile, profileKeys)).toEqual([]);
    expect(profile.user_id).toBe(stand.userId);
    expect(profile.exchanges).toEqual(expect.arrayContaining(['NSE', 'NFO']));
    expect(profile.products).toEqual(expect.arrayContaining(['CNC', 'NRML', 'MIS']));
    expect(profile.order_types).toEqual(['MARKET', 'LIMIT', 'SL', 'SL-M']);
  });

  test('without a token is refused with 403 and TokenException, which calls the session hook', async () => {
    const kite = client('stale-token');
    let expired = 0;
    kite.setSessionExpiryHook(() => {
      expired += 1;
    });
    expect(await refusalOf(kite.getProfile())).toMatchObject({
      status: 'error',
      error_type: 'TokenException',
    });
    expect(expired).toBe(1);
    const raw = await stand.raw('GET', '/user/profile', { authorization: `token ${stand.apiKey}:stale` });
    expect(raw.status).toBe(403);
  });

  test('without the version header is refused', async () => {
    const raw = await stand.raw('GET', '/user/profile', { 'x-kite-version': '' });
    expect(raw.status).toBe(400);
    expect(JSON.parse(raw.text)).toMatchObject({ status: 'error', error_type: 'InputException' });
  });

  test('an unknown route is 404 in an envelope', async () => {
    const raw = await stand.raw('GET', '/no/such/route');
    expect(raw.status).toBe(404);
    expect(JSON.parse(raw.text)).toMatchObject({ status: 'error' });
  });

  test('a known route with another method is 405', async () => {
    expect((await stand.raw('DELETE', '/user/profile')).status).toBe(405);
  });

  test('ends with logout, and its token is dead', async () => {
    const kite = client();
    await kite.generateSession(await stand.requestToken(), stand.apiSecret);
    expect(await kite.invalidateAccessToken()).toBe(true);
    expect(await refusalOf(kite.getProfile())).toMatchObject({ error_type: 'TokenException' });
    await stand.renew();
  });

  test('cannot be renewed by an individual', async () => {
    expect(await refusalOf(stand.kite.renewAccessToken('', stand.apiSecret))).toHaveProperty('error_type');
    await stand.renew();
  });

  test("dies at 06:00 India time of the sandbox's clock", async () => {
    const kite = client();
    await kite.generateSession(await stand.requestToken(), stand.apiSecret);
    const istDay = 86_400_000;
    const sixInIndia = 30 * 60_000;
    const now = stand.clock.now();
    const death = Math.ceil((now - sixInIndia + 1) / istDay) * istDay + sixInIndia;
    stand.clock.step(death - now - 1_000);
    expect((await kite.getProfile()).user_id).toBe(stand.userId);
    stand.clock.step(1_000);
    expect(await refusalOf(kite.getProfile())).toMatchObject({ error_type: 'TokenException' });
  });
});
