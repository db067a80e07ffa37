import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import { createPostbacks, postbackUrl } from '#src/sandbox/postbacks/postbacks.ts';
import { orderPayload } from '#src/sandbox/ticker/order-frames.ts';
import { HeldClock } from '../../support/scripted-market.ts';

let server: Server;
let received: Array<{ url: string; body: Record<string, unknown> }>;
let status: number;

beforeEach(async () => {
  received = [];
  status = 200;
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    received.push({ url: request.url ?? '', body: JSON.parse(text) });
    response.writeHead(status).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function postbacks(url?: string) {
  const clock = new HeldClock();
  const faults = createFaultPlan({ seed: 1, clock });
  const { port } = server.address() as AddressInfo;
  const target = url ?? `http://127.0.0.1:${port}/hook?of=me`;
  const app = (userId: string) =>
    userId === 'AB0001' ? { appId: 7, apiSecret: 'made-up', postbackUrl: target } : undefined;
  return { faults, posts: createPostbacks({ clock, faults, app }) };
}

const row = {
  order_id: '261125000000001',
  order_timestamp: '2026-11-25 10:00:00',
  status: 'COMPLETE',
  pending_quantity: 0,
};

describe('postbacks', () => {
  test('carry the row, the unfilled quantity and a checksum that the official client accepts', async () => {
    const { posts } = postbacks();
    posts.orderUpdate('AB0001', row);
    await posts.close();
    expect(received).toEqual([
      { url: '/hook?of=me', body: orderPayload('AB0001', row, { appId: 7, apiSecret: 'made-up' }) },
    ]);
    expect(posts.counts).toEqual({ delivered: 1, failed: 0 });
    const { KiteConnect } = await import('kiteconnect');
    const body = received[0]?.body;
    const official = new KiteConnect({ api_key: 'any' });
    expect(official.validatePostback(body as never, 'made-up')).toBe(true);
    expect(official.validatePostback({ ...body, order_id: '2' } as never, 'made-up')).toBe(false);
  });

  test('go to the account of the order alone, and interim statuses are not posted', async () => {
    const { posts } = postbacks();
    posts.orderUpdate('CD0002', row);
    posts.orderUpdate('AB0001', { ...row, status: 'VALIDATION PENDING' });
    posts.orderUpdate('AB0001', { ...row, status: 'OPEN PENDING' });
    await posts.close();
    expect(received).toEqual([]);
  });

  test('a receiver that refuses or is absent is counted and nothing is sent again', async () => {
    status = 500;
    const { posts } = postbacks();
    posts.orderUpdate('AB0001', row);
    await posts.close();
    expect(posts.counts).toEqual({ delivered: 0, failed: 1 });
    const { posts: nobody } = postbacks('http://127.0.0.1:9/');
    nobody.orderUpdate('AB0001', row);
    await nobody.close();
    expect(nobody.counts).toEqual({ delivered: 0, failed: 1 });
    expect(received).toHaveLength(1);
  });

  test('are dropped and doubled like order frames', async () => {
    const { posts, faults } = postbacks();
    faults.set({ name: 'frame-drop', count: 1 });
    posts.orderUpdate('AB0001', { ...row, order_id: 'dropped' });
    faults.set({ name: 'frame-twice', count: 1, value: 3 });
    posts.orderUpdate('AB0001', { ...row, order_id: 'tripled' });
    await posts.close();
    expect(received.map(({ body }) => body.order_id)).toEqual(['tripled', 'tripled', 'tripled']);
  });

  test.each(['http://127.0.0.1:8080/hook', 'http://localhost:1/', 'http://[::1]:8080/x'])(
    'may go to %s',
    (url) => {
      expect(postbackUrl(url)).toBe(url);
    },
  );

  test.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'ftp://localhost/',
    'http://127.0.0.1.example.com/',
    'hook',
  ])('may not go to %s', (url) => {
    expect(() => postbackUrl(url)).toThrow(
      expect.objectContaining({ code: 'CONFIG_SANDBOX_POSTBACK', message: expect.stringContaining(url) }),
    );
  });
});
