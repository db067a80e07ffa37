import { describe, expect, test } from '@jest/globals';
import { heldDay } from './held-day.ts';

const order = (price: number, transaction_type = 'SELL') => ({
  ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type, quantity: 5 },
  ...{ order_type: 'LIMIT', product: 'CNC', price },
});
const form = (type: string, trigger_values: number[], orders: object[]) => ({
  type,
  condition: JSON.stringify({ exchange: 'NSE', tradingsymbol: 'INFY', trigger_values, last_price: 100 }),
  orders: JSON.stringify(orders),
});
const holdings = () => [{ key: 'NSE:INFY', quantity: 20, averagePrice: 90 }];

describe('a trigger', () => {
  test('places its order once, when the price reaches it', () => {
    const day = heldDay();
    const { trigger_id } = day.ask('POST', '/gtt/triggers', form('single', [95], [order(95, 'BUY')]));
    day.print(day.infy, 95.05);
    expect(day.ask('GET', `/gtt/triggers/${trigger_id}`)).toMatchObject({
      status: 'active',
      created_at: '2026-11-25 10:00:00',
      expires_at: '2027-11-25 10:00:00',
      orders: [{ result: null }],
    });
    day.print(day.infy, 94);
    const gtt = day.ask('GET', `/gtt/triggers/${trigger_id}`);
    const [placed] = day.ask('GET', '/orders');
    expect(gtt.status).toBe('triggered');
    expect(gtt.orders[0].result).toMatchObject({
      triggered_at: 94,
      order_result: { status: 'success', order_id: placed.order_id, rejection_reason: '' },
    });
    day.print(day.infy, 93);
    expect(day.ask('GET', '/orders')).toHaveLength(1);
  });

  test('with two legs leaves the other one alone', () => {
    const day = heldDay({ holdings });
    day.ask('POST', '/gtt/triggers', form('two-leg', [90, 110], [order(89), order(109)]));
    day.print(day.infy, 112);
    const [gtt] = day.ask('GET', '/gtt/triggers');
    expect(gtt.orders.map(({ result }: { result: unknown }) => result !== null)).toEqual([false, true]);
    day.print(day.infy, 85);
    expect(day.ask('GET', '/orders')).toMatchObject([{ price: 109, transaction_type: 'SELL' }]);
  });

  test('says when its order was refused: triggered is not filled', () => {
    const day = heldDay();
    day.ask('POST', '/gtt/triggers', form('single', [95], [order(94)]));
    day.print(day.infy, 95);
    expect(day.ask('GET', '/gtt/triggers')[0].orders[0].result.order_result).toMatchObject({
      status: 'failed',
      rejection_reason: expect.stringContaining('Insufficient stock holding'),
    });
  });

  test('can be changed and deleted while it is active, by its owner', () => {
    const day = heldDay();
    const { trigger_id: id } = day.ask('POST', '/gtt/triggers', form('single', [95], [order(95, 'BUY')]));
    expect(day.refusal(() => day.ask('GET', `/gtt/triggers/${id}`, {}, 'CD5678')).message).toBe(
      'Trigger not found.',
    );
    day.ask('PUT', `/gtt/triggers/${id}`, form('single', [92], [order(92, 'BUY')]));
    day.print(day.infy, 94);
    expect(day.ask('DELETE', `/gtt/triggers/${id}`)).toEqual({ trigger_id: id });
    day.print(day.infy, 90);
    expect(day.ask('GET', '/orders')).toEqual([]);
    expect(day.ask('GET', '/gtt/triggers')[0].status).toBe('deleted');
    expect(day.refusal(() => day.ask('DELETE', `/gtt/triggers/${id}`)).message).toContain('is deleted');
  });

  test('expires after a year, and at most 500 are active', () => {
    const day = heldDay();
    for (let count = 0; count < 500; count++)
      day.ask('POST', '/gtt/triggers', form('single', [95], [order(95, 'BUY')]));
    expect(
      day.refusal(() => day.ask('POST', '/gtt/triggers', form('single', [95], [order(95, 'BUY')]))).message,
    ).toContain('500');
    expect(day.ask('POST', '/gtt/triggers', form('single', [95], [order(95, 'BUY')]), 'CD5678')).toEqual({
      trigger_id: 100_501,
    });
    const year = 365 * 86_400_000;
    day.market.clock.step(year - 1);
    expect(day.ask('GET', '/gtt/triggers/100001').status).toBe('active');
    day.market.clock.step(1);
    expect(day.ask('GET', '/gtt/triggers/100001').status).toBe('expired');
  });

  test.each([
    [form('two-leg', [101, 110], [order(89), order(109)]), 'below and above'],
    [form('single', [100], [order(100)]), 'differ'],
    [form('single', [90, 110], [order(100)]), '1 `trigger_values`'],
    [form('two-leg', [90, 110], [order(89, 'BUY'), order(109, 'BUY')]), 'futures and options only'],
    [{ ...form('single', [95], [order(95)]), condition: 'no json' }, 'should be JSON'],
  ])('%#: is refused when it makes no sense', (wrong, message) => {
    const day = heldDay();
    expect(day.refusal(() => day.ask('POST', '/gtt/triggers', wrong)).message).toContain(message);
  });
});
