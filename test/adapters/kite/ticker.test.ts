import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { Ticker, type TickerListener } from '../../../src/adapters/kite/ticker.ts';
import type { TickerLoss } from '../../../src/adapters/kite/ticker-line.ts';
import type { OrderFrame } from '../../../src/adapters/kite/ticker-text.ts';
import { HeldClock } from '../../support/scripted-market.ts';

let clock: HeldClock;
let http: Server;
let sockets: WebSocketServer;
let refuse = 0;
const tickers: Ticker[] = [];
const asked: string[] = [];
const connections: WebSocket[] = [];
/** What lies under the connections. */
const lines: Duplex[] = [];
let events: string[];
let orders: OrderFrame[];
let wake: () => void = () => undefined;

beforeEach(async () => {
  clock = new HeldClock();
  refuse = 0;
  asked.length = 0;
  connections.length = 0;
  lines.length = 0;
  events = [];
  orders = [];
  http = createServer();
  sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (refuse > 0) {
      socket.end(`HTTP/1.1 ${refuse} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    lines.push(socket);
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connections.push(connection);
      connection.on('message', (text) => {
        asked.push(String(text));
        wake();
      });
    });
  });
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
});
afterEach(async () => {
  for (const ticker of tickers.splice(0)) ticker.close();
  for (const connection of sockets.clients) connection.terminate();
  await new Promise((closed) => http.close(closed));
});

async function until(fact: () => boolean): Promise<void> {
  while (!fact()) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, 5);
    });
  }
}

function ticker(tokens: readonly number[] = [1, 2]): Ticker {
  const address = http.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const note = (event: string) => {
    events.push(event);
    wake();
  };
  const listener: TickerListener = {
    tick: (slot) => note(`tick ${slot}`),
    order: (frame) => {
      orders.push(frame);
      note('order');
    },
    connections: (standing: number, wanted: number, loss: TickerLoss | undefined) =>
      note(`${standing}/${wanted} ${loss ?? 'up'}`),
    tokenDead: () => note('token dead'),
    trouble: (message) => note(`trouble ${message}`),
  };
  const made = new Ticker(
    { wsRoot: `ws://127.0.0.1:${port}`, apiKey: 'k', accessToken: 't', clock, random: () => 0.5 },
    tokens,
    'full',
    listener,
  );
  tickers.push(made);
  made.connect();
  return made;
}

const tick = Buffer.from([0, 1, 0, 8, 0, 0, 0, 2, 0, 0, 0, 100]);
const orderRow = {
  order_id: '1',
  status: 'COMPLETE',
  filled_quantity: 5,
  quantity: 5,
  average_price: 10,
  tradingsymbol: 'INFY',
  exchange: 'NSE',
  transaction_type: 'BUY',
};

describe('a ticker', () => {
  test('asks for its instruments and hears ticks, orders and trouble', async () => {
    const heard = ticker();
    await until(() => asked.length === 2);
    expect(asked).toEqual(['{"a":"subscribe","v":[1,2]}', '{"a":"mode","v":["full",[1,2]]}']);
    connections[0]?.send(tick);
    connections[0]?.send(JSON.stringify({ type: 'order', data: orderRow }));
    connections[0]?.send(JSON.stringify({ type: 'error', data: 'too many' }));
    await until(() => events.length === 4);
    expect(events).toEqual(['1/1 up', 'tick 1', 'order', 'trouble too many']);
    expect(heard.columns.lastPrice[1]).toBe(1);
    expect(orders[0]).toMatchObject({ order_id: '1', status: 'COMPLETE', filled_quantity: 5 });
  });

  test('counts what it does not know and goes on', async () => {
    const heard = ticker();
    await until(() => events.includes('1/1 up'));
    for (const text of [
      'no json',
      '{"type":"instruments_meta"}',
      '{"type":"order","data":{"order_id":7}}',
      '[]',
    ])
      connections[0]?.send(text);
    connections[0]?.send(Buffer.from([9, 9, 9]));
    connections[0]?.send(tick);
    await until(() => events.includes('tick 1'));
    expect(heard.unknownFrames).toBe(4);
    expect(heard.counts.garbage).toBe(1);
  });

  test('comes back after a loss and asks anew', async () => {
    ticker();
    await until(() => asked.length === 2);
    connections[0]?.terminate();
    await until(() => events.includes('0/1 closed'));
    clock.step(250);
    await until(() => asked.length === 4);
    expect(events).toEqual(['1/1 up', '0/1 closed', '1/1 up']);
  });

  test('notices within three seconds that an open connection is mute', async () => {
    ticker();
    await until(() => asked.length === 2);
    clock.step(2_000);
    connections[0]?.send(Buffer.from([0]));
    await until(() => tickers[0]?.counts.heartbeats === 1);
    clock.step(2_900);
    expect(events).toEqual(['1/1 up']);
    clock.step(100);
    expect(events).toEqual(['1/1 up', '0/1 mute']);
    clock.step(250);
    await until(() => asked.length === 4);
  });

  test.each([
    ['frames of no kind', [0xff, 0xff, 0xff, 0xff]],
    ['text that is none', [0x81, 2, 0xc3, 0x28]],
    ['a frame of two megabytes', [0x82, 127, 0, 0, 0, 0, 0, 0x20, 0, 0]],
    ['a close of no known reason', [0x88, 2, 0, 1]],
    ['another web page', [...Buffer.from('HTTP/1.1 502 Bad Gateway\r\n\r\n<html></html>')]],
  ])('that hears %s on the line drops it and comes back', async (_what, bytes) => {
    const heard = ticker();
    await until(() => asked.length === 2);
    lines[0]?.write(Buffer.from(bytes));
    await until(() => events.includes('0/1 closed'));
    clock.step(250);
    await until(() => asked.length === 4);
    connections[1]?.send(tick);
    await until(() => events.includes('tick 1'));
    expect(events).toEqual(['1/1 up', '0/1 closed', '1/1 up', 'tick 1']);
    expect(heard.counts.ticks).toBe(1);
  });

  test('that hears half a frame and no more takes the line for mute', async () => {
    ticker();
    await until(() => asked.length === 2);
    await new Promise((sent) => lines[0]?.write(Buffer.from([0x82, 126, 0x10]), sent));
    clock.step(3_000);
    expect(events).toEqual(['1/1 up', '0/1 mute']);
  });

  test('stops for good when the session is dead', async () => {
    refuse = 403;
    ticker();
    await until(() => events.includes('token dead'));
    refuse = 0;
    clock.step(600_000);
    expect(connections.length).toBe(0);
    expect(events).toEqual(['token dead']);
  });

  test('waits longer and longer for a server that is away', async () => {
    refuse = 503;
    ticker();
    await until(() => events.length === 1);
    clock.step(249);
    expect(events).toEqual(['0/1 unreachable']);
    clock.step(1);
    await until(() => events.length === 2);
    clock.step(499);
    expect(events.length).toBe(2);
    clock.step(1);
    await until(() => events.length === 3);
  });

  test('spreads more than three thousand instruments over connections', async () => {
    ticker(Array.from({ length: 7_000 }, (_, at) => at + 1));
    await until(() => asked.length === 6);
    const sizes = asked.flatMap((text) =>
      text.startsWith('{"a":"subscribe"') ? [JSON.parse(text).v.length] : [],
    );
    expect(sizes.sort()).toEqual([1_000, 3_000, 3_000]);
  });

  test('lives beside another, and its end is not the other’s', async () => {
    const [one, other] = [ticker(), ticker()];
    await until(() => asked.length === 4);
    one?.close();
    for (const connection of connections) if (connection.readyState === WebSocket.OPEN) connection.send(tick);
    await until(() => events.includes('tick 1'));
    expect(other?.standing).toBe(1);
  });
});

/** What was asked for, by connection sizes where there are many tokens. */
function requests(from: number): unknown[] {
  return asked.slice(from).map((text) => JSON.parse(text));
}

function numbered(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => first + at);
}

describe('the instruments of a ticker', () => {
  test('join and leave while the connection stands', async () => {
    const heard = ticker([1]);
    await until(() => asked.length === 2);
    heard.subscribe([2, 3], 'ltp');
    heard.unsubscribe([1, 3]);
    await until(() => asked.length === 5);
    expect(requests(2)).toEqual([
      { a: 'subscribe', v: [2, 3] },
      { a: 'mode', v: ['ltp', [2, 3]] },
      { a: 'unsubscribe', v: [1, 3] },
    ]);
    connections[0]?.send(tick);
    await until(() => events.length === 2);
    expect(events).toEqual(['1/1 up', `tick ${heard.columns.slotOf(2)}`]);
    expect([heard.columns.slotOf(1), heard.columns.slotOf(3)]).toEqual([-1, -1]);
  });

  test('that are watched already only change their mode', async () => {
    const heard = ticker([1, 2]);
    await until(() => asked.length === 2);
    heard.subscribe([2], 'quote');
    heard.setMode([1, 77], 'ltp');
    await until(() => asked.length === 4);
    expect(requests(2)).toEqual([
      { a: 'mode', v: ['quote', [2]] },
      { a: 'mode', v: ['ltp', [1]] },
    ]);
  });

  test('are asked for anew after a loss, each in its mode, and those that left are not', async () => {
    const heard = ticker([1, 2, 3]);
    await until(() => asked.length === 2);
    heard.subscribe([4], 'ltp');
    heard.setMode([2], 'quote');
    heard.unsubscribe([3]);
    await until(() => asked.length === 6);
    connections[0]?.terminate();
    await until(() => events.includes('0/1 closed'));
    // What is asked for while no connection stands is asked for when one does.
    heard.subscribe([5], 'ltp');
    heard.unsubscribe([1]);
    clock.step(250);
    await until(() => asked.length === 10);
    expect(requests(6)).toEqual([
      { a: 'subscribe', v: [4, 5] },
      { a: 'mode', v: ['ltp', [4, 5]] },
      { a: 'subscribe', v: [2] },
      { a: 'mode', v: ['quote', [2]] },
    ]);
  });

  test('fill one connection, then open another, up to three', async () => {
    const heard = ticker(numbered(1, 2_999));
    await until(() => asked.length === 2);
    heard.subscribe(numbered(10_001, 2));
    await until(() => asked.length === 6);
    expect(requests(2).map((request) => Object(request).v.length)).toEqual([1, 2, 1, 2]);
    expect(heard.standing).toBe(2);
    heard.subscribe(numbered(20_001, 5_999));
    await until(() => heard.standing === 3);
    expect(events.at(-1)).toBe('3/3 up');
    expect(heard.columns.count).toBe(9_000);
  });

  test('beyond nine thousand are refused, and nothing has changed', async () => {
    const heard = ticker(numbered(1, 8_999));
    await until(() => asked.length === 6);
    expect(() => heard.subscribe([8_999, 9_001, 9_002])).toThrow(
      /9001 instruments.*3 connections carry 9000/,
    );
    expect([heard.columns.count, heard.columns.slotOf(9_001)]).toEqual([8_999, -1]);
    heard.unsubscribe([1]);
    heard.subscribe([9_001, 9_002]);
    // One on the first connection, where there is room again, and one on the third.
    await until(() => asked.length === 11);
    const subscribed = requests(6).filter((request) => Object(request).a === 'subscribe');
    expect(subscribed.map((request) => Object(request).v.length)).toEqual([1, 1]);
  });

  test('that are no tokens are refused', () => {
    const heard = ticker([1]);
    for (const strange of [0, -1, 1.5, Number.NaN, 4_294_967_296])
      expect(() => heard.subscribe([2, strange])).toThrow(/is no instrument token/);
    expect(heard.columns.slotOf(2)).toBe(-1);
  });

  test('that leave a connection empty end it, all but the last', async () => {
    const heard = ticker(numbered(1, 3_001));
    await until(() => heard.standing === 2);
    heard.unsubscribe([3_001]);
    expect(events.at(-1)).toBe('1/1 up');
    heard.unsubscribe(numbered(1, 3_000));
    expect([heard.standing, heard.columns.count]).toEqual([1, 0]);
    await until(() => connections.filter(({ readyState }) => readyState === WebSocket.OPEN).length === 1);
  });

  test('of a ticker that was closed are asked for no more', async () => {
    const heard = ticker([1]);
    await until(() => asked.length === 2);
    heard.close();
    heard.subscribe(numbered(1, 4_000));
    clock.step(60_000);
    expect([heard.standing, connections.length]).toEqual([0, 1]);
  });
});

test('a token is not sent over an open line to another computer', () => {
  const options = { wsRoot: 'ws://ws.kite.example', apiKey: 'k', accessToken: 't', clock, random: () => 0.5 };
  expect(() => new Ticker(options, [1], 'full', { tick: () => undefined })).toThrow(
    /secrets are not sent there/,
  );
});
