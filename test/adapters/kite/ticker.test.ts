import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import {
  type OrderFrame,
  Ticker,
  type TickerListener,
  type TickerLoss,
} from '../../../src/adapters/kite/ticker.ts';
import { HeldClock } from '../../support/scripted-market.ts';

let clock: HeldClock;
let http: Server;
let sockets: WebSocketServer;
let refuse = 0;
const tickers: Ticker[] = [];
const asked: string[] = [];
const connections: WebSocket[] = [];
let events: string[];
let orders: OrderFrame[];
let wake: () => void = () => undefined;

beforeEach(async () => {
  clock = new HeldClock();
  refuse = 0;
  asked.length = 0;
  connections.length = 0;
  events = [];
  orders = [];
  http = createServer();
  sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (refuse > 0) {
      socket.end(`HTTP/1.1 ${refuse} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
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

test('a token is not sent over an open line to another computer', () => {
  const options = { wsRoot: 'ws://ws.kite.example', apiKey: 'k', accessToken: 't', clock, random: () => 0.5 };
  expect(() => new Ticker(options, [1], 'full', { tick: () => undefined })).toThrow(
    /secrets are not sent there/,
  );
});
