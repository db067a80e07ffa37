import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readCandles } from '../../../src/adapters/kite/candles.ts';
import { openEnvelope } from '../../../src/adapters/kite/envelope.ts';
import { outcomeOf } from '../../../src/adapters/kite/order-outcome.ts';
import {
  holdingSchema,
  ltpSchema,
  orderSchema,
  positionsSchema,
  quoteSchema,
  tradeSchema,
  triggerSchema,
} from '../../../src/adapters/kite/schemas.ts';
import { TickColumns } from '../../../src/adapters/kite/tick-columns.ts';
import { noCounts, readFrame } from '../../../src/adapters/kite/ticker-frame.ts';
import { readText } from '../../../src/adapters/kite/ticker-text.ts';

/** Mutated frames; a tenth as many bodies. `ALGO_FUZZ=10000000` is the long run, which also says how long the slowest took. */
const frames = Number(process.env.ALGO_FUZZ ?? 30_000);
const bodies = Math.ceil(frames / 10);
const long = process.env.ALGO_FUZZ !== undefined;

/** Whole numbers below `most`, the same in every run. */
function chance(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
}

const sizes = [8, 28, 32, 44, 184];
const tokens = [408_065, 256_265, 0x1003, 0x1006, 4_294_967_041];

function soundFrame(random: (most: number) => number): Buffer {
  const parts: Buffer[] = [];
  const packets = 1 + random(4);
  for (let packet = 0; packet < packets; packet++) {
    const size = sizes[random(sizes.length)];
    const body = Buffer.alloc(2 + size);
    body.writeUInt16BE(size);
    for (let at = 2; at + 4 <= body.length; at += 4) body.writeUInt32BE(150_000 + random(9_000), at);
    body.writeUInt32BE(tokens[random(tokens.length)], 2);
    parts.push(body);
  }
  const count = Buffer.alloc(2);
  count.writeUInt16BE(packets);
  return Buffer.concat([count, ...parts]);
}

/** Flips, cuts, doubles, zeroes or overwrites a few bytes. */
function mutated(sound: Buffer, random: (most: number) => number): Buffer {
  let bytes = Buffer.from(sound);
  for (let change = random(4); change > 0 && bytes.length > 0; change--) {
    const at = random(bytes.length);
    switch (random(6)) {
      case 0:
        bytes = bytes.subarray(0, at);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(bytes.length))]);
        break;
      case 2:
        bytes.fill(random(2) * 255, at, Math.min(bytes.length, at + 1 + random(8)));
        break;
      default:
        bytes[at] = random(256);
    }
  }
  return bytes;
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

/** What no field of a reply should be. As JSON some of them are null. */
const strange: readonly unknown[] = [
  ...[null, true, '', [], {}, 0, -1, 0.5, -0, 1e308, 2 ** 53, 2 ** 32, 'NaN', '-1', '1e3', 'x'.repeat(5_000)],
  ...[{ toString: 1, valueOf: 1 }, { length: 3 }, [[[[[]]]]], '2021-13-41 25:61:61', '\u0000', '\ud800'],
  ...[JSON.parse('{"__proto__":{"status":"COMPLETE"},"constructor":1}')],
];

/** The same document with one of its values replaced, left out or doubled. */
function bent(value: unknown, random: (most: number) => number): unknown {
  if (typeof value !== 'object' || value === null || random(6) === 0) return strange[random(strange.length)];
  if (Array.isArray(value)) {
    if (value.length === 0 || random(8) === 0) return [...value, ...value, strange[random(strange.length)]];
    const at = random(value.length);
    return value.map((each, index) => (index === at ? bent(each, random) : each));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return strange[random(strange.length)];
  const at = random(entries.length);
  if (random(8) === 0) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(
    entries.map(([key, each], index) => [key, index === at ? bent(each, random) : each]),
  );
}

/** Milliseconds that reading one input may take. */
const hangMs = 50;

/**
 * Reads so many inputs. Only the long run looks at how long each takes, since a computer with other work interrupts at any moment:
 * an input that took long is read again a few times, and the shortest counts.
 */
function readAll<T>(what: string, times: number, made: () => T, read: (input: T) => void): void {
  let slowest = 0;
  for (let time = 0; time < times; time++) {
    const input = made();
    let took = timed(() => read(input));
    for (let again = 0; again < 5 && took > 1; again++)
      took = Math.min(
        took,
        timed(() => read(input)),
      );
    slowest = Math.max(slowest, took);
  }
  if (!long) return;
  process.stderr.write(`${what}: ${times}, slowest ${slowest.toFixed(2)} ms\n`);
  expect(slowest).toBeLessThan(hangMs);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

test('no mutated frame crashes the parser or lets an impossible value through', () => {
  const random = chance(7);
  const columns = new TickColumns(tokens);
  const counts = noCounts();
  let wrong = 0;
  const listener = (slot: number) => {
    const price = columns.lastPrice[slot];
    if (!(price > 0 && price <= 10_000_000) || columns.volume[slot] < 0 || columns.openInterest[slot] < 0)
      wrong += 1;
  };
  readAll(
    'frames',
    frames,
    () => mutated(soundFrame(random), random),
    (frame) =>
      readFrame(new DataView(frame.buffer, frame.byteOffset, frame.length), columns, 1, counts, listener),
  );
  expect(wrong).toBe(0);
  expect(counts.ticks).toBeGreaterThan(frames / 10);
  expect(counts.garbage).toBeGreaterThan(frames / 100);
});

const row = {
  order_id: '151220000000000',
  status: 'COMPLETE',
  order_timestamp: '2021-05-31 09:18:57',
  variety: 'regular',
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  instrument_token: 408_065,
  order_type: 'LIMIT',
  transaction_type: 'BUY',
  validity: 'DAY',
  product: 'CNC',
  quantity: 10,
  price: 72.5,
  trigger_price: 0,
  average_price: 72.45,
  filled_quantity: 10,
  trade_id: '10000000',
  fill_timestamp: '2021-05-31 09:18:57',
};
const quote = {
  instrument_token: 408_065,
  last_price: 1_074.35,
  timestamp: '2021-06-08 15:45:56',
  volume: 12,
  ohlc: { open: 1, high: 2, low: 1, close: 2 },
  depth: { buy: [{ price: 1, quantity: 5, orders: 1 }], sell: [] },
};
const position = {
  ...{ tradingsymbol: 'CRUDEOIL26JUNFUT', exchange: 'MCX', instrument_token: 57_928_967, product: 'NRML' },
  ...{ quantity: -1, overnight_quantity: 0, multiplier: 100, average_price: 6_000, close_price: 5_990 },
  ...{ last_price: 6_010, value: 6_000, pnl: -1_000, m2m: -1_000, unrealised: -1_000, realised: 0 },
  ...{ buy_quantity: 0, buy_price: 0, buy_value: 0, sell_quantity: 1, sell_price: 6_000, sell_value: 6_000 },
  ...{ day_buy_quantity: 0, day_buy_price: 0, day_buy_value: 0 },
  ...{ day_sell_quantity: 1, day_sell_price: 6_000, day_sell_value: 6_000 },
};
const leg = {
  ...{ exchange: 'NSE', tradingsymbol: 'INFY', product: 'CNC', order_type: 'LIMIT' },
  ...{ transaction_type: 'SELL', quantity: 1, price: 900, result: null },
};
const trigger = {
  ...{ id: 112_127, user_id: 'AB1234', type: 'single', status: 'active' },
  created_at: '2021-06-08 15:45:56',
  condition: { exchange: 'NSE', tradingsymbol: 'INFY', trigger_values: [900], last_price: 1_000 },
  orders: [leg],
};
/** Whose numbers may be below nothing stands behind it. */
const replies: readonly (readonly [unknown, z.ZodType, RegExp?])[] = [
  [[row], z.array(orderSchema)],
  [[row], z.array(tradeSchema)],
  [{ 'NSE:INFY': quote }, quoteSchema],
  [{ 'NSE:INFY': quote }, ltpSchema],
  [{ net: [position], day: [] }, positionsSchema, /^(quantity|overnight_quantity|\w*price)$/],
  [[trigger], z.array(triggerSchema)],
  [[{ ...row, last_price: 1, close_price: 1, pnl: -1 }], z.array(holdingSchema), /quantity$/],
];

describe('mutated bodies', () => {
  test('give a checked value or none, and never a crash', () => {
    const random = chance(11);
    const sound = replies.map(([data, schema, signed]) => {
      const reply = { status: 'success', data };
      return { reply, body: bytesOf(reply), schema, signed };
    });
    let taken = 0;
    let wrong = 0;
    const made = () => {
      const { reply, body, schema, signed } = sound[random(sound.length)];
      return { body: random(2) === 0 ? mutated(body, random) : bytesOf(bent(reply, random)), schema, signed };
    };
    readAll('bodies', bodies, made, ({ body, schema, signed }) => {
      const opened = openEnvelope(200, body);
      const parsed = opened.kind === 'data' ? schema.safeParse(opened.data) : undefined;
      if (!parsed?.success) return;
      taken += 1;
      wrong += impossible(parsed.data, signed);
    });
    expect(wrong).toBe(0);
    expect(taken).toBeGreaterThan(bodies / 100);
  });

  test('of candles give rising, finite columns or none', () => {
    const random = chance(13);
    const candles = [0, 1, 2].map((minute) => [`2017-12-15T09:1${minute}:00+0530`, 10, 12, 9, 11, 100]);
    const whole = { status: 'success', data: { candles } };
    const body = bytesOf(whole);
    let taken = 0;
    let wrong = 0;
    const made = () => (random(2) === 0 ? mutated(body, random) : bytesOf(bent(whole, random)));
    readAll('candles', bodies, made, (bytes) => {
      const opened = openEnvelope(200, bytes);
      const read = opened.kind === 'data' ? readCandles(opened.data) : '';
      if (typeof read === 'string') return;
      taken += 1;
      for (let at = 0; at < read.length; at++)
        if (!(read.close[at] >= 0 && read.volume[at] >= 0) || (at > 0 && read.time[at] <= read.time[at - 1]))
          wrong += 1;
    });
    expect(wrong).toBe(0);
    expect(taken).toBeGreaterThan(bodies / 100);
  });

  test('of a refused order never acknowledge it, and of a placed one never refuse it', () => {
    const random = chance(17);
    const refused = { status: 'error', message: 'No.', error_type: 'InputException', data: null };
    const placed = { status: 'success', data: { order_id: '151220000000000' } };
    const broken = (reply: object) =>
      random(2) === 0 ? mutated(bytesOf(reply), random) : bytesOf(bent(reply, random));
    const made = () => ({ refusal: broken(refused), placing: broken(placed) });
    const kinds = new Set<string>();
    readAll('outcomes', bodies, made, ({ refusal, placing }) => {
      kinds.add(`refused ${outcomeOf(openEnvelope(400, refusal)).kind}`);
      kinds.add(`placed ${outcomeOf(openEnvelope(200, placing)).kind}`);
    });
    expect([...kinds].sort()).toEqual([
      'placed acknowledged',
      'placed unknown',
      'refused refused',
      'refused unknown',
    ]);
  });
});

describe('mutated text frames', () => {
  const order = {
    ...{ order_id: '151220000000000', status: 'COMPLETE', tag: null, filled_quantity: 5, quantity: 5 },
    ...{ average_price: 10.05, tradingsymbol: 'INFY', exchange: 'NSE', transaction_type: 'BUY' },
  };
  const sound = [
    { type: 'order', data: order },
    { type: 'error', data: 'Too many instruments.' },
    { type: 'message', data: 'Hello.' },
    { type: 'instruments_meta', data: { count: 1, etag: 'W/1' } },
  ];

  test('give a checked order, words or nothing, and never a crash', () => {
    const random = chance(19);
    const kinds = new Map<string, number>();
    let wrong = 0;
    const made = () => {
      const frame = sound[random(sound.length)];
      const bytes = random(2) === 0 ? mutated(bytesOf(frame), random) : bytesOf(bent(frame, random));
      return bytes.toString('utf8');
    };
    readAll('text frames', bodies, made, (frame) => {
      const text = readText(frame);
      kinds.set(text.kind, (kinds.get(text.kind) ?? 0) + 1);
      if (text.kind === 'order') wrong += impossible(text.order) + (text.order.order_id === '' ? 1 : 0);
      if (text.kind === 'trouble' && text.words.length > 500) wrong += 1;
    });
    expect(wrong).toBe(0);
    expect([...kinds.keys()].sort()).toEqual(['message', 'order', 'trouble', 'unknown']);
  });

  test.each([
    ['an error of an object without words', '{"type":"error","data":{"toString":1,"valueOf":1}}'],
    [
      'an error nested deeper than a stack',
      `{"type":"error","data":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
    ],
    [
      'an order nested deeper than a stack',
      `{"type":"order","data":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
    ],
    ['nothing', ''],
    ['null', 'null'],
  ])('of %s are left out', (_what, frame) => {
    expect(readText(frame)).toEqual({ kind: 'unknown' });
  });
});

/** What cannot be below nothing, unless its reply says otherwise. */
const bounded = /price|quantity|filled|volume|trigger_values|multiplier/;

/** How many numbers of a checked value are not finite, or below nothing where that cannot be. */
function impossible(value: unknown, signed = /^$/, name = ''): number {
  if (typeof value === 'number')
    return Number.isFinite(value) && (value >= 0 || signed.test(name) || !bounded.test(name)) ? 0 : 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + impossible(inner, signed, Array.isArray(value) ? name : key),
    0,
  );
}
