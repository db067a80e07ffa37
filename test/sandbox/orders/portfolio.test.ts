import { describe, expect, test } from '@jest/globals';
import { dayMs } from '#src/domain/time.ts';
import { day as dayOf, future, option } from '../../support/india.ts';
import { type HeldDay, heldDay } from './held-day.ts';

const hour = 3_600_000;
const lakh = { equity: 100_000, commodity: 0 };
const shares = (quantity: number) => () => [{ key: 'NSE:INFY', quantity, averagePrice: 90 }];

/** Half an hour before the next morning's opening, with the day begun. */
function nextMorning(day: HeldDay, date = '2026-11-26', ms = dayMs): void {
  day.market.clock.step(ms);
  day.market.begin(dayOf(date));
}

const equity = (day: HeldDay) => day.ask('GET', '/user/margins/equity');

describe('positions', () => {
  test('have 29 keys, follow the price, and stay when they are closed', () => {
    const day = heldDay();
    day.place({ price: 100.05 });
    day.print(day.infy, 103);
    const [row] = day.ask('GET', '/portfolio/positions').net;
    expect(Object.keys(row)).toHaveLength(29);
    expect(row).toMatchObject({ last_price: 103, value: -1000.5, pnl: 29.5, m2m: 29.5, buy_price: 100.05 });
    day.place({ transaction_type: 'SELL', price: 102.95 });
    const { net, day: today } = day.ask('GET', '/portfolio/positions');
    expect(net[0]).toMatchObject({ quantity: 0, average_price: 0, pnl: 29, sell_value: 1029.5 });
    expect(today[0]).toMatchObject({ quantity: 0, pnl: 29, day_sell_quantity: 10 });
  });

  test('move to another product when the account can pay for it', () => {
    const day = heldDay({ openingCash: { equity: 800, commodity: 0 } });
    day.place({ price: 100.05 });
    const move = {
      ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', position_type: 'day' },
      ...{ old_product: 'MIS', new_product: 'CNC' },
    };
    expect(day.refusal(() => day.ask('PUT', '/portfolio/positions', { ...move, quantity: 10 })).type).toBe(
      'MarginException',
    );
    expect(day.ask('PUT', '/portfolio/positions', { ...move, quantity: 4 })).toBe(true);
    expect(day.ask('GET', '/portfolio/positions').net).toMatchObject([
      { product: 'MIS', quantity: 6, average_price: 100.05 },
      { product: 'CNC', quantity: 4, average_price: 100.05 },
    ]);
  });

  test('under MIS are squared off by the broker, who takes no new ones afterwards', () => {
    const day = heldDay();
    day.place({ price: 100.05 });
    const open = day.place({});
    day.market.clock.step(5.5 * hour);
    expect(day.ask('GET', '/portfolio/positions').net[0]).toMatchObject({ quantity: 0 });
    expect(day.last(open)).toMatchObject({ status: 'CANCELLED' });
    expect(day.ask('GET', '/orders').at(-1).tags).toContain('squareoff');
    const late = heldDay();
    late.market.clock.step(5.4 * hour);
    expect(late.refusal(() => late.place({})).message).toContain('square-off');
  });
});

describe('funds', () => {
  test('are tied up by orders, moved by trades and set free again', () => {
    const day = heldDay({ openingCash: lakh });
    const id = day.place({ product: 'CNC' });
    expect(equity(day)).toMatchObject({ net: 99_010, utilised: { delivery: 990, debits: 990 } });
    day.ask('DELETE', `/orders/regular/${id}`);
    expect(equity(day).net).toBe(100_000);
    day.place({ price: 100.05 });
    // A fifth of 1000.50 for MIS, and an open loss of 0.50.
    expect(equity(day)).toMatchObject({
      net: 99_799.4,
      utilised: { exposure: 200.1, m2m_unrealised: -0.5 },
      available: { cash: 100_000, live_balance: 99_799.4 },
    });
    day.place({ transaction_type: 'SELL', price: 99.95 });
    expect(equity(day)).toMatchObject({ net: 99_999, utilised: { exposure: 0, m2m_realised: -1 } });
  });
});

describe('the night', () => {
  test('makes bought shares holdings, bills the day and clears the book', () => {
    const day = heldDay({ openingCash: lakh });
    day.place({ product: 'CNC', price: 100.05 });
    const open = day.place({ product: 'CNC' });
    day.market.clock.step(6 * hour);
    expect(day.last(open).status).toBe('CANCELLED');
    nextMorning(day, '2026-11-26', dayMs - 6 * hour);
    expect(day.ask('GET', '/orders')).toEqual([]);
    expect(day.ask('GET', '/portfolio/positions')).toEqual({ net: [], day: [] });
    expect(day.ask('GET', '/portfolio/holdings')).toMatchObject([
      { tradingsymbol: 'INFY', quantity: 0, t1_quantity: 10, average_price: 100.05, used_quantity: 0 },
    ]);
    const { cash } = equity(day).available;
    expect(cash).toBeLessThan(100_000 - 1_000.5);
    expect(cash).toBeGreaterThan(100_000 - 1_000.5 - 5);
    nextMorning(day, '2026-11-27');
    expect(day.ask('GET', '/portfolio/holdings')[0]).toMatchObject({ quantity: 10, t1_quantity: 0 });
  });

  test('takes sold shares out of the depository and pays for them', () => {
    const day = heldDay({
      openingCash: lakh,
      holdings: shares(15),
      auctions: [{ key: 'NSE:INFY', number: '22' }],
    });
    expect(day.ask('GET', '/portfolio/holdings/auctions')[0]).toMatchObject({
      auction_number: '22',
      quantity: 15,
    });
    day.place({ product: 'CNC', transaction_type: 'SELL', price: 99.95 });
    expect(day.ask('GET', '/portfolio/holdings')[0]).toMatchObject({ quantity: 5, used_quantity: 10 });
    expect(equity(day)).toMatchObject({ net: 100_999.5, utilised: { holding_sales: -999.5 } });
    expect(day.ask('GET', '/portfolio/holdings/summary')).toMatchObject({
      invested_amount: 450,
      current_value: 500,
    });
    nextMorning(day);
    expect(day.ask('GET', '/portfolio/holdings')[0]).toMatchObject({ quantity: 5, used_quantity: 0 });
  });

  test('carries a future with its last price as the mark, and settles it in cash on its last day', () => {
    const day = heldDay();
    const nifty = day.market.list('NSE', 'NIFTY 50', 256265, 'INDICES');
    const fut = day.market.listInstrument(
      future('NIFTY', '2026-11-26', { key: 'NFO:NIFTYFUT', tradingsymbol: 'NIFTYFUT', lotSize: 65 }),
      9_000_002,
    );
    day.print(nifty, 24_000);
    day.print(fut, 24_000, 6_500, { bids: [], asks: [{ price: 24_000, quantity: 6_500, orders: 1 }] });
    const lot = day.ask('POST', '/margins/orders', [
      {
        exchange: 'NFO',
        tradingsymbol: 'NIFTYFUT',
        transaction_type: 'BUY',
        product: 'NRML',
        quantity: 65,
        price: 24_000,
      },
    ])[0];
    const form = { exchange: 'NFO', tradingsymbol: 'NIFTYFUT', product: 'NRML', quantity: 65, price: 24_000 };
    expect(day.refusal(() => day.place({ ...form, quantity: 64 })).message).toMatch(
      /^Quantity should be multiple of \d+$/,
    );
    expect(day.last(day.place(form)).status).toBe('COMPLETE');
    expect(equity(day).utilised.span).toBeCloseTo(lot.span);
    expect(lot.total).toBe(0.125 * 24_000 * 65);
    day.print(fut, 24_100);
    nextMorning(day);
    expect(day.ask('GET', '/portfolio/positions')).toMatchObject({
      net: [
        {
          overnight_quantity: 65,
          quantity: 65,
          average_price: 24_000,
          close_price: 24_100,
          day_buy_quantity: 0,
        },
      ],
      day: [],
    });
    const carried = equity(day).available.cash;
    expect(carried).toBeGreaterThan(1_000_000 + 6_500 - 500);
    day.print(nifty, 24_050);
    nextMorning(day, '2026-11-27');
    expect(day.ask('GET', '/portfolio/positions').net).toEqual([]);
    expect(equity(day).available.cash).toBe(carried - 50 * 65);
  });
});

describe('margins and charges before an order', () => {
  test('a bought option takes margin off a sold one of its kind', () => {
    const day = heldDay();
    for (const [strike, token, price] of [
      [24_000, 9_000_100, 200],
      [24_200, 9_000_101, 120],
    ] as const) {
      const name = `NIFTY26DEC${strike}CE`;
      const listed = day.market.listInstrument(
        option('NIFTY', '2026-12-29', strike, { key: `NFO:${name}`, tradingsymbol: name, lotSize: 65 }),
        token,
      );
      day.print(listed, price);
    }
    const leg = (strike: number, transaction_type: string) => ({
      ...{ exchange: 'NFO', tradingsymbol: `NIFTY26DEC${strike}CE`, transaction_type, variety: 'regular' },
      ...{ product: 'NRML', order_type: 'MARKET', quantity: 65, price: 0, trigger_price: 0 },
    });
    const { initial, final, orders } = day.ask('POST', '/margins/basket?consider_positions=true', [
      leg(24_000, 'SELL'),
      leg(24_200, 'BUY'),
    ]);
    expect(orders).toHaveLength(2);
    expect(initial.total).toBe(0.125 * 24_000 * 65 + 120 * 65);
    // What remains of SPAN is the distance of the strikes.
    expect(final.span).toBe(200 * 65);
    expect(final.total).toBeLessThan(initial.total);
    expect(final.option_premium).toBe((120 - 200) * 65);
  });

  test('compact rows leave the parts out, and the contract note lists every charge', () => {
    const day = heldDay();
    const order = {
      exchange: 'NSE',
      tradingsymbol: 'INFY',
      transaction_type: 'BUY',
      product: 'CNC',
      quantity: 10,
      price: 100,
    };
    const [row] = day.ask('POST', '/margins/orders?mode=compact', [order]);
    expect(Object.keys(row)).toEqual(['type', 'tradingsymbol', 'exchange', 'total', 'charges']);
    expect(row.total).toBe(1_000);
    const [note] = day.ask('POST', '/charges/orders', [{ ...order, average_price: 100, order_id: '1' }]);
    const {
      transaction_tax,
      exchange_turnover_charge,
      sebi_turnover_charge,
      brokerage,
      stamp_duty,
      gst,
      total,
    } = note.charges;
    expect(transaction_tax).toBeCloseTo(1);
    expect(total).toBeCloseTo(
      transaction_tax + exchange_turnover_charge + sebi_turnover_charge + brokerage + stamp_duty + gst.total,
    );
    expect(day.refusal(() => day.ask('POST', '/margins/orders', [{ exchange: 'NSE' }])).type).toBe(
      'InputException',
    );
  });
});

describe('slices and after market orders', () => {
  test('autoslice divides at the freeze quantity, in both shapes of the answer', () => {
    for (const autosliceReply of ['flat', 'children'] as const) {
      const day = heldDay({ autosliceReply, openingCash: { equity: 1e10, commodity: 0 } });
      const fut = day.market.listInstrument(
        future('NIFTY', '2026-12-29', { key: 'NFO:NIFTYFUT', tradingsymbol: 'NIFTYFUT', lotSize: 65 }),
        9_000_002,
      );
      day.print(fut, 24_000);
      const form = {
        exchange: 'NFO',
        tradingsymbol: 'NIFTYFUT',
        product: 'NRML',
        quantity: 65 * 40,
        price: 23_900,
      };
      expect(day.refusal(() => day.place(form)).message).toContain('freeze quantity of');
      const answer = day.ask('POST', '/orders/regular', {
        ...{ ...form, order_type: 'LIMIT', transaction_type: 'BUY', autoslice: 'true' },
      });
      const [first, second] = day.ask('GET', '/orders');
      if (autosliceReply === 'flat') expect(answer[1]).toEqual({ order_id: second.order_id });
      else
        expect(answer).toMatchObject({ order_id: first.order_id, children: [{ order_id: second.order_id }] });
      expect(second.tags).toEqual(['autoslice', `autoslice:${first.order_id}`]);
      expect(first.quantity + second.quantity).toBe(65 * 40);
    }
  });

  test('an AMO waits for the next session', () => {
    const day = heldDay();
    expect(day.refusal(() => day.place({}, 'amo')).message).toContain('while the market is open');
    day.market.clock.step(8 * hour);
    expect(day.refusal(() => day.place({ product: 'CNC' })).message).toContain(
      'Markets are closed right now',
    );
    const id = day.place({ product: 'CNC' }, 'amo');
    expect(day.statuses(id)).toEqual(['AMO REQ RECEIVED']);
    nextMorning(day, '2026-11-26', 14 * hour);
    expect(day.last(id).status).toBe('AMO REQ RECEIVED');
    day.market.clock.step(2 * hour);
    expect(day.statuses(id).slice(-4)).toEqual([
      'PUT ORDER REQ RECEIVED',
      'VALIDATION PENDING',
      'OPEN PENDING',
      'OPEN',
    ]);
  });
});
