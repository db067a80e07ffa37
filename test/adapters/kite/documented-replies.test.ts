import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openEnvelope } from '../../../src/adapters/kite/envelope.ts';
import {
  holdingSchema,
  marginsSchema,
  orderSchema,
  positionsSchema,
  quoteSchema,
  tradeSchema,
  triggerSchema,
} from '../../../src/adapters/kite/schemas.ts';
import { TickColumns, tickAt } from '../../../src/adapters/kite/tick-columns.ts';
import { noCounts, readFrame } from '../../../src/adapters/kite/ticker-frame.ts';
import { readText } from '../../../src/adapters/kite/ticker-text.ts';

/*
 * Replies written after Kite Connect v3's documentation and what its forum tells, with the oddities that are documented: every key
 * of a row, values that are null, states that are new, and numbers that look wrong and are not.
 */

function read<T>(schema: z.ZodType<T>, data: unknown): T {
  const opened = openEnvelope(200, Buffer.from(JSON.stringify({ status: 'success', data })));
  if (opened.kind !== 'data') throw new Error(`the reply is ${opened.kind}`);
  return schema.parse(opened.data);
}

/** A row of the order book with every key it can have. */
const order = {
  ...{ account_id: 'AB1234', placed_by: 'AB1234', terminal_id: null, order_id: '1914227164488687616' },
  ...{ exchange_order_id: '1100000041827101', parent_order_id: null, status: 'COMPLETE' },
  ...{ status_message: null, status_message_raw: null, order_timestamp: '2026-11-25 09:20:31' },
  ...{ exchange_update_timestamp: '2026-11-25 09:20:31', exchange_timestamp: '2026-11-25 09:20:31' },
  ...{ variety: 'regular', modified: false, exchange: 'NFO', tradingsymbol: 'NIFTY26DECFUT' },
  ...{ instrument_token: 12_345_602, order_type: 'LIMIT', transaction_type: 'SELL', validity: 'TTL' },
  ...{ validity_ttl: 5, product: 'NRML', quantity: 130, disclosed_quantity: 0, price: 26_010.5 },
  ...{ trigger_price: 0, auction_number: null, average_price: 26_011.2, filled_quantity: 130 },
  ...{ pending_quantity: 0, cancelled_quantity: 0, market_protection: 0, meta: {}, tag: 'a1b2c3' },
  ...{ tags: ['a1b2c3', 'autoslice'], guid: null },
};

describe('orders', () => {
  test('keep what they are in every key that is read', () => {
    const [row] = read(z.array(orderSchema), [order]);
    expect(row).toMatchObject({
      ...{
        order_id: '1914227164488687616',
        status: 'COMPLETE',
        validity: 'TTL',
        tags: ['a1b2c3', 'autoslice'],
      },
      ...{ quantity: 130, filled_quantity: 130, average_price: 26_011.2 },
      order_timestamp: Date.parse('2026-11-25T09:20:31+05:30'),
    });
  });

  test.each([
    // A cancelled row can have its quantity as pending and as cancelled.
    [
      {
        status: 'CANCELLED',
        filled_quantity: 0,
        average_price: 0,
        pending_quantity: 130,
        cancelled_quantity: 130,
      },
    ],
    [
      {
        status: 'REJECTED',
        exchange_order_id: null,
        exchange_timestamp: null,
        exchange_update_timestamp: null,
      },
    ],
    [{ status: 'AMO REQ RECEIVED', variety: 'amo', exchange_order_id: null }],
    [{ status: 'A STATUS OF NEXT YEAR', variety: 'new', order_type: 'NEW', product: 'NEW', validity: 'NEW' }],
    [{ variety: 'iceberg', meta: { iceberg: { leg: 1, legs: 5, leg_quantity: 26, total_quantity: 130 } } }],
    [{ tag: null, tags: null, guid: undefined, terminal_id: undefined, account_id: undefined }],
  ])('%j is read', (change) => {
    const [row] = read(z.array(orderSchema), [{ ...order, ...change }]);
    expect(row.status).toBe('status' in change ? change.status : 'COMPLETE');
  });

  test.each([
    [{ order_id: 7 }],
    [{ order_id: '' }],
    [{ transaction_type: 'HOLD' }],
    [{ filled_quantity: -1 }],
    [{ quantity: 0.5 }],
    [{ average_price: null }],
    [{ order_timestamp: '25/11/2026' }],
  ])('%j is no order', (change) => {
    expect(z.array(orderSchema).safeParse([{ ...order, ...change }]).success).toBe(false);
  });
});

/** What is posted and sent over the stream: the row of the book, signed. */
const update = {
  ...order,
  ...{ user_id: 'AB1234', app_id: 1_234, checksum: 'a'.repeat(64), unfilled_quantity: 0 },
};

describe('updates of orders over the stream', () => {
  const sent = (data: unknown) => readText(JSON.stringify({ type: 'order', data }));

  test('are the row that is posted too', () => {
    expect(sent(update)).toEqual({
      kind: 'order',
      order: {
        ...{ order_id: '1914227164488687616', status: 'COMPLETE', tag: 'a1b2c3', status_message: null },
        ...{ filled_quantity: 130, quantity: 130, average_price: 26_011.2, transaction_type: 'SELL' },
        ...{ tradingsymbol: 'NIFTY26DECFUT', exchange: 'NFO' },
      },
    });
  });

  test.each(['UPDATE', 'OPEN', 'CANCELLED', 'REJECTED', 'MODIFY VALIDATION PENDING'])('say %s', (status) => {
    expect(sent({ ...update, status })).toMatchObject({ kind: 'order', order: { status } });
  });

  test('of another shape are left out', () => {
    for (const data of [
      null,
      [],
      [update],
      'order',
      { ...update, order_id: 1 },
      { ...update, quantity: '130' },
    ])
      expect(sent(data)).toEqual({ kind: 'unknown' });
  });
});

describe('ticks', () => {
  /** A frame of one packet of whole numbers. */
  function frameOf(...numbers: readonly number[]): DataView {
    const view = new DataView(new ArrayBuffer(4 + numbers.length * 4));
    view.setUint16(0, 1);
    view.setUint16(2, numbers.length * 4);
    for (const [at, number] of numbers.entries()) view.setUint32(4 + at * 4, number);
    return view;
  }
  function tick(...numbers: readonly number[]) {
    const columns = new TickColumns([numbers[0]]);
    expect(readFrame(frameOf(...numbers), columns, 1_000, noCounts(), () => undefined)).toBe(1);
    return tickAt(columns, 0);
  }

  test('of mode ltp hold a price and nothing else', () => {
    expect(tick(408_065, 157_315)).toMatchObject({
      lastPrice: 1_573.15,
      volume: Number.NaN,
      high: Number.NaN,
    });
  });

  test('of an index have high and low before open and close', () => {
    expect(tick(256_265, 2_603_010, 2_610_000, 2_590_005, 2_600_000, 2_599_995, 3_015)).toMatchObject({
      ...{ lastPrice: 26_030.1, high: 26_100, low: 25_900.05, open: 26_000, previousClose: 25_999.95 },
    });
    expect(
      tick(265, 8_500_000, 8_510_000, 8_490_000, 8_495_000, 8_499_000, 1_000, 1_795_594_690),
    ).toMatchObject({
      ...{ lastPrice: 85_000, exchangeTime: 1_795_594_690_000 },
    });
  });

  test('of currencies have finer prices', () => {
    // USDINR of CDS by ten million, of BCD by ten thousand.
    expect(tick(256 * 1_000 + 3, 845_025_000).lastPrice).toBe(84.5025);
    expect(tick(256 * 1_000 + 6, 845_025).lastPrice).toBe(84.5025);
  });
});

describe('the rest', () => {
  test('a trade has the time of its order without a day', () => {
    const trade = {
      ...{ trade_id: '40000001', order_id: '261125000000001', exchange: 'NSE', tradingsymbol: 'M&M' },
      ...{ instrument_token: 519_937, product: 'MTF', average_price: 3_001.05, quantity: 3 },
      ...{ exchange_order_id: '1100000000000009', transaction_type: 'BUY', order_timestamp: '09:16:39' },
      ...{ fill_timestamp: '2026-11-25 09:16:39', exchange_timestamp: '2026-11-25 09:16:39' },
    };
    expect(read(z.array(tradeSchema), [trade])[0]).toMatchObject({
      ...{ trade_id: '40000001', quantity: 3, fill_timestamp: Date.parse('2026-11-25T09:16:39+05:30') },
    });
    expect(tradeSchema.safeParse({ ...trade, quantity: 0 }).success).toBe(false);
  });

  test('a holding can be pledged, in part not here yet, and financed', () => {
    const holding = {
      ...{ tradingsymbol: 'SBIN', exchange: 'BSE', instrument_token: 128_028_676, isin: 'INE062A01020' },
      ...{ product: 'CNC', price: 0, quantity: 16, used_quantity: 0, t1_quantity: 3, realised_quantity: 16 },
      ...{ authorised_quantity: 0, authorised_date: '2026-11-25 00:00:00', opening_quantity: 16 },
      ...{ short_quantity: 0, collateral_quantity: 5, collateral_type: null, discrepancy: false },
      ...{ average_price: 801.78, last_price: 793.7, close_price: 801.2, pnl: -129.28, day_change: -7.5 },
      ...{
        day_change_percentage: -0.936,
        mtf: { quantity: 1, used_quantity: 0, average_price: 800, value: 800 },
      },
    };
    expect(read(z.array(holdingSchema), [holding])[0]).toMatchObject({
      quantity: 16,
      t1_quantity: 3,
      pnl: -129.28,
    });
  });

  test('margins can be minus nothing', () => {
    const text = `{"status":"success","data":{"equity":{"enabled":true,"net":-0,"available":{"adhoc_margin":0,"cash":-0,
      "opening_balance":0,"live_balance":-12.5,"collateral":0,"intraday_payin":0},"utilised":{"debits":12.5}}}}`;
    const opened = openEnvelope(200, Buffer.from(text));
    if (opened.kind !== 'data') throw new Error(`the reply is ${opened.kind}`);
    const margins = marginsSchema.parse(opened.data);
    expect([margins.equity?.available.live_balance, margins.commodity]).toEqual([-12.5, undefined]);
  });

  test('a position of a commodity counts lots and can have cost less than nothing', () => {
    const position = {
      ...{ tradingsymbol: 'CRUDEOIL26DECFUT', exchange: 'MCX', instrument_token: 1_256_711, product: 'NRML' },
      ...{ quantity: -2, overnight_quantity: -2, multiplier: 100, average_price: -10, close_price: -2_884 },
      ...{ last_price: 5, value: 2_000, pnl: -3_000, m2m: 0, unrealised: -3_000, realised: 0 },
      ...{
        buy_quantity: 0,
        buy_price: 0,
        buy_value: 0,
        sell_quantity: 2,
        sell_price: -10,
        sell_value: -2_000,
      },
      ...{ day_buy_quantity: 0, day_buy_price: 0, day_buy_value: 0 },
      ...{ day_sell_quantity: 0, day_sell_price: 0, day_sell_value: 0 },
    };
    expect(read(positionsSchema, { net: [position], day: [] }).net[0]).toMatchObject({
      quantity: -2,
      multiplier: 100,
    });
    for (const change of [{ multiplier: 0 }, { sell_quantity: -1 }, { quantity: null }])
      expect(positionsSchema.safeParse({ net: [{ ...position, ...change }], day: [] }).success).toBe(false);
  });

  test('an index has neither volume nor a book', () => {
    const ohlc = { open: 26_000, high: 26_100, low: 25_900.05, close: 25_999.95 };
    const nifty = { instrument_token: 256_265, timestamp: '2026-11-25 10:00:00', last_price: 26_030.1, ohlc };
    expect(read(quoteSchema, { 'NSE:NIFTY 50': nifty })['NSE:NIFTY 50']).toMatchObject({
      last_price: 26_030.1,
      ohlc,
    });
    const untraded = { ...nifty, last_trade_time: null, depth: { buy: [], sell: [] }, volume: 0, oi: 0 };
    expect(read(quoteSchema, { 'BSE:NEW': untraded })['BSE:NEW'].last_trade_time).toBeNull();
  });

  test('a trigger that has fired says what became of its order', () => {
    const leg = {
      ...{ exchange: 'NSE', tradingsymbol: 'INFY', product: 'CNC', order_type: 'LIMIT' },
      ...{ transaction_type: 'SELL', quantity: 1, price: 1_500 },
    };
    const rejection = {
      status: 'failed',
      order_id: '',
      rejection_reason: 'Your order price is lower than the circuit.',
    };
    const trigger = {
      ...{ id: 105_099, user_id: 'AB1234', parent_trigger: null, type: 'two-leg', status: 'triggered' },
      ...{ created_at: '2026-11-20 10:00:00', updated_at: '2026-11-25 10:00:00', meta: null },
      ...{
        expires_at: '2027-11-20 10:00:00',
        condition: { exchange: 'NSE', last_price: 1_600, tradingsymbol: 'INFY' },
      },
      orders: [
        { ...leg, result: null },
        { ...leg, price: 1_700, result: { order_result: rejection } },
      ],
    };
    const condition = { ...trigger.condition, trigger_values: [1_500, 1_700], instrument_token: 408_065 };
    const [read_] = read(z.array(triggerSchema), [{ ...trigger, condition }]);
    expect(read_.orders[1].result?.order_result?.rejection_reason).toContain('circuit');
    for (const values of [[], [0], [1, 2, 3]])
      expect(
        triggerSchema.safeParse({ ...trigger, condition: { ...condition, trigger_values: values } }).success,
      ).toBe(false);
  });
});
