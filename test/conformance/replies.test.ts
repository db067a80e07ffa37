import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testWithShared } from '../support/shared-data.ts';
import { type OfficialKite, officialKite } from './official-kite.ts';
import { refusalOf } from './refusal.ts';
import { openReplyServer, type ReplyServer } from './reply-server.ts';

/*
 * How the official client reads replies, byte for byte the same as ours gets. Where it is wrong, the test says so and
 * why; those are the values on which our client has to differ.
 */

let server: ReplyServer;
let kite: OfficialKite;

beforeAll(async () => {
  server = await openReplyServer();
  kite = officialKite({ root: server.root, apiKey: 'key', accessToken: 'token' });
});

afterAll(() => server.close());

function success(data: unknown): void {
  server.answer({ body: JSON.stringify({ status: 'success', data }) });
}

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'profile.json': () => kite.getProfile(),
  'margins.json': () => kite.getMargins(),
  'orders.json': () => kite.getOrders(),
  'trades.json': () => kite.getTrades(),
  'holdings.json': () => kite.getHoldings(),
  'auctions_list.json': () => kite.getAuctionInstruments(),
  'ohlc.json': () => kite.getOHLC(['NSE:INFY']),
  'ltp.json': () => kite.getLTP(['NSE:INFY']),
  'order_margins.json': () => kite.orderMargins([]),
  'basket_margins.json': () => kite.orderBasketMargins([]),
  'virtual_contract_note.json': () => kite.getvirtualContractNote([]),
  'gtt_get_orders.json': () => kite.getGTTs(),
  'gtt_place_order.json': () => kite.placeGTT(trigger),
  'order_response.json': () => kite.placeOrder('regular', {}),
  'autoslice_response.json': () => kite.placeOrder('regular', {}),
  'order_cancel.json': () => kite.cancelOrder('regular', '1'),
  'convert_position.json': () => kite.convertPosition({}),
  'session_logout.json': () => kite.invalidateAccessToken(),
};

const trigger = {
  trigger_type: 'single',
  trigger_values: [1],
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  last_price: 1,
  orders: [],
};

/** Fields that the official client makes into dates. */
const dated = new Set([
  'order_timestamp',
  'exchange_timestamp',
  'created',
  'last_instalment',
  'fill_timestamp',
]);

/** The reply with those instants as the official client reads them: in the zone of the computer. */
function asOfficial(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => asOfficial(one));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asOfficial(one, key)]));
  return typeof value === 'string' && dated.has(name) && value.length === 19 ? new Date(value) : value;
}

describe("Kite's published replies", () => {
  for (const [file, call] of Object.entries(calls))
    testWithShared(`kite-mocks/${file}`, `${file} is read value by value`, async (path) => {
      const body = readFileSync(path, 'utf8');
      server.answer({ body });
      expect(await call()).toEqual(asOfficial(JSON.parse(body).data));
    });
});

describe('replies made here', () => {
  test('an order is read value by value, save its instants', async () => {
    const order = {
      order_id: '1',
      status: 'OPEN',
      price: 72.5,
      meta: {},
      tag: null,
      tags: ['a'],
      quantity: 1,
    };
    success([order]);
    expect(await kite.getOrders()).toEqual([order]);
  });

  test('a status that nobody knows is handed out as it is', async () => {
    success([{ order_id: '1', status: 'SOMETHING NEW' }]);
    expect((await kite.getOrders())[0]?.status).toBe('SOMETHING NEW');
  });

  test('both shapes of a sliced order are handed out as they are', async () => {
    const flat = [{ order_id: '1' }, { error: { code: 400, error_type: 'MarginException', message: 'no' } }];
    success(flat);
    expect(await kite.placeOrder('regular', {})).toEqual(flat);
    const nested = { order_id: '1', children: flat };
    success(nested);
    expect(await kite.placeOrder('regular', {})).toEqual(nested);
  });

  test.each([
    [400, 'InputException'],
    [403, 'TokenException'],
    [403, 'PermissionException'],
    [428, 'HoldingException'],
    [429, 'NetworkException'],
    [500, 'GeneralException'],
    [502, 'DataException'],
    [503, 'NetworkException'],
    [500, 'BrandNewException'],
  ])('a refusal with status %d and %s keeps its type and its words', async (status, type) => {
    const body = JSON.stringify({ status: 'error', message: 'the words', data: null, error_type: type });
    server.answer({ status, body });
    expect(await refusalOf(kite.getOrders())).toMatchObject({ error_type: type, message: 'the words' });
  });
});

describe('where the official client is wrong', () => {
  test('about instants: it reads them in the zone of the computer, not of India', async () => {
    success([{ order_id: '1', order_timestamp: '2021-05-31 09:18:57' }]);
    const [order] = await kite.getOrders();
    expect(order?.order_timestamp).toEqual(new Date('2021-05-31 09:18:57'));
  });

  test('about a page of HTML with status 200: placing an order resolves', async () => {
    server.answer({ contentType: 'text/html', body: '<html>maintenance</html>' });
    expect(await kite.placeOrder('regular', {})).toMatchObject({ error_type: 'DataException' });
  });

  test('about a truncated answer with status 200: placing an order resolves, with an error inside', async () => {
    server.answer({ body: '{"status":"success","data":{"order_id":"15' });
    expect(await kite.placeOrder('regular', {})).toMatchObject({ error_type: 'DataException' });
  });

  test('about an empty answer with status 200: placing an order resolves', async () => {
    server.answer({ body: '' });
    expect(await kite.placeOrder('regular', {})).not.toHaveProperty('order_id');
  });

  test('about open interest of 0: it is left out', async () => {
    success({ candles: [['2026-05-13T09:15:00+0530', 1, 2, 1, 2, 10, 0]] });
    const [candle] = await kite.getHistoricalData(1, 'minute', '', '', false, true);
    expect(candle).not.toHaveProperty('oi');
    expect(candle?.date).toEqual(new Date('2026-05-13T03:45:00Z'));
  });

  test('about the instrument list: a charset makes it one string', async () => {
    server.answer({ contentType: 'text/csv; charset=utf-8', body: 'instrument_token\n408065\n' });
    expect(await kite.getInstruments()).toBe('instrument_token\n408065\n');
  });

  test('about the instrument list: tokens stay text, and the last line break is a row', async () => {
    server.answer({ contentType: 'text/csv', body: 'instrument_token,tradingsymbol\n408065,INFY\n' });
    const rows = await kite.getInstruments();
    expect(rows).toHaveLength(2);
    expect(rows).toMatchObject([
      { instrument_token: '408065', tradingsymbol: 'INFY' },
      { instrument_token: '' },
    ]);
  });

  test("about a gateway's page: a time-out of the gateway and a refusal look the same", async () => {
    server.answer({ status: 504, contentType: 'text/html', body: '<html>' });
    expect(await refusalOf(kite.placeOrder('regular', {}))).toEqual({
      error_type: 'NetworkException',
      message: 'Gateway Timeout',
      data: null,
    });
  });
});
