import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as plainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createKiteClient } from '../../../src/adapters/kite/kite-client.ts';
import { data, error, heldClient, type RawServer, rawServer, reply } from './raw-server.ts';

const canary = 'canary-of-the-session';
const order = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  quantity: 1,
  order_type: 'MARKET',
  product: 'MIS',
};
let server: RawServer | undefined;
let close: (() => void) | undefined;
afterEach(async () => {
  close?.();
  await server?.close();
  close = undefined;
  server = undefined;
});

/** A key and a certificate that nobody signed, made here; undefined where openssl is missing. */
function strangersCertificate(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'algo-tls-'));
  try {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
    const asked = `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=127.0.0.1`;
    execFileSync('openssl', asked.split(' '), { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    process.stderr.write('skipped: a server with a strange certificate needs openssl\n');
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the connection', () => {
  test('takes an answer that came in time, however late this computer looks at it', async () => {
    server = await rawServer((socket) => {
      socket.write(reply(200, data({ user_id: 'AB1234' })));
      // The answer is on its way, and this process does nothing for longer than it would wait.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    });
    const held = heldClient(server.root, { timeoutMs: 150 });
    close = held.close;
    expect(await held.client.profile()).toMatchObject({ user_id: 'AB1234' });
    expect(server.requests.length).toBe(1);
  });

  const certificate = strangersCertificate();
  (certificate ? test : test.skip)('tells a server with a strange certificate nothing at all', async () => {
    const heard: string[] = [];
    const stranger = createServer({ ...certificate }, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', (bytes) => heard.push(bytes.toString('latin1')));
    });
    stranger.on('tlsClientError', () => undefined);
    await new Promise<void>((ready) => stranger.listen(0, '127.0.0.1', ready));
    const held = heldClient(`https://127.0.0.1:${Reflect.get(Object(stranger.address()), 'port')}`, {
      accessToken: canary,
    });
    close = held.close;
    expect((await held.client.placeOrder('regular', order)).kind).toBe('not-sent');
    await new Promise((closed) => stranger.close(closed));
    expect(heard).toEqual([]);
  });

  test('that stands but never finishes its handshake has sent nothing', async () => {
    const mute = plainServer((socket) => socket.on('error', () => socket.destroy()).resume());
    await new Promise<void>((ready) => mute.listen(0, '127.0.0.1', ready));
    const held = heldClient(`https://127.0.0.1:${Reflect.get(Object(mute.address()), 'port')}`, {
      timeoutMs: 200,
    });
    close = held.close;
    expect((await held.client.placeOrder('regular', order)).kind).toBe('not-sent');
    await new Promise((closed) => mute.close(closed));
  });

  test.each(['http://kite.example', 'ftp://127.0.0.1', 'https://user:secret@api.kite.trade', 'kite'])(
    'is not made to %s, where secrets must not go',
    (root) => {
      const given = { root, apiKey: 'key', accessToken: canary, clock: { now: () => 0 } };
      const waiting = { sleep: async () => undefined, random: () => 0 };
      const wire = { send: () => Promise.reject(new Error('sent')), close: () => undefined };
      expect(() => createKiteClient({ ...given, wire, waiting })).toThrow(/secrets are not sent there/);
    },
  );
});

test('what a server sends back of our secrets is shown to nobody', async () => {
  const echo = error(
    'InputException',
    `bad header: Authorization: token key:${canary}, access_token=${canary}`,
  );
  server = await rawServer((socket) => socket.end(reply(400, echo)));
  const held = heldClient(server.root, { accessToken: canary });
  close = held.close;
  const outcome = JSON.stringify(await held.client.placeOrder('regular', order));
  expect(outcome).toContain('[secret]');
  const login = held.client.generateSession({ apiSecret: canary, requestToken: canary });
  const failures = await Promise.allSettled([held.client.orders(), login]);
  for (const failure of failures) expect(failure.status).toBe('rejected');
  const shown = failures.map((failure) =>
    String(Reflect.get(Object(Reflect.get(failure, 'reason')), 'stack')),
  );
  expect(outcome + shown.join('')).not.toContain(canary);
});

test('market orders always go out with protection, and nothing else does', async () => {
  server = await rawServer((socket) => socket.end(reply(200, data({ order_id: '1' }))));
  const held = heldClient(server.root);
  close = held.close;
  await held.client.placeOrder('regular', order);
  await held.client.placeOrder('regular', { ...order, market_protection: 2 });
  await held.client.placeOrder('regular', { ...order, order_type: 'LIMIT', price: 100 });
  const sent = server.requests.map((request) => /market_protection=([^&]*)/.exec(request)?.[1]);
  expect(sent).toEqual(['-1', '2', undefined]);
});

test('a trigger whose fate nobody knows is not placed again', async () => {
  server = await rawServer((socket, _request, number) =>
    number === 1 ? socket.write(reply(200, data({ trigger_id: 123 }))) : socket.destroy(),
  );
  const held = heldClient(server.root);
  close = held.close;
  const fields = { type: 'single', condition: '{}', orders: '[]' };
  expect(await held.client.placeTrigger(fields)).toEqual({
    kind: 'acknowledged',
    orderId: '123',
    slices: [],
  });
  expect((await held.client.placeTrigger(fields)).kind).toBe('unknown');
  expect(server.requests.length).toBe(2);
});

test('an answer to a conversion of a position is read as an outcome too', async () => {
  server = await rawServer((socket, _request, number) =>
    socket.end(reply(200, number === 1 ? data(true) : data(false))),
  );
  const held = heldClient(server.root);
  close = held.close;
  expect((await held.client.convertPosition({ quantity: 1 })).kind).toBe('acknowledged');
  expect((await held.client.convertPosition({ quantity: 1 })).kind).toBe('unknown');
});

test('a server that asks for more patience than a minute is not asked again', async () => {
  const busy = error('NetworkException', 'Too many requests');
  server = await rawServer((socket) => socket.end(reply(429, busy, { 'Retry-After': '600' })));
  const held = heldClient(server.root);
  close = held.close;
  await expect(held.client.profile()).rejects.toMatchObject({ code: 'BROKER_LIMIT' });
  expect(server.requests.length).toBe(1);
});

test('a server may ask for patience with a date of its own clock', async () => {
  const busy = error('NetworkException', 'Too many requests');
  const wait = { Date: 'Mon, 01 Jun 2026 04:00:00 GMT', 'Retry-After': 'Mon, 01 Jun 2026 04:00:30 GMT' };
  const user = data({ user_id: 'AB1234' });
  server = await rawServer((socket, _request, number) =>
    socket.end(number === 1 ? reply(429, busy, wait) : reply(200, user)),
  );
  const held = heldClient(server.root);
  close = held.close;
  await held.client.profile();
  expect(Math.max(...held.slept)).toBeGreaterThanOrEqual(30_000);
});
