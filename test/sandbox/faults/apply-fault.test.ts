import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { applyFault } from '#src/sandbox/faults/apply-fault.ts';
import { createFaultPlan, type FaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import { HeldClock } from '../../support/scripted-market.ts';

let clock: HeldClock;
let plan: FaultPlan;
let server: Server;
let carriedOut: number;
let waits: () => void;

beforeEach(async () => {
  clock = new HeldClock();
  plan = createFaultPlan({ seed: 1, clock });
  carriedOut = 0;
  waits = () => {};
  const at = clock.at.bind(clock);
  clock.at = (time, wake) => {
    const cancel = at(time, wake);
    waits();
    return cancel;
  };
  server = createServer(async (asked, response) => {
    const site = { method: asked.method ?? '', path: asked.url ?? '' };
    const early = plan.before(site);
    if (early && (await applyFault(early, response, clock)) === 'done') return;
    carriedOut += 1;
    const reply = {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"status":"success","data":{"order_id":"1"}}'),
    };
    const late = plan.after(site);
    if (late && (await applyFault(late, response, clock, reply)) === 'done') return;
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

interface Heard {
  readonly status?: number | undefined;
  readonly type?: string | undefined;
  readonly body: string;
  readonly error?: string;
}

function ask(giveUp?: AbortSignal): Promise<Heard> {
  return new Promise((resolve) => {
    const { port } = server.address() as AddressInfo;
    const asked = request(
      { port, host: '127.0.0.1', method: 'POST', path: '/orders/regular', agent: false, signal: giveUp },
      async (response: IncomingMessage) => {
        let body = '';
        const heard = { status: response.statusCode, type: response.headers['content-type'] };
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ ...heard, body }));
        response.on('error', (error: NodeJS.ErrnoException) =>
          resolve({ ...heard, body, error: error.code ?? '' }),
        );
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => resolve({ body: '', error: error.code ?? '' }));
    asked.end();
  });
}

describe('a fault of a request', () => {
  test.each([
    ['timeout-before', 0],
    ['timeout-after', 1],
  ] as const)('%s leaves the client without an answer; requests carried out: %d', async (name, done) => {
    plan.set({ name });
    const giveUp = new AbortController();
    const answered = new Promise<void>((resolve) => server.once('request', () => setImmediate(resolve)));
    const asked = ask(giveUp.signal);
    await answered;
    giveUp.abort();
    expect(await asked).toEqual({ body: '', error: 'ABORT_ERR' });
    expect(carriedOut).toBe(done);
  });

  test.each([
    ['reset-before', 0],
    ['reset-after', 1],
  ] as const)('%s resets the connection; requests carried out: %d', async (name, done) => {
    plan.set({ name });
    expect(await ask()).toEqual({ body: '', error: 'ECONNRESET' });
    expect(carriedOut).toBe(done);
  });

  test.each([
    ['too-many', undefined, 0, 429, 'application/json', 'Too many requests'],
    ['error-json', 500, 0, 500, 'application/json', 'GeneralException'],
    ['error-json', undefined, 0, 503, 'application/json', 'NetworkException'],
    ['error-html', undefined, 0, 502, 'text/html; charset=utf-8', '<html>'],
    ['html-before', undefined, 0, 200, 'text/html; charset=utf-8', 'maintenance'],
    ['html-after', undefined, 1, 200, 'text/html; charset=utf-8', 'maintenance'],
    ['error-after', undefined, 1, 504, 'application/json', 'NetworkException'],
    ['empty', undefined, 1, 200, 'application/json', ''],
  ] as const)('%s (%s) after %d carried out answers %d', async (name, value, done, status, type, words) => {
    plan.set({ name, value });
    const heard = await ask();
    expect(heard).toMatchObject({ status, type });
    expect(heard.body).toContain(words);
    expect(carriedOut).toBe(done);
  });

  test.each([0, 1, 20])('truncate breaks the answer off after byte %d', async (value) => {
    plan.set({ name: 'truncate', value });
    const heard = await ask();
    expect(heard).toMatchObject({ status: 200, error: 'ECONNRESET' });
    expect(heard.body).toBe('{"status":"success","data":{"order_id":"1"}}'.slice(0, value));
    expect(carriedOut).toBe(1);
  });

  test.each([
    ['slow-accept', 0],
    ['slow-reply', 1],
  ] as const)('%s waits on the clock of the sandbox; carried out meanwhile: %d', async (name, meanwhile) => {
    plan.set({ name, value: 30_000 });
    const waiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const asked = ask();
    await waiting;
    expect(carriedOut).toBe(meanwhile);
    clock.step(30_000);
    expect((await asked).body).toContain('order_id');
    expect(carriedOut).toBe(1);
  });
});
