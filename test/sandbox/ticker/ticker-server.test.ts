import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFaultPlan, type FaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import type { Listed } from '#src/sandbox/market/market.ts';
import { createTickerServer, type TickerServer } from '#src/sandbox/ticker/ticker-server.ts';
import { HeldClock, ScriptedMarket } from '../../support/scripted-market.ts';
import { TickerClient } from '../../support/ticker-client.ts';

const users: Readonly<Record<string, { userId: string; apiKey: string }>> = {
  'token-of-ab': { userId: 'AB0001', apiKey: 'key-of-ab' },
  'token-of-cd': { userId: 'CD0002', apiKey: 'key-of-cd' },
};

let market: ScriptedMarket;
let beat: HeldClock;
let faults: FaultPlan;
let ticker: TickerServer;
let server: Server;
let infosys: Listed;
let nifty: Listed;
let dead: Set<string>;
let clients: TickerClient[];

beforeEach(async () => {
  market = new ScriptedMarket();
  infosys = market.list('NSE', 'INFY', 408065);
  nifty = market.list('NSE', 'NIFTY 50', 256265, 'INDICES');
  market.print(infosys, { lastPrice: 1500 });
  market.print(nifty, { lastPrice: 24_000 });
  beat = new HeldClock();
  faults = createFaultPlan({ seed: 1, clock: market.clock });
  dead = new Set();
  clients = [];
  ticker = createTickerServer({
    market,
    faults,
    beat,
    authenticate: (apiKey, token) =>
      users[token]?.apiKey === apiKey && !dead.has(token) ? users[token] : undefined,
    app: () => ({ appId: 7, apiSecret: 'made-up' }),
  });
  server = createServer();
  server.on('upgrade', (request, socket, head) => ticker.upgrade(request, socket, head));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

afterEach(async () => {
  for (const client of clients) client.close();
  ticker.close();
  await new Promise((done) => server.close(done));
});

async function connect(token = 'token-of-ab', apiKey = users[token]?.apiKey): Promise<TickerClient | number> {
  const { port } = server.address() as AddressInfo;
  const client = await TickerClient.open(`ws://127.0.0.1:${port}/?api_key=${apiKey}&access_token=${token}`);
  if (client instanceof TickerClient) clients.push(client);
  return client;
}

async function connected(token?: string): Promise<TickerClient> {
  const client = await connect(token);
  if (client instanceof TickerClient) return client;
  throw new Error(`refused with ${client}`);
}

async function watching(mode: string, ...listed: Listed[]): Promise<TickerClient> {
  const client = await connected();
  const tokens = listed.map(({ listing }) => listing.token);
  client.send({ a: 'subscribe', v: tokens });
  await client.ticks();
  client.send({ a: 'mode', v: [mode, tokens] });
  await client.ticks();
  return client;
}

const orderRow = { order_id: '261125000000001', order_timestamp: '2026-11-25 10:00:00', pending_quantity: 3 };

describe('the handshake', () => {
  test('refuses a strange token, or the token of another app, with 403', async () => {
    expect(await connect('token-of-nobody', 'key-of-ab')).toBe(403);
    expect(await connect('token-of-ab', 'key-of-cd')).toBe(403);
  });

  test('lets three connections of an API key in; a closed one makes room', async () => {
    const first = await connected();
    await connected();
    await connected();
    expect(await connect()).toBe(429);
    await connected('token-of-cd');
    first.socket.close();
    await first.waitForClose();
    await connected();
  });

  test('a session that dies leaves its open socket alone and lets no new one in', async () => {
    const client = await watching('ltp', infosys);
    dead.add('token-of-ab');
    expect(await connect()).toBe(403);
    market.print(infosys, { lastPrice: 1501 });
    expect((await client.ticks())[0]?.readUInt32BE(4)).toBe(150_100);
  });
});

describe('ticks', () => {
  test('a subscription begins with the last tick, in quote mode', async () => {
    const client = await connected();
    client.send({ a: 'subscribe', v: [408065, 256265] });
    const packets = await client.ticks();
    expect(packets.map((packet) => packet.length)).toEqual([44, 28]);
    expect(packets.map((packet) => packet.readUInt32BE(4))).toEqual([150_000, 2_400_000]);
  });

  test.each([
    ['ltp', [8, 8]],
    ['quote', [44, 28]],
    ['full', [184, 32]],
  ])('mode %s comes in packets of its lengths', async (mode, lengths) => {
    const client = await watching(mode, infosys, nifty);
    market.clock.step(1_000);
    market.print(infosys, { lastPrice: 1502 });
    market.print(nifty, { lastPrice: 24_010 });
    expect((await client.ticks()).map((packet) => packet.length)).toEqual(lengths);
  });

  test('of one instant share a frame, those of the next have their own', async () => {
    const client = await watching('ltp', infosys, nifty);
    market.print(infosys, { lastPrice: 1502 });
    market.print(nifty, { lastPrice: 24_010 });
    market.clock.step(1_000);
    market.print(infosys, { lastPrice: 1503 });
    expect((await client.ticks()).map((packet) => packet.readUInt32BE(4))).toEqual([150_200, 2_401_000]);
    expect((await client.ticks()).map((packet) => packet.readUInt32BE(4))).toEqual([150_300]);
  });

  test('come on change only', async () => {
    const client = await watching('ltp', infosys);
    market.print(infosys, { lastPrice: 1500, volume: 99 });
    await new Promise(setImmediate);
    market.print(infosys, { lastPrice: 1500.05 });
    expect((await client.ticks())[0]?.readUInt32BE(4)).toBe(150_005);
  });

  test('stop with the subscription, and a new one begins with the last tick again', async () => {
    const client = await watching('ltp', infosys, nifty);
    client.send({ a: 'unsubscribe', v: [408065] });
    await client.settled();
    market.print(infosys, { lastPrice: 1502 });
    market.print(nifty, { lastPrice: 24_010 });
    expect((await client.ticks()).map((packet) => packet.readUInt32BE(0))).toEqual([256265]);
    client.send({ a: 'subscribe', v: [408065] });
    expect((await client.ticks()).map((packet) => [packet.length, packet.readUInt32BE(4)])).toEqual([
      [44, 150_200],
    ]);
  });

  test('each connection has its own tokens and modes', async () => {
    const one = await watching('ltp', infosys);
    const other = await watching('full', infosys);
    market.print(infosys, { lastPrice: 1502 });
    expect((await one.ticks())[0]?.length).toBe(8);
    expect((await other.ticks())[0]?.length).toBe(184);
  });

  test('for a slow reader are merged, and the newest arrives when it reads again', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      market.list('NSE', `S${index}`, (index + 1) * 256 + 1),
    );
    for (const listed of many) market.print(listed, {});
    const client = await watching('full', ...many);
    client.socket.pause();
    const rounds = 60;
    for (let round = 1; round <= rounds; round++) {
      market.clock.step(1_000);
      for (const listed of many) market.print(listed, { lastPrice: 100 + round });
      ticker.orderUpdate('AB0001', { ...orderRow, pending_quantity: round });
      await new Promise(setImmediate);
    }
    client.socket.resume();
    const newest = (100 + rounds) * 100;
    let frames = 0;
    let last = 0;
    while (last < newest) {
      frames += 1;
      const packets = await client.ticks();
      last = Math.min(...packets.map((packet) => packet.readUInt32BE(4)));
    }
    expect(frames).toBeLessThan(rounds);
  });

  test('order frames reach a slow reader, every one of them and in order', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      market.list('NSE', `S${index}`, (index + 1) * 256 + 1),
    );
    for (const listed of many) market.print(listed, {});
    const client = await watching('full', ...many);
    client.socket.pause();
    for (let round = 1; round <= 40; round++) {
      market.clock.step(1_000);
      for (const listed of many) market.print(listed, { lastPrice: 100 + round });
      ticker.orderUpdate('AB0001', { ...orderRow, pending_quantity: round });
      await new Promise(setImmediate);
    }
    client.socket.resume();
    for (let round = 1; round <= 40; round++)
      expect((await client.text()).data).toMatchObject({ unfilled_quantity: round });
  });
});

describe('text frames', () => {
  test('a token beyond 3,000 is refused in words and the connection survives', async () => {
    const tokens = Array.from({ length: 3_001 }, (_, index) => (index + 1) * 256 + 1);
    for (const token of tokens) market.list('NSE', `S${token}`, token);
    const client = await connected();
    client.send({ a: 'subscribe', v: tokens });
    expect(await client.text()).toEqual({
      type: 'error',
      data: 'Subscription limit of 3000 instruments exceeded: 1 not subscribed.',
    });
    client.send({ a: 'unsubscribe', v: [257] });
    client.send({ a: 'subscribe', v: [408065] });
    expect((await client.ticks())[0]?.readUInt32BE(0)).toBe(408065);
  });

  test.each([
    'nonsense',
    '{}',
    'null',
    '{"a":"subscribe"}',
    '{"a":"subscribe","v":["408065"]}',
    '{"a":"mode","v":["fast",[408065]]}',
    '{"a":"mode","v":["full"]}',
    '{"a":"order","v":[]}',
  ])('a message such as %s is answered with an error and the connection survives', async (message) => {
    const client = await connected();
    client.send(message);
    expect(await client.text()).toEqual({ type: 'error', data: expect.stringMatching(/^Invalid /) });
    client.send({ a: 'subscribe', v: [408065] });
    expect(await client.ticks()).toHaveLength(1);
  });

  test('an order update reaches every connection of its user and nobody else, signed', async () => {
    const [one, two, other] = [await connected(), await connected(), await connected('token-of-cd')];
    ticker.orderUpdate('AB0001', orderRow);
    ticker.orderUpdate('CD0002', { ...orderRow, order_id: '2' });
    const expected = {
      type: 'order',
      data: {
        ...orderRow,
        user_id: 'AB0001',
        unfilled_quantity: 3,
        app_id: 7,
        // sha256 of "261125000000001" + "2026-11-25 10:00:00" + "made-up", by sha256sum.
        checksum: '82efc5d36f91b51560c15cfda7d799bbdf4cb10a165ca91f98572d150b218f52',
      },
    };
    expect(await one.text()).toEqual(expected);
    expect(await two.text()).toEqual(expected);
    expect((await other.text()).data).toMatchObject({ order_id: '2', user_id: 'CD0002' });
  });
});

describe('the heart', () => {
  test('beats with one byte each second in which nothing else was said', async () => {
    const client = await watching('ltp', infosys);
    beat.step(1_000);
    market.print(infosys, { lastPrice: 1502 });
    await client.ticks();
    beat.step(1_000);
    beat.step(1_000);
    beat.step(1_000);
    await client.settled();
    expect(client.frames.map((frame) => frame.length)).toEqual([1, 1]);
  });
});

describe('faults', () => {
  test('a mute socket stays open and says nothing', async () => {
    const client = await watching('ltp', infosys);
    faults.set({ name: 'socket-mute', count: 1 });
    market.print(infosys, { lastPrice: 1502 });
    await new Promise(setImmediate);
    beat.step(5_000);
    await client.settled();
    expect(client.frames).toEqual([]);
    expect(client.closed).toBe(false);
  });

  test('a stalled socket has a heartbeat and no ticks', async () => {
    const client = await watching('ltp', infosys);
    faults.set({ name: 'socket-stall', count: 1 });
    market.print(infosys, { lastPrice: 1502 });
    await new Promise(setImmediate);
    beat.step(3_000);
    await client.settled();
    expect(client.frames.map((frame) => frame.length)).toEqual([1, 1]);
  });

  test('a cut socket closes', async () => {
    const client = await watching('ltp', infosys);
    faults.set({ name: 'socket-close', count: 1 });
    market.print(infosys, { lastPrice: 1502 });
    await client.waitForClose();
  });

  test('a frame of garbage differs, and the next one is whole', async () => {
    const client = await watching('full', infosys);
    faults.set({ name: 'socket-garbage', count: 1 });
    market.print(infosys, { lastPrice: 1502 });
    const garbage = await client.hear(() => true);
    expect(garbage.length).toBe(188);
    market.print(infosys, { lastPrice: 1503 });
    expect((await client.ticks())[0]?.readUInt32BE(4)).toBe(150_300);
  });

  test('a socket is refused with the status of the fault', async () => {
    faults.set({ name: 'socket-refuse', count: 1 });
    expect(await connect()).toBe(503);
    await connected();
  });

  test('order frames are dropped, doubled, delayed and swapped', async () => {
    const client = await connected();
    const update = (id: string): void => ticker.orderUpdate('AB0001', { ...orderRow, order_id: id });
    faults.set({ name: 'frame-drop', count: 1 });
    update('dropped');
    faults.set({ name: 'frame-twice', count: 1 });
    update('doubled');
    faults.set({ name: 'frame-delay', count: 1, value: 2_000 });
    update('late');
    faults.set({ name: 'frame-swap', count: 1 });
    update('first');
    update('second');
    market.clock.step(2_000);
    const heard: unknown[] = [];
    while (heard.length < 5) heard.push(Reflect.get(Object((await client.text()).data), 'order_id'));
    expect(heard).toEqual(['doubled', 'doubled', 'second', 'first', 'late']);
  });
});
