import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  listenForRedirect,
  type Redirect,
  redirectPath,
} from '../../../src/adapters/vault/redirect-listener.ts';
import { codeOf } from '../../../src/domain/errors.ts';
import type { TimerClock } from '../../../src/engine/ports.ts';

const nonce = 'n0nce-of-this-login';
const token = 'abcdefghij0123456789ABCDEFGHIJ01';
const good = `action=login&type=login&status=success&request_token=${token}&state=${nonce}`;

/** A clock whose time comes when the test says so. */
function handClock(): TimerClock & { pass(): void; readonly waits: number[] } {
  const wakes = new Set<() => void>();
  const waits: number[] = [];
  return {
    waits,
    now: () => 1_000_000,
    at(time, wake) {
      waits.push(time - 1_000_000);
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    pass() {
      for (const wake of wakes) wake();
    },
  };
}

let open: Redirect | undefined;
afterEach(() => open?.close());

async function listening(clock = handClock()): Promise<Redirect> {
  open = await listenForRedirect({ port: 0, nonce, clock });
  return open;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(
  port: number,
  path: string,
  { method = 'GET', host = `127.0.0.1:${port}` } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers: { host }, agent: false },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe('the redirect listener (SEC-05)', () => {
  test('takes the request token once, and the door is shut after', async () => {
    const { port, requestToken } = await listening();
    const answer = await ask(port, `${redirectPath}?${good}`);
    expect(answer.status).toBe(200);
    expect(await requestToken).toBe(token);
    await expect(ask(port, `${redirectPath}?${good}`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('answers with a page that runs nothing, tells nobody where it came from and repeats nothing', async () => {
    const { port } = await listening();
    const { headers, body } = await ask(port, `${redirectPath}?${good}`);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(body).not.toMatch(/<script|http|abcdefghij|n0nce/i);
  });

  test.each([
    ['another path', '/', {}, 404],
    ['a path below', `${redirectPath}/x?${good}`, {}, 404],
    ['a path in other letters', `/Kite/redirect?${good}`, {}, 404],
    ['an encoded path', `/kite%2Fredirect?${good}`, {}, 404],
    ['a path with dots', `/x/..${redirectPath}?${good}`, {}, 404],
    ['a whole address', `http://127.0.0.1${redirectPath}?${good}`, {}, 404],
    ['a favicon', '/favicon.ico', {}, 404],
    ['POST', `${redirectPath}?${good}`, { method: 'POST' }, 405],
    ['HEAD', `${redirectPath}?${good}`, { method: 'HEAD' }, 405],
    ['another host', `${redirectPath}?${good}`, { host: 'evil.example' }, 421],
    ['this host on another port', `${redirectPath}?${good}`, { host: '127.0.0.1:80' }, 421],
    ['a host with a trailing dot', `${redirectPath}?${good}`, { host: 'localhost.' }, 421],
    ['no nonce', `${redirectPath}?status=success&request_token=${token}`, {}, 400],
    [
      'another nonce',
      `${redirectPath}?status=success&request_token=${token}&state=n0nce-of-that-login`,
      {},
      400,
    ],
    ['two nonces', `${redirectPath}?${good}&state=${nonce}`, {}, 400],
    ['two tokens', `${redirectPath}?${good}&request_token=${token}`, {}, 400],
    ['a token that is too short', `${redirectPath}?status=success&request_token=abc&state=${nonce}`, {}, 400],
    [
      'a token with markup',
      `${redirectPath}?status=success&request_token=%3Cscript%3Ealert&state=${nonce}`,
      {},
      400,
    ],
    ['a failure without the nonce', `${redirectPath}?status=error`, {}, 400],
  ])('%s is refused and changes nothing', async (_what, path, options, status) => {
    const { port, requestToken } = await listening();
    const refused = await ask(port, path, options);
    expect(refused.status).toBe(status);
    expect(refused.body).not.toMatch(/script|evil/);
    expect((await ask(port, `${redirectPath}?${good}`)).status).toBe(200);
    expect(await requestToken).toBe(token);
  });

  test('localhost is as good a name as 127.0.0.1', async () => {
    const { port, requestToken } = await listening();
    expect((await ask(port, `${redirectPath}?${good}`, { host: `localhost:${port}` })).status).toBe(200);
    expect(await requestToken).toBe(token);
  });

  test('of two that arrive together the second is refused', async () => {
    const { port, requestToken } = await listening();
    const second = token.toLowerCase().replaceAll('0', 'z');
    const raw = (value: string) =>
      `GET ${redirectPath}?${good.replace(token, value)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    const answers = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(raw(token) + raw(second)));
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(await requestToken).toBe(token);
  });

  test('tells once of a login that came back without the nonce, and of nothing else', async () => {
    let told = 0;
    open = await listenForRedirect({ port: 0, nonce, clock: handClock(), onStranger: () => told++ });
    await ask(open.port, '/favicon.ico');
    expect(told).toBe(0);
    await ask(open.port, `${redirectPath}?status=success&request_token=${token}`);
    await ask(open.port, `${redirectPath}?status=success&request_token=${token}&state=x`);
    expect(told).toBe(1);
  });

  test("Kite's own failure ends the wait", async () => {
    const { port, requestToken } = await listening();
    await ask(port, `${redirectPath}?status=error&state=${nonce}`);
    await expect(requestToken).rejects.toMatchObject({ code: 'AUTH_REDIRECT', exitCode: 4 });
  });

  test('closes after 120 seconds, and says what came instead', async () => {
    const clock = handClock();
    const { port, requestToken } = await listening(clock);
    expect(clock.waits).toEqual([120_000]);
    await ask(port, `${redirectPath}?status=success&request_token=${token}`);
    clock.pass();
    await expect(requestToken).rejects.toThrow('within 120 s; 1 other request was refused');
    await expect(ask(port, `${redirectPath}?${good}`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('closes when somebody keeps guessing', async () => {
    const { port, requestToken } = await listening();
    for (let guess = 0; guess < 50; guess++) {
      await ask(port, `${redirectPath}?status=success&request_token=${token}&state=${guess}`);
    }
    await expect(requestToken).rejects.toThrow('50 requests came');
  });

  test('listens on the loopback address only, and says when the port is taken', async () => {
    const { port } = await listening();
    const error = await listenForRedirect({ port, nonce, clock: handClock() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(codeOf(error)).toBe('AUTH_LISTENER');
    await expect(ask6(port)).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNREFUSED|EADDRNOTAVAIL/),
    });
  });
});

function ask6(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '::1', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}
