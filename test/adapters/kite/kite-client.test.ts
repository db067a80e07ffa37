import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createWire } from '../../../src/adapters/kite/send-request.ts';
import { codeOf, messageOf } from '../../../src/domain/errors.ts';
import { dayNumberOf, instantOf } from '../../../src/domain/time.ts';
import { data, error, heldClient, type RawServer, rawServer, reply } from './raw-server.ts';

let server: RawServer | undefined;
let held: ReturnType<typeof heldClient> | undefined;
afterEach(async () => {
  held?.close();
  await server?.close();
});

async function client(
  serve: Parameters<typeof rawServer>[0],
  options: Parameters<typeof heldClient>[1] = {},
) {
  server = await rawServer(serve);
  held = heldClient(server.root, options);
  return held.client;
}

const always = (status: number, body: string) => client((socket) => socket.write(reply(status, body)));
async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (failure) {
    return failure;
  }
  throw new Error('it did not fail');
}

describe('a read', () => {
  test.each([
    [429, error('NetworkException', 'Too many requests')],
    [503, error('NetworkException')],
    [502, '<html>bad gateway</html>'],
    [200, '<html>maintenance</html>'],
    [200, '{"status":"succ'],
  ])('that meets %i %s is tried again, and ends well', async (status, body) => {
    const kite = await client((socket, _request, number) =>
      socket.write(number <= 2 ? reply(status, body) : reply(200, data([]))),
    );
    expect(await kite.orders()).toEqual([]);
    expect(server?.requests.length).toBe(3);
  });

  test('waits at least as long as the server asks', async () => {
    const kite = await client((socket, _request, number) =>
      socket.write(
        number === 1 ? reply(429, error('NetworkException'), { 'Retry-After': '3' }) : reply(200, data([])),
      ),
    );
    await kite.orders();
    expect(held?.slept[0]).toBeGreaterThanOrEqual(3_000);
  });

  test('gives up after five tries, saying what the last was', async () => {
    const kite = await always(503, error('NetworkException', 'Down.'));
    const failure = await failureOf(kite.orders());
    expect(failure).toMatchObject({ code: 'BROKER_AWAY', exitCode: 6 });
    expect(messageOf(failure)).toContain('Down. (NetworkException, status 503)');
    expect(server?.requests.length).toBe(5);
  });

  test('that is refused is not tried again', async () => {
    const kite = await always(400, error('InputException', 'Invalid token.'));
    expect(await failureOf(kite.orders())).toMatchObject({ code: 'BROKER_REFUSED' });
    expect(server?.requests.length).toBe(1);
  });

  test('of a dead session says to log in', async () => {
    const kite = await always(403, error('TokenException', 'Incorrect `api_key` or `access_token`.'));
    expect(await failureOf(kite.profile())).toMatchObject({
      code: 'AUTH_TOKEN',
      exitCode: 4,
      fix: 'Run: algo login',
    });
  });

  test('takes packed answers, and refuses what would unpack without end', async () => {
    const packed = gzipSync(data([]));
    const kite = await client((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`,
      );
      socket.write(packed);
    });
    expect(await kite.orders()).toEqual([]);
    held?.close();
    await server?.close();
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
    const other = await client((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`,
      );
      socket.write(bomb);
    });
    expect(messageOf(await failureOf(other.orders()))).toContain('longer than');
  });

  test('names the field that is not as documented', async () => {
    const kite = await always(200, data({ user_id: 7 }));
    expect(messageOf(await failureOf(kite.profile()))).toContain(
      '/user/profile is not as documented: user_id',
    );
  });

  test('never shows the session, whatever goes wrong', async () => {
    const secret = 'canary5ecret';
    const kite = await client((socket) => socket.destroy(), { accessToken: secret });
    for (const work of [
      () => kite.orders(),
      () => kite.logout(),
      () => kite.generateSession({ apiSecret: secret, requestToken: secret }),
    ]) {
      const failure = await failureOf(work());
      expect(
        JSON.stringify([
          messageOf(failure),
          String(Reflect.get(Object(failure), 'stack')),
          Reflect.get(Object(failure), 'cause') ?? null,
        ]),
      ).not.toContain(secret);
    }
  });
});

describe('the pace', () => {
  test('lets three candle requests go in a second and makes the others wait', async () => {
    const kite = await always(200, data({ candles: [] }));
    const request = { token: 1, interval: 'day', from: 0, to: 1 } as const;
    await Promise.all(Array.from({ length: 7 }, () => kite.historical(request)));
    const waited = held?.slept.reduce((sum, ms) => sum + ms, 0) ?? 0;
    expect(waited).toBeGreaterThanOrEqual(2_000);
    expect(server?.requests.length).toBe(7);
  });

  test('asks for at most 500 quotes at a time', async () => {
    const kite = await always(200, data({}));
    await kite.quote(Array.from({ length: 501 }, (_, at) => `NSE:S${at}`));
    expect(server?.requests.map((request) => request.split(' ')[1]?.split('i=').length)).toEqual([501, 2]);
  });
});

describe('what Kite sends', () => {
  test('candles become columns with instants, whatever the zone of this computer', async () => {
    const kite = await always(
      200,
      data({
        candles: [
          ['2017-12-15T09:15:00+0530', 10, 12, 9, 11, 500, 7],
          ['2017-12-15T09:16:00+0530', 11, 11, 10, 10.5, 0],
        ],
      }),
    );
    const candles = await kite.historical({
      token: 408_065,
      interval: 'minute',
      from: instantOf(dayNumberOf('2017-12-15'), 555),
      to: instantOf(dayNumberOf('2017-12-15'), 930),
    });
    expect([...candles.time]).toEqual([instantOf(17_515, 555), instantOf(17_515, 556)]);
    expect([...candles.openInterest]).toEqual([7, Number.NaN]);
    expect(server?.requests[0]).toContain(
      '/instruments/historical/408065/minute?from=2017-12-15+09%3A15%3A00&to=2017-12-15+15%3A30%3A00&continuous=0&oi=0',
    );
  });

  test.each([
    [[['2017-12-15T09:15:00+0530', 10, 9, 9, 11, 500]], 'closes outside its own range'],
    [[['2017-12-15T09:15:00+0530', 10, 12, 9, '11', 500]], 'holds "11"'],
    [[['2017-12-15T09:15:00+0000', 10, 12, 9, 11, 500]], 'has the time'],
    [[['2017-12-15T09:15:00+0530', 10, 12, -9, 11, 500]], 'holds -9'],
    [
      [
        ['2017-12-15T09:15:00+0530', 10, 12, 9, 11, 5],
        ['2017-12-15T09:15:00+0530', 10, 12, 9, 11, 5],
      ],
      'not later',
    ],
  ])('candles that cannot be right are refused: %j', async (candles, why) => {
    const kite = await always(200, data({ candles }));
    expect(
      messageOf(await failureOf(kite.historical({ token: 1, interval: 'day', from: 0, to: 1 }))),
    ).toContain(why);
  });

  test('an order in a state that is new to us survives under its own name', async () => {
    const row = {
      order_id: '1',
      exchange_order_id: null,
      parent_order_id: null,
      status: 'BRAND NEW STATE',
      status_message: null,
      status_message_raw: null,
      order_timestamp: '2021-05-31 09:18:57',
      exchange_timestamp: null,
      exchange_update_timestamp: null,
      variety: 'regular',
      exchange: 'NSE',
      tradingsymbol: 'INFY',
      instrument_token: 408_065,
      order_type: 'LIMIT',
      transaction_type: 'BUY',
      validity: 'DAY',
      product: 'MIS',
      quantity: 5,
      disclosed_quantity: 0,
      price: 1_500,
      trigger_price: 0,
      average_price: 0,
      filled_quantity: 0,
      pending_quantity: 5,
      cancelled_quantity: 0,
      tag: null,
      guid: 'x',
      something_new: {},
    };
    const kite = await always(200, data([row]));
    const [order] = await kite.orders();
    expect(order).toMatchObject({
      status: 'BRAND NEW STATE',
      order_timestamp: instantOf(dayNumberOf('2021-05-31'), 558) + 57_000,
      tags: [],
    });
  });

  test('an instrument list comes as it is, with the server’s day', async () => {
    const csv = 'instrument_token,exchange_token,tradingsymbol\n1,2,X\n';
    const kite = await client((socket) =>
      socket.write(reply(200, csv, { 'Content-Type': 'text/csv', Date: 'Wed, 25 Nov 2026 06:00:00 GMT' })),
    );
    const { csv: bytes, date } = await kite.instruments('NSE');
    expect(bytes.toString()).toBe(csv);
    expect(date).toBe(Date.UTC(2026, 10, 25, 6));
  });

  test('a page in place of an instrument list is refused', async () => {
    const kite = await always(404, '<html>');
    expect(codeOf(await failureOf(kite.instruments()))).toBe('BROKER_REPLY');
  });
});

test('nothing is sent while the check of certificates is switched off', () => {
  expect(() => createWire({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toThrow(/check of certificates off/);
});
