import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OfficialTicker } from './official-ticker.ts';
import { refusalOf } from './refusal.ts';
import { openRehearsal, type Rehearsal } from './rehearsal.ts';

/*
 * The official ticker on the whole sandbox: what it hears is what the quotes say.
 */

let stand: Rehearsal;
let ticker: OfficialTicker;
let receiver: Server;
let posted: Promise<Record<string, unknown>>;

beforeAll(async () => {
  let received: (body: Record<string, unknown>) => void;
  posted = new Promise((resolve) => {
    received = resolve;
  });
  receiver = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end();
    received(JSON.parse(text));
  });
  await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
  const { port } = receiver.address() as AddressInfo;
  stand = await openRehearsal({ postbackUrl: `http://127.0.0.1:${port}/postback` });
  ticker = new OfficialTicker({
    root: stand.wsRoot,
    apiKey: stand.apiKey,
    accessToken: stand.accessToken,
  });
  await ticker.hear('connect');
});

beforeEach(() => stand.nextSecond());

afterAll(async () => {
  await ticker.close();
  await stand.close();
  await new Promise((done) => receiver.close(done));
});

const update = {
  order_id: '260513000000001',
  order_timestamp: '2026-05-13 10:00:00',
  status: 'COMPLETE',
  pending_quantity: 0,
};

describe('the official ticker on the sandbox', () => {
  test('begins with the last price that the quotes have', async () => {
    ticker.call('subscribe', [408065]);
    const tick = await ticker.tick(408065);
    expect(tick.last_price).toBe((await stand.kite.getLTP(['NSE:INFY']))['NSE:INFY']?.last_price);
  });

  test('in mode full hears the quote, field by field', async () => {
    ticker.call('setMode', 'full', [408065]);
    const tick = await ticker.tick(408065, 'full');
    const { 'NSE:INFY': quote } = await stand.kite.getQuote(['NSE:INFY']);
    expect(tick).toMatchObject({
      last_price: quote?.last_price,
      last_traded_quantity: Reflect.get(Object(quote), 'last_quantity'),
      volume_traded: Reflect.get(Object(quote), 'volume'),
      ohlc: quote?.ohlc,
      depth: quote?.depth,
    });
  });

  test('hears the market go on', async () => {
    const { time } = quoteOf();
    stand.play(120);
    for (;;) {
      const tick = await ticker.tick(408065, 'full');
      const { time: newest } = quoteOf();
      if (Date.parse(tick.exchange_timestamp ?? '') !== Math.floor(newest / 1_000) * 1_000) continue;
      expect(newest).toBeGreaterThan(time);
      break;
    }
  });

  test('hears an index in mode full', async () => {
    ticker.call('subscribe', [256265]);
    ticker.call('setMode', 'full', [256265]);
    const tick = await ticker.tick(256265, 'full');
    const { 'NSE:NIFTY 50': quote } = await stand.kite.getQuote(['NSE:NIFTY 50']);
    expect(tick).toMatchObject({ tradable: false, last_price: quote?.last_price, ohlc: quote?.ohlc });
  });

  test('hears order updates, and they are posted, signed', async () => {
    stand.sandbox.orderUpdate(stand.userId, update);
    expect(await ticker.hear('order_update')).toMatchObject({
      order_id: update.order_id,
      user_id: stand.userId,
    });
    const body = await posted;
    expect(body).toMatchObject({ order_id: update.order_id, unfilled_quantity: 0 });
    expect(stand.kite.validatePostback(body, stand.apiSecret)).toBe(true);
  });

  test('hears what becomes of an order that is placed', async () => {
    const order_id = await place({ tag: 'heard' });
    for (;;) {
      const update = Object(await ticker.hear('order_update'));
      if (update.order_id !== order_id || update.status !== 'OPEN') continue;
      expect(update).toMatchObject({ tag: 'heard', user_id: stand.userId, unfilled_quantity: 1 });
      break;
    }
  });

  test('keeps its socket when the session dies, and cannot open another', async () => {
    stand.sandbox.accounts.kill(stand.userId);
    expect(await refusalOf(stand.kite.getProfile())).toMatchObject({ error_type: 'TokenException' });
    stand.sandbox.orderUpdate(stand.userId, { ...update, order_id: '2' });
    expect(await ticker.hear('order_update')).toMatchObject({ order_id: '2' });
    const other = new OfficialTicker({
      root: stand.wsRoot,
      apiKey: stand.apiKey,
      accessToken: stand.accessToken,
    });
    expect(await other.hear('error')).toContain('403');
    await other.close();
    await stand.renew();
  });
});

describe('faults of the sandbox, as the official client sees them', () => {
  test('too many requests are a NetworkException', async () => {
    stand.sandbox.faults.set({ name: 'too-many', count: 1 });
    expect(await refusalOf(stand.kite.getProfile())).toMatchObject({ error_type: 'NetworkException' });
  });

  // A page instead of JSON resolves: the official client hands an error out as if it were an answer. Ours refuses it.
  test('a maintenance page resolves with an error inside, which is its own fault', async () => {
    stand.sandbox.faults.set({ name: 'html-before', count: 1 });
    expect(await stand.kite.getProfile()).toMatchObject({ error_type: 'DataException' });
  });

  test('a reset is a NetworkException without a status', async () => {
    stand.sandbox.faults.set({ name: 'reset-before', count: 1 });
    expect(await refusalOf(stand.kite.getProfile())).toMatchObject({
      error_type: 'NetworkException',
      message: expect.stringContaining('ECONNRESET'),
    });
  });

  test("a gateway's page is a NetworkException", async () => {
    stand.sandbox.faults.set({ name: 'error-html', count: 1 });
    expect(await refusalOf(stand.kite.getProfile())).toMatchObject({ error_type: 'NetworkException' });
  });

  test('a dead token is a TokenException', async () => {
    stand.sandbox.faults.set({ name: 'token-death', count: 1 });
    expect(await refusalOf(stand.kite.getProfile())).toMatchObject({ error_type: 'TokenException' });
    await stand.renew();
  });

  test('an order whose answer never comes is in the book, under its tag', async () => {
    stand.sandbox.faults.set({ name: 'reset-after', count: 1, path: 'orders', method: 'POST' });
    expect(await refusalOf(place({ tag: 'lost' }))).toMatchObject({ error_type: 'NetworkException' });
    expect((await stand.kite.getOrders()).filter(({ tag }) => tag === 'lost')).toHaveLength(1);
  });

  test('an order that met a reset before it was carried out is not in the book', async () => {
    stand.sandbox.faults.set({ name: 'reset-before', count: 1, path: 'orders', method: 'POST' });
    expect(await refusalOf(place({ tag: 'never' }))).toMatchObject({ error_type: 'NetworkException' });
    expect((await stand.kite.getOrders()).filter(({ tag }) => tag === 'never')).toHaveLength(0);
  });

  test('an order may be late in the book', async () => {
    stand.sandbox.faults.set({ name: 'late-order', count: 1, value: 3_000 });
    const order_id = await place();
    const seen = async () => (await stand.kite.getOrders()).some((order) => order.order_id === order_id);
    expect(await seen()).toBe(false);
    stand.play(3);
    expect(await seen()).toBe(true);
  });

  test('an order is rejected by the exchange', async () => {
    stand.sandbox.faults.set({ name: 'reject-order', count: 1 });
    const order_id = await place();
    stand.play(1);
    const [last] = (await stand.kite.getOrderHistory(order_id)).slice(-1);
    expect(last).toMatchObject({
      status: 'REJECTED',
      status_message: expect.stringContaining('injected by a fault of the sandbox'),
    });
  });

  test('a fill comes in parts', async () => {
    stand.sandbox.faults.set({ name: 'split-fill', count: 1, value: 3 });
    const order_id = await place({ order_type: 'MARKET', price: 0, market_protection: -1, quantity: 9 });
    stand.play(600);
    const trades = await stand.kite.getOrderTrades(order_id);
    expect(trades.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(9);
    expect(trades.length).toBeGreaterThanOrEqual(3);
  });

  test('a whole answer comes when the fault is over', async () => {
    expect((await stand.kite.getProfile()).user_id).toBe(stand.userId);
  });
});

/** Places an order of NSE:INFY that rests below the market unless its fields say otherwise. */
async function place(fields: Readonly<Record<string, string | number>> = {}): Promise<string> {
  const last = stand.sandbox.market.quote('NSE:INFY')?.lastPrice ?? 0;
  const { order_id } = await stand.kite.placeOrder('regular', {
    exchange: 'NSE',
    tradingsymbol: 'INFY',
    transaction_type: 'BUY',
    quantity: 1,
    product: 'CNC',
    order_type: 'LIMIT',
    validity: 'DAY',
    price: Math.floor(last * 0.985),
    ...fields,
  });
  return order_id;
}

function quoteOf(): { readonly time: number } {
  const quote = stand.sandbox.market.quote('NSE:INFY');
  if (!quote) throw new Error('NSE:INFY has no quote');
  return { time: quote.time };
}
