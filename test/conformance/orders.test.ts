import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Row } from './official-kite.ts';
import { refusalOf } from './refusal.ts';
import { openRehearsal, type Rehearsal } from './rehearsal.ts';
import { missingKeys, orderKeys, tradeKeys } from './shapes.ts';

let stand: Rehearsal;
/** Price of NSE:INFY, rupees. */
let last: number;

beforeAll(async () => {
  stand = await openRehearsal();
});

beforeEach(async () => {
  stand.nextSecond();
  last = (await stand.kite.getLTP(['NSE:INFY']))['NSE:INFY']?.last_price ?? 0;
});

afterAll(() => stand.close());

/** A price on the tick grid, so many percent from the last one. */
function near(percent: number): number {
  return Number((Math.round((last * (1 + percent / 100)) / 0.05) * 0.05).toFixed(2));
}

type Fields = Readonly<Record<string, string | number | boolean>>;

const resting: Fields = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  quantity: 5,
  product: 'CNC',
  order_type: 'LIMIT',
  validity: 'DAY',
};

async function place(fields: Fields = {}, variety = 'regular'): Promise<string> {
  const { order_id } = await stand.kite.placeOrder(variety, { ...resting, price: near(-1.5), ...fields });
  return order_id;
}

async function refusal(fields: Fields, variety?: string): Promise<Record<string, unknown>> {
  return refusalOf(place(fields, variety));
}

async function states(id: string): Promise<readonly Row[]> {
  return await stand.kite.getOrderHistory(id);
}

async function row(id: string): Promise<Row> {
  const found = (await stand.kite.getOrders()).find((order) => order.order_id === id);
  if (!found) throw new Error(`order ${id} is not in the book`);
  return found;
}

const market: Fields = { order_type: 'MARKET', price: 0, market_protection: -1 };

describe('placing', () => {
  test('answers with an order id of digits', async () => {
    expect(await place()).toMatch(/^\d{15,19}$/);
  });

  test('a limit order away from the market rests in the book with every key', async () => {
    const order = await row(await place({ tag: 'conformance1' }));
    expect(missingKeys(order, orderKeys)).toEqual([]);
    expect(order).toMatchObject({
      status: 'OPEN',
      variety: 'regular',
      exchange: 'NSE',
      tradingsymbol: 'INFY',
      instrument_token: 408065,
      order_type: 'LIMIT',
      transaction_type: 'BUY',
      product: 'CNC',
      validity: 'DAY',
      quantity: 5,
      filled_quantity: 0,
      pending_quantity: 5,
      cancelled_quantity: 0,
      average_price: 0,
      tag: 'conformance1',
      placed_by: stand.userId,
    });
    expect(order.order_timestamp).toBeInstanceOf(Date);
    expect(order.exchange_order_id).toMatch(/^\d+$/);
  });

  test('shows every interim state, oldest first', async () => {
    const seen = (await states(await place())).map((state) => state.status);
    expect(seen).toEqual(['PUT ORDER REQ RECEIVED', 'VALIDATION PENDING', 'OPEN PENDING', 'OPEN']);
  });

  test('a market order with protection is filled and has trades', async () => {
    const id = await place(market);
    stand.play(120);
    const order = await row(id);
    expect(order).toMatchObject({ status: 'COMPLETE', filled_quantity: 5, pending_quantity: 0 });
    expect(order.average_price).toBeGreaterThan(0);
    const trades = await stand.kite.getOrderTrades(id);
    expect(trades.length).toBeGreaterThan(0);
    for (const trade of trades) expect(missingKeys(trade, tradeKeys)).toEqual([]);
    expect(trades.reduce((sum, trade) => sum + trade.quantity, 0)).toBe(5);
  });

  test('a market order without protection is refused in the words of Kite', async () => {
    expect(await refusal({ order_type: 'MARKET', price: 0 })).toMatchObject({
      error_type: 'InputException',
      message: expect.stringContaining('Market orders without market protection are not allowed via API'),
    });
  });

  test('a limit order through the market is filled', async () => {
    const id = await place({ price: near(0.5) });
    stand.play(120);
    expect((await row(id)).status).toBe('COMPLETE');
  });

  test('a stop order waits for its trigger', async () => {
    const id = await place({ order_type: 'SL', trigger_price: near(1), price: near(1.2) });
    expect(await row(id)).toMatchObject({ status: 'TRIGGER PENDING', order_type: 'SL' });
  });

  test('a stop-market order needs protection and waits for its trigger', async () => {
    expect(await refusal({ order_type: 'SL-M', price: 0, trigger_price: near(1) })).toHaveProperty(
      'error_type',
    );
    const id = await place({ order_type: 'SL-M', price: 0, trigger_price: near(1), market_protection: -1 });
    expect((await row(id)).status).toBe('TRIGGER PENDING');
  });

  test('an IOC order away from the market is cancelled at once', async () => {
    const order = await row(await place({ validity: 'IOC' }));
    expect(order).toMatchObject({ status: 'CANCELLED', filled_quantity: 0, cancelled_quantity: 5 });
  });

  test('a TTL order keeps its minutes and ends with them', async () => {
    const id = await place({ validity: 'TTL', validity_ttl: 2 });
    expect(await row(id)).toMatchObject({ status: 'OPEN', validity: 'TTL', validity_ttl: 2 });
    stand.play(180);
    expect((await row(id)).status).toBe('CANCELLED');
  });

  test('an intraday order is of product MIS', async () => {
    expect(await row(await place({ product: 'MIS' }))).toMatchObject({ product: 'MIS', status: 'OPEN' });
  });
});

describe('an order is refused', () => {
  test.each([
    ['with an unknown symbol', { tradingsymbol: 'NOSUCH' }],
    ['without a quantity', { quantity: 0 }],
    ['with a negative quantity', { quantity: -1 }],
    ['with a broken quantity', { quantity: 1.5 }],
    ['with an unknown order type', { order_type: 'STOP' }],
    ['with an unknown product', { product: 'CASH' }],
    ['with an unknown side', { transaction_type: 'HOLD' }],
    ['with an unknown validity', { validity: 'GTC' }],
    ['with an unknown exchange', { exchange: 'NYSE' }],
    ['with a tag of 21 characters', { tag: 'x'.repeat(21) }],
    ['as LIMIT without a price', { price: 0 }],
    ['as SL without a trigger', { order_type: 'SL' }],
  ] as const)('%s', async (_name, fields) => {
    expect(await refusal(fields)).toMatchObject({ status: 'error', error_type: 'InputException' });
  });

  test('off the tick grid', async () => {
    expect(await refusal({ price: near(-1) + 0.01 })).toMatchObject({ error_type: expect.any(String) });
  });

  test('of an unknown variety', async () => {
    expect(await refusal({}, 'exotic')).toMatchObject({ error_type: expect.any(String) });
  });

  test('beyond the circuit limits', async () => {
    expect(await refusal({ price: near(60) })).toMatchObject({
      error_type: expect.any(String),
      message: expect.stringContaining('circuit limit'),
    });
  });

  test('with a stop on the wrong side of the price', async () => {
    expect(await refusal({ order_type: 'SL', trigger_price: near(-1), price: near(-0.9) })).toMatchObject({
      error_type: expect.any(String),
    });
  });

  test('and a refused one never appears in the book', async () => {
    const before = (await stand.kite.getOrders()).length;
    await refusal({ quantity: 0 });
    expect((await stand.kite.getOrders()).length).toBe(before);
  });

  test('for want of funds with MarginException, or is rejected in the book', async () => {
    const outcome = await place({ quantity: 90_000 }).catch((error: unknown) => error);
    if (typeof outcome === 'string')
      expect(await row(outcome)).toMatchObject({
        status: 'REJECTED',
        status_message: expect.stringContaining('Insufficient funds'),
        exchange_order_id: null,
      });
    else expect(outcome).toMatchObject({ error_type: 'MarginException' });
  });
});

describe('modifying', () => {
  test('changes price and quantity and shows its states', async () => {
    const id = await place();
    expect(await stand.kite.modifyOrder('regular', id, { price: near(-2), quantity: 7 })).toMatchObject({
      order_id: id,
    });
    expect(await row(id)).toMatchObject({ price: near(-2), quantity: 7, modified: true, status: 'OPEN' });
    const seen = (await states(id)).map((state) => state.status);
    expect(seen.slice(4)).toEqual(['MODIFY VALIDATION PENDING', 'MODIFY PENDING', 'MODIFIED', 'OPEN']);
  });

  test('of an unknown order is refused', async () => {
    const asked = stand.kite.modifyOrder('regular', '1', { price: near(-2) });
    expect(await refusalOf(asked)).toMatchObject({ error_type: expect.any(String) });
  });

  test('of a cancelled order is refused', async () => {
    const id = await place();
    await stand.kite.cancelOrder('regular', id);
    expect(await refusalOf(stand.kite.modifyOrder('regular', id, { price: near(-2) }))).toMatchObject({
      error_type: expect.any(String),
    });
  });

  test('is refused after the 25th time', async () => {
    const id = await place();
    for (let change = 1; change <= 25; change++) {
      stand.nextSecond();
      await stand.kite.modifyOrder('regular', id, { price: near(-2) + change * 0.05 });
    }
    stand.nextSecond();
    expect(await refusalOf(stand.kite.modifyOrder('regular', id, { price: near(-1) }))).toMatchObject({
      error_type: expect.any(String),
    });
  });
});

describe('cancelling', () => {
  test('ends an order and shows its states', async () => {
    const id = await place();
    expect(await stand.kite.cancelOrder('regular', id)).toMatchObject({ order_id: id });
    expect(await row(id)).toMatchObject({ status: 'CANCELLED', cancelled_quantity: 5, filled_quantity: 0 });
    expect((await states(id)).map((state) => state.status).slice(-2)).toEqual([
      'CANCEL PENDING',
      'CANCELLED',
    ]);
  });

  test('twice is refused', async () => {
    const id = await place();
    await stand.kite.cancelOrder('regular', id);
    expect(await refusalOf(stand.kite.cancelOrder('regular', id))).toMatchObject({
      error_type: expect.any(String),
    });
  });

  test('of a stop that waits for its trigger ends it', async () => {
    const id = await place({ order_type: 'SL', trigger_price: near(1), price: near(1.2) });
    await stand.kite.cancelOrder('regular', id);
    expect((await row(id)).status).toBe('CANCELLED');
  });
});

describe('other varieties', () => {
  test('an iceberg is sent leg by leg', async () => {
    const id = await place(
      { quantity: 1_000, iceberg_legs: 5, iceberg_quantity: 200, product: 'MIS' },
      'iceberg',
    );
    expect(await row(id)).toMatchObject({
      variety: 'iceberg',
      quantity: 200,
      meta: { iceberg: { leg: 1, legs: 5, leg_quantity: 200, total_quantity: 1_000 } },
    });
  });

  test('an iceberg without legs is refused', async () => {
    expect(await refusal({ quantity: 1_000 }, 'iceberg')).toMatchObject({ error_type: 'InputException' });
  });

  test('a cover order brings its stop', async () => {
    const id = await place({ ...market, product: 'MIS', trigger_price: near(-2) }, 'co');
    stand.play(120);
    const legs = (await stand.kite.getOrders()).filter((order) => order.parent_order_id === id);
    expect(legs).toHaveLength(1);
    expect(legs[0]).toMatchObject({ variety: 'co', transaction_type: 'SELL', trigger_price: near(-2) });
  });

  test('an after-market order is refused while the market is open', async () => {
    expect(await refusal({}, 'amo')).toMatchObject({ error_type: expect.any(String) });
  });

  test('an auction order needs its number', async () => {
    expect(await refusal({ transaction_type: 'SELL' }, 'auction')).toMatchObject({
      error_type: expect.any(String),
    });
  });
});

describe('the book', () => {
  test('lists the trades of the day', async () => {
    const trades = await stand.kite.getTrades();
    expect(trades.length).toBeGreaterThan(0);
    for (const trade of trades) expect(missingKeys(trade, tradeKeys)).toEqual([]);
    expect(trades[0]?.fill_timestamp).toBeInstanceOf(Date);
  });

  test('has no unknown order', async () => {
    expect(await refusalOf(stand.kite.getOrderHistory('1'))).toMatchObject({
      error_type: expect.any(String),
    });
  });

  test('keeps the tag and lists it among the tags', async () => {
    expect(await row(await place({ tag: 'mine20260101' }))).toMatchObject({
      tag: 'mine20260101',
      tags: ['mine20260101'],
    });
  });

  test('an order beyond ten in a second is refused with 429', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => place().catch((error: { error_type: string }) => error.error_type)),
    );
    expect(outcomes.filter((outcome) => outcome === 'NetworkException').length).toBeGreaterThanOrEqual(2);
    expect(outcomes.filter((outcome) => /^\d+$/.test(outcome)).length).toBeGreaterThan(0);
  });
});
