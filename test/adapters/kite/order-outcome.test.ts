import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openEnvelope } from '../../../src/adapters/kite/envelope.ts';
import { outcomeOf } from '../../../src/adapters/kite/order-outcome.ts';
import { data, error, heldClient, type RawServer, rawServer, reply } from './raw-server.ts';

const order = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  quantity: 1,
  order_type: 'LIMIT',
  price: 1_500,
  product: 'MIS',
  tag: 'A1',
};
const kindOf = (status: number, body: string) => outcomeOf(openEnvelope(status, Buffer.from(body))).kind;

let server: RawServer | undefined;
let close: (() => void) | undefined;
afterEach(async () => {
  close?.();
  await server?.close();
  server = undefined;
});

async function outcome(serve: Parameters<typeof rawServer>[0], timeoutMs = 2_000) {
  server = await rawServer(serve);
  const held = heldClient(server.root, { timeoutMs });
  close = held.close;
  return held.client.placeOrder('regular', order);
}

/** JSON that cannot be made into text or a number. */
const wordless = { toString: 1, valueOf: 1 };

describe('the class of an answer', () => {
  test.each([
    [400, JSON.stringify({ status: 'error', error_type: 'OrderException', message: wordless }), 'refused'],
    [
      200,
      data({ children: [{ error: { message: 'No.', error_type: wordless, code: wordless } }] }),
      'unknown',
    ],
    [200, data({ order_id: '151220000000000' }), 'acknowledged'],
    [200, data({}), 'unknown'],
    [200, data(null), 'unknown'],
    [200, '<html>maintenance</html>', 'unknown'],
    [200, '', 'unknown'],
    [200, '[]', 'unknown'],
    [400, error('InputException'), 'refused'],
    [400, error('MarginException'), 'refused'],
    [400, error('HoldingException'), 'refused'],
    [400, error('OrderException'), 'refused'],
    [428, error('HoldingException'), 'refused'],
    [403, error('PermissionException'), 'refused'],
    [403, error('TokenException'), 'token-dead'],
    [429, error('NetworkException', 'Too many requests'), 'refused'],
    [429, '<html>slow down</html>', 'refused'],
    [201, data({ order_id: '1' }), 'unknown'],
    [403, error('UserException'), 'unknown'],
    [403, '<html>forbidden</html>', 'unknown'],
    [401, error('TokenException'), 'unknown'],
    [200, error('InputException'), 'unknown'],
    [200, data({ order_id: 151220000000000 }), 'unknown'],
    [200, data([]), 'unknown'],
    [
      400,
      error(
        'OrderException',
        'Request timed out. Please check the order book and confirm before placing again.',
      ),
      'unknown',
    ],
    [400, error('InputException', 'Gateway timeout'), 'unknown'],
    [400, error('NetworkException'), 'unknown'],
    [400, error('SomethingNewException'), 'unknown'],
    [400, '<html>bad request</html>', 'unknown'],
    [500, error('OrderException'), 'unknown'],
    [500, error('GeneralException'), 'unknown'],
    [502, '<html>bad gateway</html>', 'unknown'],
    [503, error('NetworkException'), 'unknown'],
    [504, '', 'unknown'],
    [302, '', 'unknown'],
  ])('%i %s is %s', (status, body, kind) => expect(kindOf(status, body)).toBe(kind));

  test('keeps the broker’s own words', () => {
    expect(
      outcomeOf(openEnvelope(400, Buffer.from(error('MarginException', 'Insufficient funds.')))),
    ).toEqual({
      kind: 'refused',
      errorType: 'MarginException',
      message: 'Insufficient funds.',
      reason: 'refused',
    });
  });

  test('reads both shapes of a sliced order, refused slices included', () => {
    const failed = {
      error: { code: 400, error_type: 'MarginException', message: 'Insufficient funds.', data: null },
    };
    const slices = [{ orderId: '1' }, { refused: 'Insufficient funds.', errorType: 'MarginException' }];
    const flat = openEnvelope(200, Buffer.from(data([{ order_id: '1' }, failed])));
    expect(outcomeOf(flat)).toEqual({ kind: 'acknowledged', orderId: '1', slices });
    const nested = openEnvelope(
      200,
      Buffer.from(data({ order_id: '9', children: [{ order_id: '1' }, failed] })),
    );
    expect(outcomeOf(nested)).toEqual({ kind: 'acknowledged', orderId: '9', slices });
    expect(outcomeOf(openEnvelope(200, Buffer.from(data([failed])))).kind).toBe('refused');
    expect(outcomeOf(openEnvelope(200, Buffer.from(data([{ order_id: '1' }, 7])))).kind).toBe('unknown');
  });

  test('a slice that timed out is neither placed nor refused', () => {
    const late = { error: { code: 400, error_type: 'OrderException', message: 'Request timed out' } };
    const down = { error: { code: 503, error_type: 'NetworkException', message: 'Gateway' } };
    const refused = { error: { code: 400, error_type: 'InputException', message: 'No.' } };
    const seen = (children: unknown) => outcomeOf(openEnvelope(200, Buffer.from(data(children))));
    expect(seen([{ order_id: '1' }, late, down])).toMatchObject({
      kind: 'acknowledged',
      slices: [{ orderId: '1' }, { unknown: 'Request timed out' }, { unknown: 'Gateway' }],
    });
    expect(seen([refused, late]).kind).toBe('unknown');
    expect(seen([refused, refused]).kind).toBe('refused');
  });

  test('cut at any byte is never an acknowledgement', () => {
    const whole = Buffer.from(data({ order_id: '151220000000000' }));
    for (let bytes = 0; bytes < whole.length; bytes++)
      expect(outcomeOf(openEnvelope(200, whole.subarray(0, bytes))).kind).toBe('unknown');
  });
});

describe('an order on the wire', () => {
  test('goes out once, as a form, with the headers Kite wants', async () => {
    const seen = await outcome((socket) => socket.end(reply(200, data({ order_id: '1' }))));
    expect(seen).toEqual({ kind: 'acknowledged', orderId: '1', slices: [] });
    const [request] = server?.requests ?? [];
    expect(request).toMatch(/^POST \/orders\/regular HTTP\/1\.1\r\n/);
    expect(request).toMatch(/\r\nX-Kite-Version: 3\r\n/);
    expect(request).toMatch(/\r\nAuthorization: token key:token\r\n/);
    expect(request).toMatch(/\r\n\r\nexchange=NSE&tradingsymbol=INFY&.*&tag=A1$/);
  });

  test('that nobody listens to was not sent', async () => {
    const free = createServer();
    await new Promise<void>((ready) => free.listen(0, '127.0.0.1', ready));
    const address = free.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await new Promise((closed) => free.close(closed));
    const held = heldClient(`http://127.0.0.1:${port}`);
    close = held.close;
    expect((await held.client.placeOrder('regular', order)).kind).toBe('not-sent');
  });

  test('whose name is not known was not sent', async () => {
    const held = heldClient('https://kite.invalid');
    close = held.close;
    expect((await held.client.placeOrder('regular', order)).kind).toBe('not-sent');
  });

  test.each<[string, (socket: import('node:net').Socket) => void]>([
    ['reset after it was read', (socket) => socket.resetAndDestroy()],
    ['closed without an answer', (socket) => socket.end()],
    ['silence', () => undefined],
    ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
    ['half a body', (socket) => socket.end(reply(200, data({ order_id: '1' })).slice(0, -4))],
    [
      'a body that drips for ever',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{'),
    ],
    ['no HTTP at all', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a redirect', (socket) => socket.end(reply(302, '', { Location: 'http://127.0.0.1:1/' }))],
  ])('that met %s is unknown, and is not sent again', async (_what, serve) => {
    expect((await outcome(serve, 300)).kind).toBe('unknown');
    expect(server?.requests.length).toBe(1);
  });

  test('on a kept connection that died meanwhile is unknown, not sent again', async () => {
    server = await rawServer((socket, _request, number) => {
      if (number === 1) socket.write(reply(200, data({ order_id: '1' })));
      else socket.destroy();
    });
    const held = heldClient(server.root);
    close = held.close;
    expect((await held.client.placeOrder('regular', order)).kind).toBe('acknowledged');
    expect((await held.client.cancelOrder('regular', '1')).kind).toBe('unknown');
    expect(server.requests.length).toBe(2);
  });
});
