import { describe, expect, test } from '@jest/globals';
import { heldDay } from './held-day.ts';

const seconds = 1_000;
const placed = ['PUT ORDER REQ RECEIVED', 'VALIDATION PENDING', 'OPEN PENDING'];

describe('an order of the sandbox', () => {
  test('takes what is offered up to its limit and shows every status on the way', () => {
    const day = heldDay();
    const id = day.place({ price: 100.05, tag: 'alpha1' });
    expect(id).toMatch(/^261125\d{9}$/);
    expect(day.statuses(id)).toEqual([...placed, 'OPEN', 'COMPLETE']);
    expect(day.last(id)).toMatchObject({
      status: 'COMPLETE',
      average_price: 100.05,
      filled_quantity: 10,
      pending_quantity: 0,
      tag: 'alpha1',
      tags: ['alpha1'],
      order_timestamp: '2026-11-25 10:00:00',
      exchange_timestamp: '2026-11-25 10:00:00',
    });
    expect(day.ask('GET', '/portfolio/positions').net).toMatchObject([
      { tradingsymbol: 'INFY', product: 'MIS', quantity: 10, average_price: 100.05, pnl: -0.5 },
    ]);
    expect(day.ask('GET', `/orders/${id}/trades`)).toMatchObject([
      { order_id: id, quantity: 10, average_price: 100.05, order_timestamp: '10:00:00' },
    ]);
  });

  test('rests until the price trades through its limit, and takes no more than was traded', () => {
    const day = heldDay();
    const id = day.place({ quantity: 100 });
    day.print(day.infy, 99);
    expect(day.last(id).filled_quantity).toBe(0);
    day.market.clock.step(5 * seconds);
    day.print(day.infy, 98.95, 30);
    expect(day.last(id)).toMatchObject({ status: 'OPEN', filled_quantity: 30, pending_quantity: 70 });
    day.print(day.infy, 98.9, 500);
    expect(day.last(id)).toMatchObject({
      status: 'COMPLETE',
      filled_quantity: 100,
      exchange_update_timestamp: '2026-11-25 10:00:05',
    });
    expect(day.frames.map(([, { status }]) => status)).toEqual(['OPEN', 'UPDATE', 'COMPLETE']);
  });

  test('wakes for prints again after calm ones', () => {
    const day = heldDay();
    const id = day.place({});
    for (const price of [100.5, 101, 100.5, 101, 100]) day.print(day.infy, price);
    day.print(day.infy, 98);
    expect(day.last(id)).toMatchObject({ status: 'COMPLETE', average_price: 98 });
  });

  test('a market order stands in the book as a limit at its protected price', () => {
    const day = heldDay();
    const id = day.place({ order_type: 'MARKET', market_protection: -1, quantity: 60 });
    // 1 % of 100; the offer of 50 is taken, the rest waits there.
    expect(day.last(id)).toMatchObject({
      order_type: 'LIMIT',
      price: 101,
      status: 'OPEN',
      filled_quantity: 50,
      tags: ['mktp', 'mktp:1.00'],
    });
    expect(day.refusal(() => day.place({ order_type: 'MARKET' }))).toEqual({
      type: 'InputException',
      message:
        'Market orders without market protection are not allowed via API. Please set market protection or use a Limit order.',
    });
  });

  test('IOC fills what it can at once and is cancelled with the rest', () => {
    const day = heldDay();
    const id = day.place({ price: 100.1, quantity: 80, validity: 'IOC' });
    expect(day.statuses(id)).toEqual([...placed, 'OPEN', 'OPEN', 'CANCEL PENDING', 'CANCELLED']);
    expect(day.last(id)).toMatchObject({ filled_quantity: 50, cancelled_quantity: 30 });
  });

  test('TTL lives for its minutes', () => {
    const day = heldDay();
    const id = day.place({ validity: 'TTL', validity_ttl: 2 });
    day.market.clock.step(119 * seconds);
    expect(day.last(id).status).toBe('OPEN');
    day.market.clock.step(1 * seconds);
    expect(day.last(id).status).toBe('CANCELLED');
  });

  test('a stop waits for its trigger, and one that sells waits below', () => {
    const day = heldDay();
    const id = day.place({ order_type: 'SL', transaction_type: 'SELL', trigger_price: 99, price: 98.5 });
    expect(day.statuses(id)).toEqual([...placed, 'TRIGGER PENDING']);
    day.print(day.infy, 99.05);
    expect(day.last(id).status).toBe('TRIGGER PENDING');
    day.print(day.infy, 98.9);
    expect(day.statuses(id)).toEqual([...placed, 'TRIGGER PENDING', 'OPEN', 'COMPLETE']);
    const wrong = { order_type: 'SL', transaction_type: 'SELL', trigger_price: 105, price: 104 };
    expect(day.refusal(() => day.place(wrong)).message).toContain(
      'should be lower than the last traded price',
    );
  });

  test('changes show as such, up to 25 of them', () => {
    const day = heldDay();
    const id = day.place({});
    day.ask('PUT', `/orders/regular/${id}`, { price: 98.5 });
    expect(day.statuses(id)).toEqual([
      ...placed,
      'OPEN',
      'MODIFY VALIDATION PENDING',
      'MODIFY PENDING',
      'MODIFIED',
      'OPEN',
    ]);
    expect(day.last(id)).toMatchObject({ price: 98.5, modified: true });
    for (let more = 0; more < 24; more++) day.ask('PUT', `/orders/regular/${id}`, { price: 98 });
    expect(day.refusal(() => day.ask('PUT', `/orders/regular/${id}`, { price: 97 })).message).toContain(
      'Maximum allowed order modifications exceeded',
    );
    day.ask('PUT', `/orders/regular/${day.place({})}`, { price: 100.05 });
    expect(day.ask('GET', '/orders').at(-1)).toMatchObject({ status: 'COMPLETE' });
  });

  test('a stop becomes a limit order, and the other way round', () => {
    const day = heldDay();
    const id = day.place({ order_type: 'SL', trigger_price: 105, price: 106 });
    day.ask('PUT', `/orders/regular/${id}`, { order_type: 'LIMIT', price: 99.5 });
    expect(day.last(id)).toMatchObject({ status: 'OPEN', order_type: 'LIMIT', trigger_price: 0 });
    day.ask('PUT', `/orders/regular/${id}`, { order_type: 'SL', price: 104, trigger_price: 103 });
    expect(day.last(id)).toMatchObject({ status: 'TRIGGER PENDING', order_type: 'SL' });
    day.print(day.infy, 103.5);
    expect(day.last(id)).toMatchObject({ status: 'COMPLETE', average_price: 103.5 });
  });

  test('is cancelled with what it has kept', () => {
    const day = heldDay();
    const id = day.place({});
    day.ask('DELETE', `/orders/regular/${id}`);
    expect(day.statuses(id)).toEqual([...placed, 'OPEN', 'CANCEL PENDING', 'CANCELLED']);
    expect(day.refusal(() => day.ask('DELETE', `/orders/regular/${id}`)).type).toBe('OrderException');
    day.print(day.infy, 90);
    expect(day.last(id).filled_quantity).toBe(0);
  });

  test('of one user is not seen by another', () => {
    const day = heldDay();
    const id = day.place({});
    expect(day.ask('GET', '/orders', {}, 'CD5678')).toEqual([]);
    expect(day.refusal(() => day.ask('GET', `/orders/${id}`, {}, 'CD5678')).message).toBe(
      "Couldn't find that `order_id`.",
    );
  });

  test.each([
    [{ tag: 'longer than twenty characters' }, 'InputException', 'Invalid `tag`'],
    [{ tag: 'with-a-dash' }, 'InputException', 'Invalid `tag`'],
    [{ price: 99.005 }, 'InputException', 'Tick size for this script is 0.01'],
    [{ price: 130 }, 'OrderException', 'higher than the current upper circuit limit of 120'],
    [{ price: 70 }, 'OrderException', 'lower than the current lower circuit limit of 80'],
    [{ quantity: 0 }, 'InputException', 'Invalid `quantity`'],
    [{ quantity: 100_001 }, 'OrderException', '1,00,000'],
    [{ product: 'NRML' }, 'InputException', 'Invalid `product`'],
    [{ tradingsymbol: 'NOSUCH' }, 'InputException', 'has either expired or does not exist'],
    [{ disclosed_quantity: 11 }, 'InputException', 'Invalid `disclosed_quantity`'],
    [{ order_type: 'STOP' }, 'InputException', 'Invalid `order_type`'],
  ])('%j is refused before the order book', (form, type, message) => {
    const day = heldDay();
    const refused = day.refusal(() => day.place(form));
    expect(refused.type).toBe(type);
    expect(refused.message).toContain(message);
    expect(day.ask('GET', '/orders')).toEqual([]);
  });

  test('that the account cannot carry is rejected in the book', () => {
    const day = heldDay({ openingCash: { equity: 500, commodity: 0 } });
    const id = day.place({ product: 'CNC' });
    expect(day.statuses(id)).toEqual(['PUT ORDER REQ RECEIVED', 'VALIDATION PENDING', 'REJECTED']);
    expect(day.last(id)).toMatchObject({
      exchange_order_id: null,
      status_message:
        'Insufficient funds. Required margin is 990.00 but available margin is 500.00. Check the orderbook for open orders.',
    });
    expect(day.last(day.place({}))).toMatchObject({ status: 'OPEN' });
  });

  test('that sells shares nobody holds is rejected', () => {
    const day = heldDay({ holdings: () => [{ key: 'NSE:INFY', quantity: 15, averagePrice: 90 }] });
    const sell = { product: 'CNC', transaction_type: 'SELL', price: 101 };
    expect(day.last(day.place(sell)).status).toBe('OPEN');
    expect(day.last(day.place(sell)).status_message).toContain('available quantity is 5');
  });

  test('meets what a fault plan has for it', () => {
    const verdicts = [
      { rejection: 'The exchange says no.', parts: 1 },
      { rejection: undefined, parts: 3 },
    ];
    const day = heldDay({ verdictOf: () => verdicts.shift() ?? { rejection: undefined, parts: 1 } });
    expect(day.last(day.place({}))).toMatchObject({
      status: 'REJECTED',
      status_message: 'The exchange says no.',
    });
    const id = day.place({ price: 100.05 });
    expect(day.ask('GET', `/orders/${id}/trades`).map((row: { quantity: number }) => row.quantity)).toEqual([
      3, 3, 4,
    ]);
  });

  test('an iceberg shows one leg after the other', () => {
    const day = heldDay();
    day.place({ quantity: 30, price: 100.05, iceberg_legs: 3, iceberg_quantity: 10 }, 'iceberg');
    const rows = day.ask('GET', '/orders');
    expect(rows.map((row: { status: string }) => row.status)).toEqual(['COMPLETE', 'COMPLETE', 'COMPLETE']);
    expect(rows[1].meta).toEqual({
      iceberg: { leg: 2, legs: 3, leg_quantity: 10, total_quantity: 30, remaining_quantity: 10 },
    });
  });

  test('a cover order brings its stop, and leaving it sells at the market', () => {
    const day = heldDay();
    const id = day.place({ price: 100.05, trigger_price: 98 }, 'co');
    const [, stop] = day.ask('GET', '/orders');
    expect(stop).toMatchObject({
      parent_order_id: id,
      status: 'TRIGGER PENDING',
      transaction_type: 'SELL',
      trigger_price: 98,
      variety: 'co',
    });
    day.ask('DELETE', `/orders/co/${stop.order_id}`);
    expect(day.last(stop.order_id)).toMatchObject({ status: 'COMPLETE', average_price: 99.95 });
    expect(day.ask('GET', '/portfolio/positions').net[0]).toMatchObject({ quantity: 0, product: 'CO' });
  });
});
