import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startOfDay } from '#src/domain/time.ts';
import {
  accounts,
  type HeldSandbox,
  heldSandbox,
  inventedHistory,
  playedDay,
} from '../support/held-sandbox.ts';

let history: Awaited<ReturnType<typeof inventedHistory>>;

beforeAll(async () => {
  history = await inventedHistory();
});
afterAll(() => history.remove());

async function withSandbox(
  options: Parameters<typeof heldSandbox>[1],
  use: (sandbox: HeldSandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await heldSandbox(history.store, options);
  try {
    await use(sandbox);
  } finally {
    await sandbox.close();
  }
}

interface Answer {
  readonly status: number;
  readonly json: { status?: string; data?: unknown; message?: string; error_type?: string };
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

async function requestToken({ url }: HeldSandbox, apiKey: string): Promise<string> {
  const response = await fetch(`${url}/connect/login?v=3&auto=1&api_key=${apiKey}`, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '').searchParams.get('request_token') ?? '';
}

function exchanged(
  { url }: HeldSandbox,
  token: string,
  { apiKey, apiSecret } = accounts[0],
): Promise<Answer> {
  const checksum = createHash('sha256')
    .update(apiKey + token + apiSecret)
    .digest('hex');
  const body = new URLSearchParams({ api_key: apiKey, request_token: token, checksum });
  return ask(`${url}/session/token`, { method: 'POST', headers: { 'X-Kite-Version': '3' }, body });
}

async function login(
  sandbox: HeldSandbox,
  account = accounts[0],
): Promise<{ headers: Record<string, string> }> {
  const { json } = await exchanged(sandbox, await requestToken(sandbox, account.apiKey), account);
  const token = String(Reflect.get(Object(json.data), 'access_token'));
  return { headers: { 'X-Kite-Version': '3', Authorization: `token ${account.apiKey}:${token}` } };
}

function control({ url }: HeldSandbox, path: string, body: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return ask(`${url}/sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('login', () => {
  test('the page asks without a script, and its button sends the browser on with a token and the parameters', () =>
    withSandbox({}, async ({ url }) => {
      const query = `v=3&api_key=${accounts[0].apiKey}&redirect_params=${encodeURIComponent('a=1&b=x y')}`;
      const page = await fetch(`${url}/connect/login?${query}`);
      const html = await page.text();
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(html).toContain('Log in');
      expect(html).not.toContain('<script');
      const fields = [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value.replaceAll('&amp;', '&'),
      ]);
      const form = new URLSearchParams(Object.fromEntries(fields));
      form.set('answer', 'yes');
      const sent = await fetch(`${url}/connect/login`, { method: 'POST', body: form, redirect: 'manual' });
      expect(sent.status).toBe(302);
      const target = new URL(sent.headers.get('location') ?? '');
      expect(target.origin + target.pathname).toBe('http://127.0.0.1:5999/callback');
      expect(Object.fromEntries(target.searchParams)).toMatchObject({
        ...{ a: '1', b: 'x y', action: 'login', status: 'success' },
        request_token: expect.stringMatching(/^\w{32}$/),
      });
    }));

  test('a redirect that leads off this computer is refused', () =>
    withSandbox({}, async ({ url }) => {
      const query = `v=3&auto=1&api_key=${accounts[0].apiKey}&redirect_url=http://example.com/`;
      expect((await ask(`${url}/connect/login?${query}`)).status).toBe(400);
    }));

  test('a request token opens one session, by the right checksum, within minutes', () =>
    withSandbox({}, async (sandbox) => {
      const token = await requestToken(sandbox, accounts[0].apiKey);
      const forged = await exchanged(sandbox, token, { ...accounts[0], apiSecret: 'guessed' });
      expect(forged).toMatchObject({ status: 403, json: { error_type: 'TokenException' } });
      const opened = await exchanged(sandbox, token);
      expect(opened).toMatchObject({
        status: 200,
        json: {
          status: 'success',
          data: { user_id: 'AB1234', api_key: accounts[0].apiKey, refresh_token: '' },
        },
      });
      expect(await exchanged(sandbox, token)).toMatchObject({ status: 403 });
      const old = await requestToken(sandbox, accounts[0].apiKey);
      sandbox.base.step(6 * 60_000);
      expect(await exchanged(sandbox, old)).toMatchObject({ status: 403 });
    }));

  test('a session dies at 06:00 of the next morning, by logout, and by the control', () =>
    withSandbox({ overnight: 'run' }, async (sandbox) => {
      const { url, market } = sandbox;
      const one = await login(sandbox);
      const other = await login(sandbox, accounts[1]);
      expect(await ask(`${url}/user/profile`, one)).toMatchObject({ json: { data: { user_id: 'AB1234' } } });
      const key = one.headers.Authorization.slice('token '.length).split(':');
      const logout = `${url}/session/token?api_key=${key[0]}&access_token=${key[1]}`;
      expect(await ask(logout, { ...one, method: 'DELETE' })).toMatchObject({ json: { data: true } });
      expect(await ask(`${url}/user/profile`, one)).toMatchObject({
        status: 403,
        json: { status: 'error', error_type: 'TokenException' },
      });
      market.clock.step(startOfDay(market.dayNumber + 1) + 6 * 3_600_000 - 1 - market.clock.now());
      await market.clock.settled();
      expect(await ask(`${url}/user/profile`, other)).toMatchObject({ status: 200 });
      market.clock.step(1);
      expect(await ask(`${url}/user/profile`, other)).toMatchObject({ status: 403 });
      const third = await login(sandbox);
      expect(await control(sandbox, 'token', { action: 'kill', user: 'AB1234' })).toMatchObject({
        json: { killed: 1 },
      });
      expect(await ask(`${url}/user/profile`, third)).toMatchObject({ status: 403 });
    }));

  test('there is no refresh token for individuals', () =>
    withSandbox({}, async ({ url }) => {
      const answer = await ask(`${url}/session/refresh_token`, {
        method: 'POST',
        headers: { 'X-Kite-Version': '3' },
      });
      expect(answer).toMatchObject({ status: 403, json: { error_type: 'TokenException' } });
    }));
});

describe('the server', () => {
  test('answers in the envelope: unknown paths, wrong methods, missing headers, long bodies', () =>
    withSandbox({}, async (sandbox) => {
      const { url } = sandbox;
      const me = await login(sandbox);
      expect(await ask(`${url}/nowhere`, me)).toMatchObject({ status: 404, json: { status: 'error' } });
      expect(await ask(`${url}/user/profile`, { ...me, method: 'POST' })).toMatchObject({
        status: 405,
        json: { error_type: 'GeneralException' },
      });
      const { Authorization } = me.headers;
      expect(await ask(`${url}/user/profile`, { headers: { Authorization } })).toMatchObject({
        status: 400,
        json: { error_type: 'InputException' },
      });
      expect(await ask(`${url}/user/profile`, { headers: { 'X-Kite-Version': '3' } })).toMatchObject({
        status: 403,
        json: { error_type: 'TokenException' },
      });
      const long = { ...me, method: 'POST', body: 'x'.repeat(1_100_000) };
      expect(await ask(`${url}/session/token`, long)).toMatchObject({ status: 413 });
    }));

  test('a foreign host name is refused, whatever it asks', () =>
    withSandbox({}, async ({ port }) => {
      const { request } = await import('node:http');
      const status = await new Promise((resolve) => {
        request({ port, path: '/user/profile', headers: { host: 'evil.example' } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
      expect(status).toBe(403);
    }));

  test('limits count calendar seconds of real time, by app', () =>
    withSandbox({ limits: true }, async (sandbox) => {
      const { url, base } = sandbox;
      const me = await login(sandbox);
      const other = await login(sandbox, accounts[1]);
      const quote = `${url}/quote/ltp?i=NSE:INFY`;
      expect((await ask(quote, me)).status).toBe(200);
      expect(await ask(quote, me)).toMatchObject({
        status: 429,
        json: { error_type: 'NetworkException', message: 'Too many requests' },
      });
      expect((await ask(quote, other)).status).toBe(200);
      base.step(1_000);
      expect((await ask(quote, me)).status).toBe(200);
    }));

  test('orders from a computer that is not on the whitelist are refused, reads are not', () =>
    withSandbox({}, async (sandbox) => {
      const { url, market } = sandbox;
      const me = await login(sandbox);
      market.clock.step(60_000);
      const order = { exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', quantity: '1' };
      const wanted = { ...order, product: 'CNC', order_type: 'LIMIT', price: '600', validity: 'DAY' };
      const place = () =>
        ask(`${url}/orders/regular`, { ...me, method: 'POST', body: new URLSearchParams(wanted) });
      expect(await place()).toMatchObject({ status: 200, json: { data: { order_id: expect.any(String) } } });
      await control(sandbox, 'static-ip', { refused: true });
      expect(await place()).toMatchObject({ status: 403, json: { error_type: 'PermissionException' } });
      expect(await ask(`${url}/orders`, me)).toMatchObject({ status: 200, json: { data: [{}] } });
    }));

  test('a prefix stands before every path', () =>
    withSandbox({ prefix: '/oms' }, async (sandbox) => {
      const { url } = sandbox;
      expect((await ask(`${url}/user/profile`)).status).toBe(404);
      expect((await ask(`${url}/oms/user/profile`)).status).toBe(400);
    }));
});

describe('market data', () => {
  test('the instrument list has the twelve columns, tokens by the rule, familiar names, and comes packed', () =>
    withSandbox({}, async (sandbox) => {
      const me = await login(sandbox);
      const { request } = await import('node:http');
      const headers = { ...me.headers, 'accept-encoding': 'gzip' };
      const csv = await new Promise<string>((resolve) => {
        request(`${sandbox.url}/instruments`, { headers }, (response) => {
          expect(response.headers).toMatchObject({ 'content-type': 'text/csv', 'content-encoding': 'gzip' });
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve(gunzipSync(Buffer.concat(chunks)).toString()));
        }).end();
      });
      const rows = csv.trim().split('\n');
      expect(rows[0]).toBe(
        'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange',
      );
      expect(rows).toContain('408065,1594,INFY,INFOSYS (synthetic),0,,0,0.05,1,EQ,NSE,NSE');
      expect(rows).toContain('256265,1001,NIFTY 50,NIFTY 50 (synthetic),0,,0,0.05,1,EQ,INDICES,NSE');
      for (const row of rows.slice(1)) {
        const [token, exchangeToken, , , , , , , , , segment] = row.split(',');
        expect(Number(token)).toBe(Number(exchangeToken) * 256 + (segment === 'INDICES' ? 9 : 1));
      }
      const { headers: plain } = me;
      const nothing = await (await fetch(`${sandbox.url}/instruments/MCX`, { headers: plain })).text();
      expect(nothing.trim()).toBe(rows[0]);
    }));

  test('quotes follow the prints, by name or token; strange names are left out, an index has no book', () =>
    withSandbox({}, async (sandbox) => {
      const { url, market } = sandbox;
      const me = await login(sandbox);
      const early = await ask(`${url}/quote/ltp?i=NSE:ZAVORI`, me);
      expect(early.json.data).toMatchObject({ 'NSE:ZAVORI': { last_price: expect.any(Number) } });
      market.clock.step(10 * 60_000);
      const { json } = await ask(`${url}/quote?i=NSE:ZAVORI&i=408065&i=NSE:NOWHERE&i=NSE:NIFTY+50`, me);
      const data = Object(json.data);
      expect(Object.keys(data)).toEqual(['408065', 'NSE:ZAVORI', 'NSE:NIFTY 50']);
      const quote = market.quote('NSE:ZAVORI');
      expect(data['NSE:ZAVORI']).toMatchObject({
        last_price: quote?.lastPrice,
        volume: quote?.volume,
        ohlc: { open: quote?.open, close: quote?.previousClose },
        lower_circuit_limit: quote?.lowerCircuit,
      });
      expect(data['NSE:ZAVORI'].depth.buy).toHaveLength(5);
      expect(data['NSE:NIFTY 50'].depth).toBeUndefined();
      const many = Array.from({ length: 501 }, (_, at) => `i=${at}`).join('&');
      expect(await ask(`${url}/quote?${many}`, me)).toMatchObject({ status: 400 });
      expect(await ask(`${url}/quote/ltp?${many}`, me)).toMatchObject({ status: 200 });
    }));

  test('candles end with the running one, and nothing later than now is told', () =>
    withSandbox({}, async (sandbox) => {
      const { url, market } = sandbox;
      const me = await login(sandbox);
      market.clock.step(32 * 60_000 + 30_000);
      const candles = async (interval: string, from: string, to: string, more = ''): Promise<unknown[][]> => {
        const query = new URLSearchParams({ from, to });
        const { json } = await ask(`${url}/instruments/historical/408065/${interval}?${query}${more}`, me);
        return Object(json.data).candles;
      };
      const day = playedDay;
      const minutes = await candles('minute', `${day} 09:15:00`, `${day} 15:30:00`, '&oi=1');
      expect(minutes).toHaveLength(33);
      expect(minutes[0][0]).toBe(`${day}T09:15:00+0530`);
      expect(minutes[32]).toHaveLength(7);
      const quote = market.quote('NSE:INFY');
      expect(minutes[32][4]).toBe(quote?.lastPrice);
      expect(minutes.reduce((sum, candle) => sum + Number(candle[5]), 0)).toBe(quote?.volume);
      const fifteen = await candles('15minute', `${day} 09:15:00`, `${day} 15:30:00`);
      expect(fifteen.map(([time]) => time)).toEqual([
        `${day}T09:15:00+0530`,
        `${day}T09:30:00+0530`,
        `${day}T09:45:00+0530`,
      ]);
      const stored = await history.store.load('SYN:KENDRUM', '1m', { from: 0, to: Number.POSITIVE_INFINITY });
      expect(minutes[0].slice(1, 6)).toEqual(
        [stored.open, stored.high, stored.low, stored.close, stored.volume].map(
          (column) => column[stored.rowAt(startOfDay(market.dayNumber))],
        ),
      );
      const days = await candles('day', '2026-08-01', '2026-12-01');
      expect(days.map(([time]) => String(time).slice(0, 10))).toEqual(['2026-09-01', '2026-09-02', day]);
      expect(days[2].slice(1)).toEqual([
        quote?.open,
        quote?.high,
        quote?.low,
        quote?.lastPrice,
        quote?.volume,
      ]);
      // The last instant of a span is part of it.
      expect(await candles('minute', `${day} 09:20:00`, `${day} 09:21:00`)).toHaveLength(2);
    }));

  test('a span that is too long, an unknown token and an unknown interval are refused', () =>
    withSandbox({}, async (sandbox) => {
      const me = await login(sandbox);
      const historical = (path: string) => ask(`${sandbox.url}/instruments/historical/${path}`, me);
      expect(await historical('408065/minute?from=2026-01-01&to=2026-09-01')).toMatchObject({
        status: 400,
        json: { error_type: 'InputException', message: 'interval exceeds max limit: 60 days' },
      });
      expect(await historical('1/minute?from=2026-09-01&to=2026-09-02')).toMatchObject({ status: 400 });
      expect(await historical('408065/7minute?from=2026-09-01&to=2026-09-02')).toMatchObject({ status: 400 });
      expect(await historical('408065/minute?from=2026-06-31&to=2026-09-02')).toMatchObject({ status: 400 });
      expect(await historical('408065/day?continuous=1&from=2026-06-30&to=2026-09-02')).toMatchObject({
        status: 400,
      });
    }));
});

describe('the day', () => {
  test('when it ends, the clock goes over the night into the next stored day', () =>
    withSandbox({}, async ({ market }) => {
      const first = market.dayNumber;
      const told: number[] = [];
      market.onDay((dayNumber) => told.push(dayNumber));
      const close = market.hours.close;
      market.clock.step(close - market.clock.now());
      const lastPrice = market.quote('NSE:INFY')?.lastPrice;
      market.clock.step(15 * 60_000);
      await market.clock.settled();
      expect(market.dayNumber).toBe(first + 1);
      expect(told).toEqual([first + 1]);
      expect(market.quote('NSE:INFY')).toBeUndefined();
      expect(market.idleQuote('NSE:INFY')?.previousClose).toBe(lastPrice);
      market.clock.step(market.hours.open + 1_000 - market.clock.now());
      expect(market.quote('NSE:INFY')?.volume).toBeGreaterThan(0);
    }));

  test('entered late, the day has had its morning; entered at night, the night runs', () =>
    withSandbox({ minute: 11 * 60 }, async ({ market }) => {
      // 105 have closed, and the first print of the next came with the first instant of 11:00.
      expect(market.minutesToday('NSE:INFY').length).toBe(106);
      expect(market.quote('NSE:INFY')?.volume).toBeGreaterThan(0);
      const late = await heldSandbox(history.store, { minute: 20 * 60 });
      await late.market.clock.settled();
      expect(late.market.dayNumber).toBe(market.dayNumber);
      expect(late.market.clock.now()).toBe(startOfDay(market.dayNumber) + 20 * 3_600_000);
      await late.close();
    }));

  test('steps over all stored days end after the last', () =>
    withSandbox({}, async (sandbox) => {
      const answer = await control(sandbox, 'clock', { action: 'step', ms: 5 * 86_400_000 });
      expect(answer).toMatchObject({ status: 200, json: { day: '2026-09-07', paused: true } });
    }));

  test('a control that is no JSON, or asks nonsense, is refused', () =>
    withSandbox({}, async (sandbox) => {
      expect(await control(sandbox, 'clock', { action: 'step', ms: -1 })).toMatchObject({ status: 400 });
      const form = { method: 'POST', body: new URLSearchParams({ action: 'pause' }) };
      expect(await ask(`${sandbox.url}/sandbox/clock`, form)).toMatchObject({ status: 415 });
      expect(await ask(`${sandbox.url}/sandbox/clock`)).toMatchObject({ status: 405 });
    }));
});
