import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TickColumns, tickAt } from '../../../src/adapters/kite/tick-columns.ts';
import { noCounts, readFrame } from '../../../src/adapters/kite/ticker-frame.ts';

const infy = 408_065;
const nifty = 256_265;
const usdinr = 0x10_03;

/** A frame of packet bodies. */
function frameOf(...bodies: readonly Buffer[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(bodies.length);
  return Buffer.concat([
    count,
    ...bodies.flatMap((body) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(body.length);
      return [length, body];
    }),
  ]);
}

function words(...values: readonly number[]): Buffer {
  const body = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) body.writeUInt32BE(value, at * 4);
  return body;
}

function full(token: number, price: number): Buffer {
  const body = Buffer.alloc(184);
  for (const [at, value] of [
    token,
    price,
    7,
    157_037,
    3_000_000_000,
    10,
    20,
    156_915,
    157_500,
    156_105,
    156_780,
    1_625_461_887,
    4_000_000_000,
    5,
    6,
    1_625_461_888,
  ].entries())
    body.writeUInt32BE(value, at * 4);
  for (let level = 0; level < 10; level++) {
    body.writeUInt32BE(5 + level, 64 + level * 12);
    body.writeUInt32BE(157_340 + level, 68 + level * 12);
    body.writeUInt16BE(1 + level, 72 + level * 12);
  }
  return body;
}

/** Takes frame after frame into the same columns. */
function reader(columns: TickColumns) {
  const counts = noCounts();
  const take = (frame: Buffer) =>
    readFrame(
      new DataView(frame.buffer, frame.byteOffset, frame.length),
      columns,
      1_000,
      counts,
      () => undefined,
    );
  return { counts, take };
}

function read(frame: Buffer, tokens: readonly number[] = [infy, nifty, usdinr]) {
  const columns = new TickColumns(tokens);
  const counts = noCounts();
  const slots: number[] = [];
  const ticks = readFrame(
    new DataView(frame.buffer, frame.byteOffset, frame.length),
    columns,
    1_000,
    counts,
    (slot) => slots.push(slot),
  );
  return { columns, counts, slots, ticks };
}

describe('a frame', () => {
  test('of a full packet is read in every field, values beyond 2^31 too', () => {
    const { columns, ticks } = read(frameOf(full(infy, 157_370)));
    expect(ticks).toBe(1);
    expect(tickAt(columns, 0)).toMatchObject({
      token: infy,
      lastPrice: 1573.7,
      lastQuantity: 7,
      averagePrice: 1570.37,
      volume: 3_000_000_000,
      buyQuantity: 10,
      sellQuantity: 20,
      open: 1569.15,
      high: 1575,
      low: 1561.05,
      previousClose: 1567.8,
      lastTradeTime: Date.parse('2021-07-05T10:41:27+05:30'),
      openInterest: 4_000_000_000,
      exchangeTime: Date.parse('2021-07-05T10:41:28+05:30'),
      arrived: 1_000,
    });
    expect(tickAt(columns, 0).bids[0]).toEqual({ price: 1573.4, quantity: 5, orders: 1 });
    expect(tickAt(columns, 0).asks[4]).toEqual({ price: 1573.49, quantity: 14, orders: 10 });
  });

  test('holds several packets of different kinds', () => {
    const index = words(nifty, 1_560_000, 1_570_000, 1_550_000, 1_555_000, 1_559_000, 1_000, 1_625_461_887);
    const { columns, slots } = read(frameOf(words(infy, 100), index, words(usdinr, 830_000_000)));
    expect(slots).toEqual([0, 1, 2]);
    expect(columns.lastPrice[0]).toBe(1);
    // High, low, open, close: the order of an index.
    expect([columns.high[1], columns.low[1], columns.open[1], columns.previousClose[1]]).toEqual([
      15_700, 15_500, 15_550, 15_590,
    ]);
    expect(columns.exchangeTime[1]).toBe(1_625_461_887_000);
    expect(columns.lastPrice[2]).toBe(83);
    expect(columns.volume[0]).toBeNaN();
  });

  test('of one byte is a heartbeat', () => {
    expect(read(Buffer.from([0]))).toMatchObject({ ticks: 0, counts: { heartbeats: 1, garbage: 0 } });
  });

  test('leaves out instruments nobody asked for and prices of nothing', () => {
    const { counts, slots } = read(frameOf(words(999, 100), words(infy, 0), words(nifty, 5)));
    expect(slots).toEqual([1]);
    expect(counts).toMatchObject({ strangers: 1, priceless: 1, ticks: 1 });
  });

  test.each([
    ['two bytes', Buffer.from([0, 1])],
    ['nothing', Buffer.alloc(0)],
    ['a packet of a length there is not', frameOf(Buffer.alloc(45))],
    [
      'fewer packets than it says',
      Buffer.concat([Buffer.from([0, 2]), frameOf(words(infy, 100)).subarray(2)]),
    ],
    ['more bytes than it says', Buffer.concat([frameOf(words(infy, 100)), Buffer.from([1])])],
    ['no packet', Buffer.from([0, 0, 0, 0])],
    ['a good packet before a cut one', frameOf(words(infy, 100), full(infy, 5)).subarray(0, 100)],
  ])('of %s is dropped as a whole', (_what, frame) => {
    const { ticks, counts, slots } = read(frame);
    expect({ ticks, slots, garbage: counts.garbage }).toEqual({ ticks: -1, slots: [], garbage: 1 });
  });

  test('leaves out prices that cannot be one', () => {
    const wild = full(infy, 400_000);
    const { counts, ticks } = read(
      frameOf(wild, words(infy, 4_000_000_000), words(nifty, 1, 90, 80, 85, 84, 0, 0)),
    );
    expect({ ticks, absurd: counts.absurd }).toEqual({ ticks: 0, absurd: 3 });
    // Before the first trade of the day there is no range, only yesterday's price.
    expect(read(frameOf(words(nifty, 100, 0, 0, 0, 84, 0, 0))).ticks).toBe(1);
  });

  test('mutated at will never lets an impossible value through and never throws', () => {
    const sound = frameOf(full(infy, 157_370), words(nifty, 5, 1, 1, 1, 1, 1, 1));
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(sound.length),
        (changes, cut) => {
          const frame = Buffer.from(cut % 3 === 0 ? sound.subarray(0, cut) : sound);
          for (const [at, value] of changes) if (at < frame.length) frame[at] = value;
          const { columns, slots } = read(frame);
          for (const slot of slots) {
            taken += 1;
            const { lastPrice, volume, openInterest } = tickAt(columns, slot);
            expect(lastPrice).toBeGreaterThan(0);
            expect(volume < 0 || openInterest < 0).toBe(false);
          }
        },
      ),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});

describe('slots', () => {
  test('are found for every token of a full load, and for no other', () => {
    const tokens = Array.from({ length: 9_000 }, (_, at) => ((at * 7 + 1) << 8) | (at % 2 === 0 ? 1 : 2));
    const columns = new TickColumns(tokens);
    tokens.forEach((token, slot) => {
      expect(columns.slotOf(token)).toBe(slot);
    });
    expect(columns.slotOf(4_294_967_295)).toBe(-1);
  });

  test('are given to others when their instrument has left, and empty until then', () => {
    const columns = new TickColumns([infy, nifty], 3);
    const { counts, take } = reader(columns);
    take(frameOf(full(infy, 157_370)));
    columns.remove([infy, 999]);
    expect([columns.slotOf(infy), columns.slotOf(nifty), columns.count]).toEqual([-1, 1, 1]);
    take(frameOf(full(infy, 157_370)));
    expect(counts.strangers).toBe(1);
    columns.add([usdinr, nifty]);
    expect(columns.slotOf(usdinr)).toBe(0);
    expect(tickAt(columns, 0)).toMatchObject({ token: usdinr, lastPrice: Number.NaN, volume: Number.NaN });
    expect(tickAt(columns, 0).bids[0]).toEqual({
      price: Number.NaN,
      quantity: Number.NaN,
      orders: Number.NaN,
    });
  });

  test('hold nothing of a richer packet once a poorer one has come', () => {
    const columns = new TickColumns([infy]);
    const { take } = reader(columns);
    take(frameOf(full(infy, 157_370)));
    take(frameOf(words(infy, 157_375)));
    expect(tickAt(columns, 0)).toMatchObject({ lastPrice: 1573.75, volume: Number.NaN, open: Number.NaN });
    expect(tickAt(columns, 0).asks[4]?.price).toBeNaN();
  });

  test('are found whatever joined and left before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.array(fc.integer({ min: 1, max: 60 }))), { maxLength: 30 }),
        (steps) => {
          const columns = new TickColumns([], 60);
          const there = new Map<number, number>();
          for (const [joins, tokens] of steps) {
            if (joins) columns.add(tokens);
            else columns.remove(tokens);
            for (const token of tokens) {
              if (!joins) there.delete(token);
              else if (!there.has(token)) there.set(token, columns.slotOf(token));
            }
            for (let token = 1; token <= 60; token++)
              expect(columns.slotOf(token)).toBe(there.get(token) ?? -1);
            expect(new Set(there.values()).size).toBe(columns.count);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('are for 9,000 instruments at most', () => {
    expect(() => new TickColumns(Array.from({ length: 9_001 }, (_, at) => at))).toThrow(
      /9001 instruments.*3 connections carry 9000/,
    );
  });
});
