import { describe, expect, test } from '@jest/globals';
import { play, tape } from '../support/tape.ts';
import { playTogether } from '../support/together.ts';

const nifty = {
  key: 'NFO:NIFTY26JUNFUT',
  exchange: 'NFO',
  tradingsymbol: 'NIFTY26JUNFUT',
  kind: 'FUT',
  underlying: 'NIFTY',
  expiry: '2026-06-30', // a Tuesday
} as const;
const reliance = {
  ...nifty,
  key: 'NFO:RELIANCE26JUNFUT',
  tradingsymbol: 'RELIANCE26JUNFUT',
  underlying: 'RELIANCE',
} as const;
const bar = (price: number) => [price, price + 10, price - 10, price] as const;
const lastDays = ['2026-06-25', '2026-06-26', '2026-06-29', '2026-06-30'];

describe('lots and freeze quantities', () => {
  tape('a quantity that is not whole lots is refused', {
    bars: [bar(25_000), bar(25_000)],
    times: lastDays,
    rules: 'NFO',
    instrument: nifty,
    capital: 10_000_000,
    quantity: 100,
    buyAtCloseOf: 0,
    fills: [],
    refused: ['RISK_LOT'],
  });

  test('the refusal names the next multiples', () => {
    const { refusals } = play({
      bars: [bar(25_000), bar(25_000)],
      times: lastDays,
      rules: 'NFO',
      instrument: nifty,
      capital: 10_000_000,
      quantity: 100,
      buyAtCloseOf: 0,
    });
    expect(refusals[0]?.first).toBe(
      'Quantity 100 of NFO:NIFTY26JUNFUT is not a multiple of its lot size 65. Use 65 or 130.',
    );
  });

  test('above the freeze quantity an order leaves in slices of whole lots, and each slice pays its brokerage', () => {
    const { orders, engine, trades } = play({
      bars: [bar(25_000), bar(25_000), bar(25_000), bar(25_000)],
      times: lastDays,
      rules: 'NFO',
      instrument: nifty,
      capital: 100_000_000,
      quantity: 3_900, // 60 lots; 1,800 is the limit, 27 lots of 65 the most below it
      charges: 'zerodha',
      buyAtCloseOf: 0,
      exitAtCloseOf: 1,
    });
    expect(orders.map(({ side, quantity }) => ({ side, quantity }))).toEqual([
      { side: 'BUY', quantity: 1_755 },
      { side: 'BUY', quantity: 1_755 },
      { side: 'BUY', quantity: 390 },
      { side: 'SELL', quantity: 1_755 },
      { side: 'SELL', quantity: 1_755 },
      { side: 'SELL', quantity: 390 },
    ]);
    expect(trades).toMatchObject([{ quantity: 3_900, grossPaise: 0 }]);
    expect(engine.notes.totals[0]).toBe(6 * 2_000); // 20 rupees an order
    expect(engine.notes.executedOrders).toBe(6);
  });

  test('what the whole order may not do its slices may not do either', () => {
    const { orders, refusals } = play({
      bars: [bar(25_000), bar(25_000)],
      times: lastDays,
      rules: 'NFO',
      instrument: nifty,
      capital: 10_000_000, // enough margin for one slice, not for all
      quantity: 3_900,
      buyAtCloseOf: 0,
    });
    expect(orders).toEqual([]);
    expect(refusals).toMatchObject([{ code: 'RISK_FUNDS', count: 1 }]);
  });

  test('a target filled in part shrinks the slices of the stop, none of which grows beyond the freeze quantity', () => {
    const { entries, fills } = play({
      bars: [
        [25_000, 25_010, 24_990, 25_000, 1_000_000],
        [25_000, 25_010, 24_990, 25_000, 1_000_000],
        [25_000, 25_110, 24_990, 25_050, 1_300], // 130 at the target
        [25_050, 25_060, 24_000, 24_100, 1_000_000],
      ],
      times: lastDays,
      rules: 'NFO',
      instrument: nifty,
      capital: 100_000_000,
      quantity: 3_900,
      fill: { volumeSharePercent: 10 },
      buyAtCloseOf: 0,
      entry: { stopLoss: { price: 24_900 }, target: { price: 25_100 } },
    });
    expect(fills.map(({ bar, side, price, quantity }) => [bar, side, price, quantity])).toEqual([
      [1, 'BUY', 25_000, 1_755],
      [1, 'BUY', 25_000, 1_755],
      [1, 'BUY', 25_000, 390],
      [2, 'SELL', 25_100, 130],
      [3, 'SELL', 24_900, 1_755],
      [3, 'SELL', 24_900, 1_755],
      [3, 'SELL', 24_900, 260],
    ]);
    expect(entries.some((entry) => entry.type === 'order' && entry.event.type === 'modified')).toBe(true);
  });
});

describe('expiry', () => {
  tape('an index future settles in cash on the underlying', {
    bars: [bar(25_000), bar(25_010), bar(25_020), bar(25_030)],
    times: lastDays,
    rules: 'NFO',
    instrument: nifty,
    capital: 10_000_000,
    quantity: 65,
    settlement: 25_123.45,
    fill: { slippage: { kind: 'ticks', amount: 1, seed: 1 } },
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 25_010.1 }, // the tick is 0.10 above 15,000
      { bar: 3, side: 'SELL', price: 25_123.45 },
    ],
    exit: 'expiry',
  });

  tape("without the underlying the contract's own last close stands in", {
    bars: [bar(25_000), bar(25_010), bar(25_020), bar(25_030)],
    times: lastDays,
    rules: 'NFO',
    instrument: nifty,
    capital: 10_000_000,
    quantity: 65,
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 25_010 },
      { bar: 3, side: 'SELL', price: 25_030 },
    ],
    exit: 'expiry',
  });

  tape('an option bought and held ends at what it is worth', {
    bars: [
      [120, 130, 110, 120],
      [120, 130, 110, 120],
      [90, 95, 80, 85],
      [20, 30, 1, 2],
    ],
    times: lastDays,
    rules: 'NFO',
    instrument: {
      ...nifty,
      key: 'NFO:NIFTY26JUN25000CE',
      tradingsymbol: 'NIFTY26JUN25000CE',
      kind: 'CE',
      strike: 25_000,
    },
    quantity: 65,
    settlement: 0, // out of the money
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 120 },
      { bar: 3, side: 'SELL', price: 0 },
    ],
    exit: 'expiry',
  });

  tape('a stock future is closed at the close of the session before', {
    bars: [bar(1_400), bar(1_410), bar(1_420), bar(1_430)],
    times: lastDays,
    rules: 'NFO',
    instrument: reliance,
    capital: 10_000_000,
    quantity: 500,
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 1_410 },
      { bar: 2, side: 'SELL', price: 1_420 },
    ],
    exit: 'expiry',
  });

  tape('and not entered again on its last day, when it delivers', {
    bars: [bar(1_400), bar(1_400), bar(1_400)],
    times: ['2026-06-30 09:15', '2026-06-30 09:30', '2026-06-30 09:45'],
    timeframe: '15m',
    rules: 'NFO',
    instrument: reliance,
    capital: 10_000_000,
    quantity: 500,
    buyAtCloseOf: 0,
    fills: [],
    refused: ['SIGNAL_TOO_LATE'],
  });

  test('a contract without a bar on its last day settles all the same', () => {
    const { trades, fills } = playTogether(
      [
        {
          key: nifty.key,
          instrument: nifty,
          bars: [bar(25_000), bar(25_010)],
          times: ['2026-06-25', '2026-06-26'],
          strategies: { holder: { 0: ({ buy }) => buy() } },
        },
        {
          key: 'NSE:CLOCK',
          bars: [bar(100), bar(100), bar(100), bar(100), bar(100)].map(() => [100, 101, 99, 100] as const),
          times: [...lastDays, '2026-07-01'],
          strategies: {},
          instrument: { rules: 'NSE' },
        },
      ],
      { rules: 'NFO', capital: 10_000_000, quantity: 65, settlement: 25_500 },
    );
    expect(fills.map(({ price, role }) => ({ price, role }))).toEqual([
      { price: 25_010, role: 'entry' },
      { price: 25_500, role: 'expiry' },
    ]);
    expect(trades).toMatchObject([{ exitReason: 'expiry' }]);
  });
});
