import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KiteTicker } from 'kiteconnect';
import type { KiteClient } from '#src/adapters/kite/kite-client.ts';
import { TickColumns, tickAt } from '#src/adapters/kite/tick-columns.ts';
import { noCounts, readFrame } from '#src/adapters/kite/ticker-frame.ts';
import { codeOf } from '#src/domain/errors.ts';
import { testWithShared } from '../support/shared-data.ts';
import { disagreements } from './agreement.ts';
import { type OfficialKite, officialKite } from './official-kite.ts';
import type { OfficialTick } from './official-ticker.ts';
import { ourKite } from './our-kite.ts';
import { openReplyServer, type ReplyServer } from './reply-server.ts';

/*
 * Our client and the official one read the same bytes to the same values. Where the official one is wrong, a test of
 * its own says what ours does instead, and why.
 */

let server: ReplyServer;
let official: OfficialKite;
let ours: KiteClient;
let close: () => void;

beforeAll(async () => {
  server = await openReplyServer();
  const session = { root: server.root, apiKey: 'key', accessToken: 'token' };
  official = officialKite(session);
  ({ client: ours, close } = ourKite(session));
});

afterAll(async () => {
  close();
  await server.close();
});

interface Reading {
  readonly ours: () => Promise<unknown>;
  readonly official: () => Promise<unknown>;
}

const readings: Readonly<Record<string, Reading>> = {
  'profile.json': { ours: () => ours.profile(), official: () => official.getProfile() },
  'margins.json': { ours: () => ours.margins(), official: () => official.getMargins() },
  'orders.json': { ours: () => ours.orders(), official: () => official.getOrders() },
  'trades.json': { ours: () => ours.trades(), official: () => official.getTrades() },
  'holdings.json': { ours: () => ours.holdings(), official: () => official.getHoldings() },
  'ohlc.json': { ours: () => ours.ohlc(['NSE:INFY']), official: () => official.getOHLC(['NSE:INFY']) },
  'ltp.json': { ours: () => ours.ltp(['NSE:INFY']), official: () => official.getLTP(['NSE:INFY']) },
  'order_margins.json': { ours: () => ours.orderMargins([]), official: () => official.orderMargins([]) },
  'basket_margins.json': {
    ours: () => ours.basketMargins([]),
    official: () => official.orderBasketMargins([]),
  },
  'virtual_contract_note.json': {
    ours: () => ours.contractNote([]),
    official: () => official.getvirtualContractNote([]),
  },
  'gtt_get_orders.json': { ours: () => ours.triggers(), official: () => official.getGTTs() },
};

async function differences({ ours: mine, official: theirs }: Reading): Promise<readonly string[]> {
  return disagreements(await mine(), await theirs());
}

function success(data: unknown): void {
  server.answer({ body: JSON.stringify({ status: 'success', data }) });
}

describe("Kite's published replies", () => {
  for (const [file, reading] of Object.entries(readings))
    testWithShared(`kite-mocks/${file}`, `${file} has the same values in both clients`, async (path) => {
      server.answer({ body: readFileSync(path, 'utf8') });
      expect(await differences(reading)).toEqual([]);
    });

  testWithShared(
    'kite-mocks/historical_minute.json',
    'candles have the same values in both clients',
    async (path) => {
      server.answer({ body: readFileSync(path, 'utf8') });
      await sameCandles();
    },
  );

  testWithShared('kite-mocks/ticker_quote.packet', 'a quote packet has the same values in both', (path) => {
    expect(packetDifferences(Buffer.from(readFileSync(path, 'utf8'), 'base64'))).toEqual([]);
  });
});

const order = {
  placed_by: 'AB0001',
  order_id: '261125000000001',
  exchange_order_id: null,
  parent_order_id: null,
  status: 'A STATUS OF TOMORROW',
  status_message: null,
  status_message_raw: null,
  order_timestamp: '2026-11-25 09:18:57',
  exchange_update_timestamp: null,
  exchange_timestamp: null,
  variety: 'regular',
  modified: false,
  exchange: 'NSE',
  tradingsymbol: 'M&M',
  instrument_token: 519937,
  order_type: 'LIMIT',
  transaction_type: 'BUY',
  validity: 'DAY',
  product: 'CNC',
  quantity: 3,
  disclosed_quantity: 0,
  price: 3071.55,
  trigger_price: 0,
  average_price: 0,
  filled_quantity: 1,
  pending_quantity: 2,
  cancelled_quantity: 0,
  market_protection: 0,
  meta: { iceberg: { leg: 1, legs: 5 } },
  tag: 'mine',
  tags: ['mine', 'autoslice'],
  guid: 'x',
};

async function sameCandles(): Promise<void> {
  const mine = await ours.historical({ token: 1, interval: 'minute', from: 0, to: 0, openInterest: true });
  const theirs = await official.getHistoricalData(1, 'minute', '', '', false, true);
  expect(mine.length).toBe(theirs.length);
  expect(mine.length).toBeGreaterThan(0);
  theirs.forEach((candle, row) => {
    expect({
      date: new Date(mine.time[row]),
      open: mine.open[row],
      high: mine.high[row],
      low: mine.low[row],
      close: mine.close[row],
      volume: mine.volume[row],
    }).toEqual({
      date: candle.date,
      open: candle.open,
      high: candle.high,
      low: candle.low,
      close: candle.close,
      volume: candle.volume,
    });
  });
}

describe('replies made here', () => {
  test('an order of a status nobody knows has the same values in both clients', async () => {
    success([order]);
    expect(await differences({ ours: () => ours.orders(), official: () => official.getOrders() })).toEqual(
      [],
    );
  });

  test('states of an order have the same values in both clients', async () => {
    success([order, { ...order, status: 'OPEN', exchange_order_id: '11' }]);
    expect(
      await differences({
        ours: () => ours.orderHistory('261125000000001'),
        official: () => official.getOrderHistory('261125000000001'),
      }),
    ).toEqual([]);
  });

  test('a quote with depth has the same values in both clients', async () => {
    success({
      'NSE:INFY': {
        instrument_token: 408065,
        timestamp: '2026-11-25 10:00:00',
        last_trade_time: '2026-11-25 09:59:59',
        last_price: 1412.95,
        last_quantity: 5,
        buy_quantity: 0,
        sell_quantity: 5191,
        volume: 3_000_000_000,
        average_price: 1412.47,
        oi: 0,
        oi_day_high: 0,
        oi_day_low: 0,
        net_change: 0,
        lower_circuit_limit: 1250.7,
        upper_circuit_limit: 1528.6,
        ohlc: { open: 1396, high: 1421.75, low: 1395.55, close: 1389.65 },
        depth: {
          buy: [{ price: 1412.9, quantity: 3, orders: 1 }],
          sell: [{ price: 1412.95, quantity: 5191, orders: 13 }],
        },
      },
    });
    expect(
      await differences({
        ours: () => ours.quote(['NSE:INFY']),
        official: () => official.getQuote(['NSE:INFY']),
      }),
    ).toEqual([]);
  });

  test('candles with open interest have the same values in both clients', async () => {
    success({ candles: [['2026-11-25T09:15:00+0530', 1, 2.5, 0.5, 2, 10, 700]] });
    await sameCandles();
  });

  test('an instrument that Kite leaves out is absent in both', async () => {
    success({});
    expect((await ours.quote(['NSE:NOSUCH'])).size).toBe(0);
    expect(await official.getQuote(['NSE:NOSUCH'])).toEqual({});
  });

  test('an acknowledged order has the same id in both clients', async () => {
    success({ order_id: '151220000000000' });
    expect(await ours.placeOrder('regular', {})).toMatchObject({
      kind: 'acknowledged',
      orderId: (await official.placeOrder('regular', {})).order_id,
    });
  });
});

describe('where the official client is wrong', () => {
  test('instants are those of India in ours, in the zone of the computer there', async () => {
    success([order]);
    const [mine] = await ours.orders();
    expect(mine?.order_timestamp).toBe(Date.UTC(2026, 10, 25, 3, 48, 57));
  });

  test.each([
    ['a page of HTML', { contentType: 'text/html', body: '<html>maintenance</html>' }],
    ['a truncated answer', { body: '{"status":"success","data":{"order_id":"15' }],
    ['an empty answer', { body: '' }],
    ["a gateway's time-out", { status: 504, contentType: 'text/html', body: '<html>' }],
    ['an answer without an id', { body: '{"status":"success","data":{}}' }],
  ])(
    '%s to an order is unknown in ours: it may live. There it resolves, or looks like a refusal',
    async (_name, reply) => {
      server.answer(reply);
      expect(await ours.placeOrder('regular', {})).toMatchObject({ kind: 'unknown' });
    },
  );

  test('a page of HTML to a read fails in ours, and resolves there', async () => {
    server.answer({ contentType: 'text/html', body: '<html>maintenance</html>' });
    const failure = await ours.orders().catch((error: unknown) => error);
    expect(codeOf(failure)).toBe('BROKER_REPLY');
    expect(await official.getOrders()).toMatchObject({ error_type: 'DataException' });
  });

  test('open interest of 0 is 0 in ours, and left out there', async () => {
    success({ candles: [['2026-11-25T09:15:00+0530', 1, 2, 1, 2, 10, 0]] });
    const mine = await ours.historical({ token: 1, interval: 'minute', from: 0, to: 0, openInterest: true });
    expect(mine.openInterest[0]).toBe(0);
  });

  test('an instrument list with a charset is a list in ours, and a string there', async () => {
    const body = 'instrument_token,tradingsymbol\n408065,INFY\n';
    server.answer({ contentType: 'text/csv; charset=utf-8', body });
    expect((await ours.instruments()).csv.toString()).toBe(body);
  });

  test('figures from 2^31 keep their sign in ours, and turn negative there', () => {
    const packet = Buffer.alloc(44);
    packet.writeUInt32BE(408065, 0);
    packet.writeUInt32BE(100, 4);
    packet.writeUInt32BE(3_000_000_000, 16);
    expect(packetDifferences(packet)).toEqual(['volume_traded: 3000000000 and -1294967296']);
  });
});

/** Our reading of a packet under the names of the official ticker. */
function packetDifferences(packet: Buffer): readonly string[] {
  const frame = Buffer.alloc(4 + packet.length);
  frame.writeUInt16BE(1, 0);
  frame.writeUInt16BE(packet.length, 2);
  packet.copy(frame, 4);
  const ticker = new KiteTicker({ api_key: 'key', access_token: 'token' }) as unknown as {
    parseBinary(bytes: ArrayBuffer): readonly OfficialTick[];
  };
  const bytes = frame.buffer.slice(frame.byteOffset, frame.byteOffset + frame.length) as ArrayBuffer;
  const [theirs] = ticker.parseBinary(bytes);
  const columns = new TickColumns([packet.readUInt32BE(0)]);
  if (readFrame(new DataView(bytes), columns, 0, noCounts(), () => undefined) !== 1)
    throw new Error('our parser read no tick');
  const mine = tickAt(columns, 0);
  const { mode: _mode, tradable: _tradable, change: _change, ...values } = theirs ?? {};
  const renamed = {
    instrument_token: mine.token,
    last_price: mine.lastPrice,
    last_traded_quantity: mine.lastQuantity,
    average_traded_price: mine.averagePrice,
    volume_traded: mine.volume,
    total_buy_quantity: mine.buyQuantity,
    total_sell_quantity: mine.sellQuantity,
    ohlc: { open: mine.open, high: mine.high, low: mine.low, close: mine.previousClose },
    oi: mine.openInterest,
    oi_day_high: columns.openInterestHigh[0],
    oi_day_low: columns.openInterestLow[0],
    depth: { buy: mine.bids, sell: mine.asks },
    // Packets carry seconds of the world, so here both clients mean the same instant.
    last_trade_time: inWorld(mine.lastTradeTime),
    exchange_timestamp: inWorld(mine.exchangeTime),
  };
  return disagreements(renamed, { ...values, ...worldTimes(theirs) });
}

function inWorld(time: number): string {
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}

function worldTimes(tick: OfficialTick | undefined): Readonly<Record<string, unknown>> {
  const times = ['last_trade_time', 'exchange_timestamp'] as const;
  return Object.fromEntries(
    times.flatMap((name) => {
      const time: unknown = tick?.[name];
      return time instanceof Date ? [[name, time.toISOString()]] : [];
    }),
  );
}

/** Our reader leaves out prices that cannot be one; the day's range, high before low, stands at `range`. */
function makePlausible(packet: Buffer, range: number | undefined): void {
  const price = 1 + (packet.readUInt32BE(4) % 1_000_000_000);
  packet.writeUInt32BE(price, 4);
  if (range === undefined) return;
  packet.writeUInt32BE(price + (packet.readUInt32BE(range) % price), range);
  packet.writeUInt32BE(price, range + 4);
}

describe('packets of any values', () => {
  // Below 2^31, where the official ticker still counts right.
  const figure = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const segments = fc.constantFrom(1, 2, 3, 4, 5, 6, 7);

  test.each([8, 44, 184])('of %d bytes are read alike', (length) => {
    fc.assert(
      fc.property(segments, fc.array(figure, { minLength: 46, maxLength: 46 }), (segment, values) => {
        const packet = Buffer.alloc(length);
        for (let at = 0; at < length; at += 4) packet.writeUInt32BE(values[at / 4] ?? 1, at);
        packet.writeUInt32BE(256 * 1_000 + segment, 0);
        makePlausible(packet, length === 8 ? undefined : 32);
        expect(packetDifferences(packet)).toEqual([]);
      }),
    );
  });

  test.each([8, 28, 32])('of an index, of %d bytes, are read alike', (length) => {
    fc.assert(
      fc.property(fc.array(figure, { minLength: 8, maxLength: 8 }), (values) => {
        const packet = Buffer.alloc(length);
        for (let at = 0; at < length; at += 4) packet.writeUInt32BE(values[at / 4] ?? 1, at);
        packet.writeUInt32BE(256265, 0);
        makePlausible(packet, length === 8 ? undefined : 8);
        expect(packetDifferences(packet)).toEqual([]);
      }),
    );
  });
});
