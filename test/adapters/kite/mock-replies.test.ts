import { readFileSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { z } from 'zod';
import { readCandles } from '../../../src/adapters/kite/candles.ts';
import { openEnvelope } from '../../../src/adapters/kite/envelope.ts';
import { outcomeOf } from '../../../src/adapters/kite/order-outcome.ts';
import {
  basketMarginSchema,
  contractNoteSchema,
  holdingSchema,
  ltpSchema,
  marginsSchema,
  ohlcSchema,
  orderMarginSchema,
  orderSchema,
  profileSchema,
  sessionSchema,
  tradeSchema,
  triggerIdSchema,
  triggerSchema,
} from '../../../src/adapters/kite/schemas.ts';
import { TickColumns, tickAt } from '../../../src/adapters/kite/tick-columns.ts';
import { noCounts, readFrame } from '../../../src/adapters/kite/ticker-frame.ts';
import { testWithShared } from '../../support/shared-data.ts';

/** The replies that Kite publishes for makers of clients. */
const read: readonly (readonly [string, z.ZodType])[] = [
  ['profile', profileSchema],
  ['generate_session', sessionSchema],
  ['margins', marginsSchema],
  ['orders', z.array(orderSchema)],
  ['trades', z.array(tradeSchema)],
  ['holdings', z.array(holdingSchema)],
  ['ltp', ltpSchema],
  ['ohlc', ohlcSchema],
  ['gtt_get_orders', z.array(triggerSchema)],
  ['gtt_place_order', triggerIdSchema],
  ['order_margins', z.array(orderMarginSchema)],
  ['basket_margins', basketMarginSchema],
  ['virtual_contract_note', z.array(contractNoteSchema)],
];

const opened = (path: string) => openEnvelope(200, readFileSync(path));
const dataOf = (path: string): unknown => {
  const answer = opened(path);
  if (answer.kind !== 'data') throw new Error(`${path} is ${answer.kind}`);
  return answer.data;
};

describe('Kite’s published replies', () => {
  for (const [name, schema] of read)
    testWithShared(`kite-mocks/${name}.json`, `${name} is read with every value it has`, (path) => {
      const data = dataOf(path);
      const parsed = schema.parse(data);
      expect(parsed).toMatchObject(Object(plain(parsed, data)));
    });

  for (const name of ['order_response', 'order_cancel'])
    testWithShared(`kite-mocks/${name}.json`, `${name} acknowledges an order`, (path) =>
      expect(outcomeOf(opened(path))).toEqual({
        kind: 'acknowledged',
        orderId: '151220000000000',
        slices: [],
      }),
    );

  testWithShared('kite-mocks/autoslice_response.json', 'a sliced order fails in part', (path) =>
    expect(outcomeOf(opened(path))).toMatchObject({
      kind: 'acknowledged',
      orderId: '1914227164488687616',
      slices: [
        { orderId: '1914227164534824960' },
        { orderId: '1914227164580962304' },
        { errorType: 'MarginException', refused: expect.stringContaining('Insufficient funds') },
        { orderId: '1914227164681625600' },
      ],
    }),
  );

  testWithShared('kite-mocks/historical_minute.json', 'candles open at 09:15 in India', (path) => {
    const candles = readCandles(dataOf(path));
    if (typeof candles === 'string') throw new Error(candles);
    expect([candles.length, candles.time[0], candles.close[5]]).toEqual([
      6,
      Date.parse('2017-12-15T03:45:00Z'),
      1_696.9,
    ]);
  });

  testWithShared('kite-mocks/ticker_quote.packet', 'the recorded packet has the recorded values', (path) => {
    const body = Buffer.from(readFileSync(path, 'latin1').trim(), 'base64');
    const head = Buffer.from([0, 1, 0, body.length]);
    const frame = Buffer.concat([head, body]);
    const columns = new TickColumns([408_065]);
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    expect(readFrame(view, columns, 1, noCounts(), () => undefined)).toBe(1);
    expect(tickAt(columns, 0)).toMatchObject({
      lastPrice: 1_573.15,
      lastQuantity: 1,
      averagePrice: 1_570.33,
      volume: 1_175_986,
      buyQuantity: 256_511,
      sellQuantity: 360_503,
      open: 1_569.15,
      high: 1_575,
      low: 1_561.05,
      previousClose: 1_567.8,
    });
  });
});

/** What Kite sent, of the fields that were read; times and absent values are compared elsewhere. */
function plain(parsed: unknown, sent: unknown): unknown {
  if (typeof parsed !== 'object' || parsed === null) return sent;
  if (Array.isArray(parsed)) return parsed.map((each, at) => plain(each, Reflect.get(Object(sent), at)));
  const kept = Object.entries(parsed).flatMap(([key, value]): [string, unknown][] => {
    const raw: unknown = Reflect.get(Object(sent), key);
    const instant = typeof raw === 'string' && typeof value === 'number';
    return raw === undefined || raw === null || raw === '' || instant ? [] : [[key, plain(value, raw)]];
  });
  return Object.fromEntries(kept);
}
