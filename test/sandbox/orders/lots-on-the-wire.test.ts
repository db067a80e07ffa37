import { describe, expect, test } from '@jest/globals';
import type { Instrument } from '#src/domain/instrument.ts';
import { day as dayOf, future } from '../../support/india.ts';
import { type HeldDay, heldDay } from './held-day.ts';

/*
 * MCX and currencies count lots on the wire: the position's multiplier is what a rupee of the price is worth.
 */

const crude: Instrument = future('CRUDEOIL', '2026-12-18', {
  ...{ key: 'MCX:CRUDEOIL26DECFUT', exchange: 'MCX', tradingsymbol: 'CRUDEOIL26DECFUT', rules: 'MCX' },
  ...{ tickSize: 1, lotSize: 100 },
});
const dollar: Instrument = future('USDINR', '2026-12-29', {
  ...{ key: 'CDS:USDINR26DECFUT', exchange: 'CDS', tradingsymbol: 'USDINR26DECFUT', rules: 'CDS' },
  ...{ tickSize: 0.0025, lotSize: 1_000 },
});

function dayWith(instrument: Instrument, price: number, tick: number) {
  const day = heldDay();
  const row = day.market.listInstrument(instrument, 4_000 * 256 + (instrument.rules === 'MCX' ? 7 : 3));
  const book = (at: number) => ({
    bids: [{ quantity: 5, price: at - tick, orders: 1 }],
    asks: [{ quantity: 5, price: at + tick, orders: 1 }],
  });
  const print = (at: number, quantity = 50) => day.print(row, at, quantity, book(at));
  print(price);
  const { exchange, tradingsymbol } = instrument;
  return { day, print, form: { exchange, tradingsymbol, product: 'NRML' } };
}

const net = (day: HeldDay) => day.ask('GET', '/portfolio/positions').net[0];

describe('an order of the commodity exchange', () => {
  test('counts lots from the order to the position, and money in units', () => {
    const { day, print, form } = dayWith(crude, 5_800, 1);
    const before = day.ask('GET', '/user/margins/commodity').net;
    const id = day.place({ ...form, quantity: 2, price: 5_801 });
    expect(day.last(id)).toMatchObject({ status: 'COMPLETE', quantity: 2, average_price: 5_801 });
    expect(day.ask('GET', '/trades')).toMatchObject([{ quantity: 2, average_price: 5_801 }]);
    print(5_811);
    expect(net(day)).toMatchObject({
      quantity: 2,
      multiplier: 100,
      buy_value: 2 * 100 * 5_801,
      pnl: 2 * 100 * 10,
      m2m: 2 * 100 * 10,
    });
    // The commodity segment pays the margin, 15 % of the value, and the equity segment nothing.
    const blocked = before - day.ask('GET', '/user/margins/commodity').net;
    expect(blocked).toBeGreaterThan(2 * 100 * 5_801 * 0.14);
    expect(blocked).toBeLessThan(2 * 100 * 5_811 * 0.16);
    expect(day.ask('GET', '/user/margins/equity').net).toBe(1_000_000);
  });

  test('fills no more lots than are offered, then what is printed', () => {
    const { day, print, form } = dayWith(crude, 5_800, 1);
    const id = day.place({ ...form, quantity: 8, price: 5_801 });
    expect(day.last(id)).toMatchObject({ status: 'OPEN', filled_quantity: 5, pending_quantity: 3 });
    print(5_799, 2);
    expect(day.last(id)).toMatchObject({ filled_quantity: 7 });
    print(5_799, 2);
    expect(day.last(id)).toMatchObject({ status: 'COMPLETE', filled_quantity: 8 });
  });

  test('comes in whole lots in parts that a fault wants', () => {
    const day = heldDay({ verdictOf: () => ({ rejection: undefined, parts: 2 }) });
    const row = day.market.listInstrument(crude, 4_000 * 256 + 7);
    day.print(row, 5_800, 50, { asks: [{ quantity: 5, price: 5_801, orders: 1 }] });
    day.place({
      exchange: 'MCX',
      tradingsymbol: 'CRUDEOIL26DECFUT',
      product: 'NRML',
      quantity: 3,
      price: 5_801,
    });
    expect(day.ask('GET', '/trades').map(({ quantity }: { quantity: number }) => quantity)).toEqual([1, 2]);
  });

  test('stays for the night and is settled at what the lots are worth', () => {
    const { day, print, form } = dayWith(crude, 5_800, 1);
    day.place({ ...form, quantity: 2, price: 5_801 });
    print(5_811);
    day.market.clock.step(86_400_000);
    day.market.begin(dayOf('2026-11-26'));
    expect(net(day)).toMatchObject({ quantity: 2, overnight_quantity: 2, multiplier: 100 });
    print(5_801);
    expect(net(day)).toMatchObject({ pnl: 0, m2m: -2_000 });
  });

  test('is not taken as IOC, and is taken in the evening', () => {
    const { day, print, form } = dayWith(crude, 5_800, 1);
    expect(
      day.refusal(() => day.place({ ...form, quantity: 1, validity: 'IOC', price: 5_801 })).message,
    ).toContain('IOC orders are not allowed on MCX');
    day.market.clock.step(12 * 3_600_000);
    print(5_805);
    expect(day.last(day.place({ ...form, quantity: 1, price: 5_806 })).status).toBe('COMPLETE');
  });
});

describe('an order in a currency', () => {
  test('counts lots of a thousand, on a grid of a quarter paisa', () => {
    const { day, print, form } = dayWith(dollar, 88.5, 0.0025);
    const id = day.place({ ...form, quantity: 3, price: 88.5025 });
    expect(day.last(id)).toMatchObject({ status: 'COMPLETE', quantity: 3, average_price: 88.5025 });
    print(88.6025);
    expect(net(day)).toMatchObject({ quantity: 3, multiplier: 1_000, pnl: 300 });
    expect(day.refusal(() => day.place({ ...form, quantity: 1, price: 88.501 })).message).toContain(
      'Tick size',
    );
  });

  test('pays charges of all its units in the night', () => {
    const { day, print, form } = dayWith(dollar, 88.5, 0.0025);
    const note = day.ask('POST', '/charges/orders', [
      {
        ...{ order_id: 'a', exchange: 'CDS', tradingsymbol: 'USDINR26DECFUT', transaction_type: 'BUY' },
        ...{ variety: 'regular', product: 'NRML', order_type: 'LIMIT', quantity: 3, average_price: 88.5025 },
      },
    ])[0].charges.total;
    day.place({ ...form, quantity: 3, price: 88.5025 });
    print(88.5025);
    day.market.clock.step(86_400_000);
    day.market.begin(dayOf('2026-11-26'));
    const { cash } = day.ask('GET', '/user/margins/equity').available;
    expect(note).toBeGreaterThan(0);
    expect(1_000_000 - cash).toBeCloseTo(note, 1);
  });
});
