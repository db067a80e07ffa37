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
} from '../../../src/adapters/kite/schemas.ts';
import { TickColumns } from '../../../src/adapters/kite/tick-columns.ts';
import { noCounts, readFrame } from '../../../src/adapters/kite/ticker-frame.ts';

/** Mutated frames; a tenth as many bodies. `ALGO_FUZZ=10000000` is the long run, which also says how long the slowest took. */
const frames = Number(process.env.ALGO_FUZZ ?? 30_000);
const bodies = Math.ceil(frames / 10);

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

function slowest(what: string, times: number, work: () => void): void {
  let most = 0;
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    work();
    most = Math.max(most, performance.now() - start);
  }
  if (process.env.ALGO_FUZZ !== undefined)
    process.stderr.write(`${what}: ${times}, slowest ${most.toFixed(1)} ms\n`);
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
  slowest('frames', frames, () => {
    const frame = mutated(soundFrame(random), random);
    readFrame(new DataView(frame.buffer, frame.byteOffset, frame.length), columns, 1, counts, listener);
  });
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
const replies: readonly (readonly [unknown, z.ZodType])[] = [
  [[row], z.array(orderSchema)],
  [[row], z.array(tradeSchema)],
  [{ 'NSE:INFY': quote }, quoteSchema],
  [{ 'NSE:INFY': quote }, ltpSchema],
  [{ net: [], day: [] }, positionsSchema],
  [[{ ...row, last_price: 1, close_price: 1, pnl: -1 }], z.array(holdingSchema)],
];

describe('mutated bodies', () => {
  test('give a checked value or none, and never a crash', () => {
    const random = chance(11);
    const sound = replies.map(([data, schema]) => ({
      body: Buffer.from(JSON.stringify({ status: 'success', data })),
      schema,
    }));
    let taken = 0;
    let wrong = 0;
    slowest('bodies', bodies, () => {
      const { body, schema } = sound[random(sound.length)];
      const opened = openEnvelope(200, mutated(body, random));
      const parsed = opened.kind === 'data' ? schema.safeParse(opened.data) : undefined;
      if (!parsed?.success) return;
      taken += 1;
      wrong += impossible(parsed.data);
    });
    expect(wrong).toBe(0);
    expect(taken).toBeGreaterThan(bodies / 100);
  });

  test('of candles give rising, finite columns or none', () => {
    const random = chance(13);
    const candles = [0, 1, 2].map((minute) => [`2017-12-15T09:1${minute}:00+0530`, 10, 12, 9, 11, 100]);
    const body = Buffer.from(JSON.stringify({ status: 'success', data: { candles } }));
    let taken = 0;
    let wrong = 0;
    slowest('candles', bodies, () => {
      const opened = openEnvelope(200, mutated(body, random));
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
    const refused = Buffer.from(
      '{"status":"error","message":"No.","error_type":"InputException","data":null}',
    );
    const placed = Buffer.from('{"status":"success","data":{"order_id":"151220000000000"}}');
    const kinds = new Set<string>();
    slowest('outcomes', bodies, () => {
      kinds.add(`refused ${outcomeOf(openEnvelope(400, mutated(refused, random))).kind}`);
      kinds.add(`placed ${outcomeOf(openEnvelope(200, mutated(placed, random))).kind}`);
    });
    expect([...kinds].sort()).toEqual([
      'placed acknowledged',
      'placed unknown',
      'refused refused',
      'refused unknown',
    ]);
  });
});

/** How many numbers of a checked value are not finite, or below nothing where that cannot be. */
function impossible(value: unknown, name = ''): number {
  if (typeof value === 'number')
    return Number.isFinite(value) &&
      (value >= 0 || /pnl|timestamp|time$/.test(name) || !/price|filled|volume/.test(name))
      ? 0
      : 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, inner]) => sum + impossible(inner, key), 0);
}
