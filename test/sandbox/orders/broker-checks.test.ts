import { describe, expect, test } from '@jest/globals';
import type { Instrument } from '#src/domain/instrument.ts';
import { restrictionsOf } from '#src/sandbox/orders/restrictions.ts';
import { day as dayOf, future, option } from '../../support/india.ts';
import { depth } from '../../support/scripted-market.ts';
import { type HeldDay, heldDay } from './held-day.ts';

/*
 * What Kite refuses before the order management: it answers with an error, and nothing stands in the book.
 */

const minute = 60_000;

function refusedBefore(day: HeldDay, form: Record<string, string | number>, variety = 'regular') {
  const before = day.ask('GET', '/orders').length;
  const refusal = day.refusal(() => day.place(form, variety));
  expect(day.ask('GET', '/orders')).toHaveLength(before);
  return refusal;
}

function listed(day: HeldDay, instrument: Instrument, token: number, price: number) {
  const row = day.market.listInstrument(instrument, token);
  day.print(row, price, 10_000, {
    bids: depth([[9_000, price - 1, 1]]),
    asks: depth([[9_000, price + 1, 1]]),
  });
  const { exchange, tradingsymbol } = instrument;
  return { exchange, tradingsymbol, product: 'NRML', price, quantity: instrument.lotSize };
}

const stockFuture = future('SBIN', '2026-12-29', { lotSize: 750 });

function crude(month: string, expiry: string): Instrument {
  const tradingsymbol = `CRUDEOIL26${month}FUT`;
  const names = { key: `MCX:${tradingsymbol}`, exchange: 'MCX', tradingsymbol, rules: 'MCX' as const };
  return future('CRUDEOIL', expiry, { ...names, tickSize: 1, lotSize: 100 });
}

describe('before the order management is refused', () => {
  test('what is in the ban period', () => {
    const day = heldDay({ restrictions: restrictionsOf(['ban=SBIN']) });
    const form = listed(day, stockFuture, 2 * 256 + 2, 800);
    expect(refusedBefore(day, form)).toEqual({
      type: 'OrderException',
      message: 'SBIN is in ban period. Only orders that reduce existing positions are allowed.',
    });
    expect(day.last(day.place({})).status).toBe('OPEN');
  });

  test('an order that turns a position in the ban period around, and not one that makes it smaller', () => {
    const restrictions = { ...restrictionsOf([]), banned: new Set<string>() };
    const day = heldDay({ restrictions });
    const form = listed(day, stockFuture, 2 * 256 + 2, 800);
    day.place({ ...form, price: 801 });
    restrictions.banned.add('SBIN');
    expect(refusedBefore(day, { ...form, transaction_type: 'SELL', quantity: 1_500 }).message).toContain(
      'ban period',
    );
    const exit = day.place({ ...form, transaction_type: 'SELL', price: 799 });
    expect(day.last(exit).status).toBe('COMPLETE');
  });

  test('a far month of MCX', () => {
    const day = heldDay({ restrictions: restrictionsOf(['mcx=2']) });
    const forms = [
      listed(day, crude('DEC', '2026-12-18'), 11 * 256 + 7, 5_800),
      listed(day, crude('JAN', '2027-01-19'), 12 * 256 + 7, 5_810),
      listed(day, crude('FEB', '2027-02-18'), 13 * 256 + 7, 5_820),
    ];
    expect(refusedBefore(day, { ...forms[2], quantity: 1 })).toEqual({
      type: 'OrderException',
      message: 'Far month contracts such as CRUDEOIL26FEBFUT are blocked due to illiquidity.',
    });
    for (const form of forms.slice(0, 2)) day.place({ ...form, quantity: 1 });
    expect(day.ask('GET', '/orders')).toHaveLength(2);
  });

  test('a limit far away from the last price, also when an order is changed to it', () => {
    const day = heldDay({ restrictions: restrictionsOf(['limit=10']) });
    const far =
      'LIMIT orders that are far away from the LTP are restricted as per exchange guidelines. Please use [GTT]';
    expect(refusedBefore(day, { price: 89.95 }).message).toBe(far);
    const id = day.place({ price: 90 });
    expect(day.refusal(() => day.ask('PUT', `/orders/regular/${id}`, { price: 89.95 })).message).toBe(far);
    day.place({ order_type: 'SL', trigger_price: 115, price: 116 });
  });

  test('MIS in a share that is not for it, and not CNC', () => {
    const day = heldDay({ restrictions: restrictionsOf(['no-mis=nse:infy']) });
    expect(refusedBefore(day, {})).toEqual({
      type: 'OrderException',
      message: 'MIS (intraday) orders are blocked for INFY. Use CNC instead.',
    });
    expect(day.last(day.place({ product: 'CNC' })).status).toBe('OPEN');
  });

  test('more than a lakh of shares, and more contracts than the freeze quantity', () => {
    const day = heldDay();
    expect(refusedBefore(day, { quantity: 100_001 }).message).toContain('1,00,000');
    const form = listed(day, future('NIFTY', '2026-12-29', { lotSize: 65 }), 3 * 256 + 2, 26_000);
    expect(refusedBefore(day, { ...form, quantity: 65 * 40 }).message).toContain('freeze quantity');
  });

  test('a trigger on the wrong side of the last price', () => {
    const day = heldDay();
    expect(refusedBefore(day, { order_type: 'SL', trigger_price: 99, price: 99.5 }).message).toBe(
      'Trigger price for stoploss buy orders should be higher than the last traded price (100).',
    );
    expect(
      refusedBefore(day, { transaction_type: 'SELL', order_type: 'SL', trigger_price: 101, price: 100 })
        .message,
    ).toContain('should be lower');
  });

  test('a market order in an option of a share', () => {
    const day = heldDay();
    const key = { key: 'NFO:SBIN26DEC800CE', tradingsymbol: 'SBIN26DEC800CE', lotSize: 750 };
    const form = listed(day, option('SBIN', '2026-12-29', 800, key), 4 * 256 + 2, 20);
    const market = { order_type: 'MARKET', market_protection: -1 };
    expect(refusedBefore(day, { ...form, ...market }).message).toContain('blocked for stock options');
    day.place(form);
  });

  test('an AMO outside its hours: from 9:00 to 15:45, in equity derivatives from 9:10', () => {
    const day = heldDay();
    const contract = listed(day, stockFuture, 2 * 256 + 2, 800);
    const refusals: string[] = [];
    // From 10:00 to 15:40, and on to 15:45.
    day.market.clock.step(340 * minute);
    refusals.push(refusedBefore(day, { product: 'CNC' }, 'amo').message);
    refusals.push(refusedBefore(day, contract, 'amo').message);
    day.market.clock.step(5 * minute);
    expect(day.last(day.place({ product: 'CNC' }, 'amo')).status).toBe('AMO REQ RECEIVED');
    day.market.clock.step((17 * 60 + 15) * minute);
    day.market.begin(dayOf('2026-11-26'));
    // 9:00 of the next morning.
    refusals.push(refusedBefore(day, { product: 'CNC' }, 'amo').message);
    expect(day.last(day.place(contract, 'amo')).status).toBe('AMO REQ RECEIVED');
    expect(refusals).toEqual([
      'After market orders (AMO) are not accepted between 9:00 AM and 3:45 PM.',
      'After market orders (AMO) are not accepted between 9:10 AM and 3:45 PM.',
      'After market orders (AMO) are not accepted between 9:00 AM and 3:45 PM.',
    ]);
  });
});

describe('shares that need authorisation at the depository', () => {
  const holdings = () => [{ key: 'NSE:INFY', quantity: 30, averagePrice: 90 }];
  const sell = { transaction_type: 'SELL', product: 'CNC', price: 101 };

  test('are not sold before they are authorised', () => {
    const day = heldDay({ holdings, restrictions: restrictionsOf(['edis']) });
    let refusal: unknown;
    try {
      day.place(sell);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({
      errorType: 'HoldingException',
      status: 428,
      message: '10 quantity needs authorisation at depository.',
    });
    expect(day.ask('GET', '/orders')).toEqual([]);
    const isin = day.ask('GET', '/portfolio/holdings')[0].isin;
    day.ask('POST', '/portfolio/holdings/authorise', { isin, quantity: 15 });
    expect(day.last(day.place(sell)).status).toBe('OPEN');
    // Five of the fifteen are left, since the open order takes ten.
    expect(day.refusal(() => day.place(sell)).message).toBe('5 quantity needs authorisation at depository.');
    expect(day.last(day.place({ ...sell, quantity: 5 })).status).toBe('OPEN');
  });

  test('are those of the depository, not what was bought today', () => {
    const day = heldDay({ restrictions: restrictionsOf(['edis']) });
    day.place({ product: 'CNC', price: 100.05 });
    expect(day.last(day.place({ ...sell, price: 99.95 })).status).toBe('COMPLETE');
  });

  test('are sold at once by an account with a standing authorisation', () => {
    const day = heldDay({ holdings });
    expect(day.last(day.place(sell)).status).toBe('OPEN');
  });
});

test('a restriction that is none is refused', () => {
  for (const word of ['ban', 'ban=', 'edis=yes', 'limit=0', 'limit=x', 'mcx=0', 'mcx=1.5', 'other'])
    expect(() => restrictionsOf([word])).toThrow(`--restrict received "${word}"`);
  expect(() => restrictionsOf(['no-mis=INFY'])).toThrow('"INFY" is not an instrument');
});
