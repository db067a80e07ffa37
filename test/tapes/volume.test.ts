import { describe, expect, test } from '@jest/globals';
import { play, tape } from '../support/tape.ts';

describe("share of the bar's volume", () => {
  tape('an order larger than the share fills over several bars', {
    //       open  high  low  close  volume
    bars: [
      [100, 101, 99, 100, 1_000],
      [101, 102, 100, 101, 1_000], // 10 % of 1,000
      [102, 103, 101, 102, 500], // 10 % of 500
      [103, 104, 102, 103, 10_000], // the rest
    ],
    timeframe: '15m',
    from: '2024-01-01 09:15',
    quantity: 200,
    fill: { volumeSharePercent: 10 },
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 101, quantity: 100 },
      { bar: 2, side: 'BUY', price: 102, quantity: 50 },
      { bar: 3, side: 'BUY', price: 103, quantity: 50 },
    ],
  });

  test('part fills make one trade at their mean price, protected as it grows', () => {
    const { trades, orders } = play({
      bars: [
        [100, 101, 99, 100, 1_000],
        [100, 101, 99, 100, 1_000],
        [106, 107, 105, 106, 1_000],
        [106, 107, 105, 106, 1_000],
      ],
      timeframe: '15m',
      from: '2024-01-01 09:15',
      quantity: 200,
      fill: { volumeSharePercent: 10 },
      buyAtCloseOf: 0,
      entry: { stopLoss: { points: 5 } },
    });
    expect(trades).toMatchObject([{ quantity: 200, entryPrice: 103 }]);
    const stops = orders.filter(({ role }) => role === 'stop');
    expect(stops.map(({ quantity, trigger }) => ({ quantity, trigger }))).toEqual([
      { quantity: 100, trigger: 95 },
      { quantity: 100, trigger: 95 }, // the level of the first fill stands for the rest
    ]);
  });

  tape('a bar without volume fills nothing', {
    bars: [
      [100, 101, 99, 100, 1_000],
      [101, 102, 100, 101, 0],
      [102, 103, 101, 102, 1_000],
    ],
    timeframe: '15m',
    from: '2024-01-01 09:15',
    buyAtCloseOf: 0,
    fills: [{ bar: 2, side: 'BUY', price: 102 }],
  });

  tape('a stop reached in a bar without volume is a market order in the next', {
    bars: [
      [100, 101, 99, 100, 1_000],
      [100, 101, 100, 100, 1_000],
      [100, 101, 97, 97, 0], // reached, nobody traded
      [96, 97, 95, 96, 1_000], // sold at the open, below the stop
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: { price: 98 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 96 },
    ],
    exit: 'stop',
  });

  tape('an instrument that knows no volume at all is not limited by it', {
    bars: [
      [100, 101, 99, 100, 0],
      [101, 102, 100, 101, 0],
    ],
    quantity: 1_000_000,
    capital: 1_000_000_000,
    fill: { volumeSharePercent: 10 },
    buyAtCloseOf: 0,
    fills: [{ bar: 1, side: 'BUY', price: 101 }],
  });

  tape('all orders of a bar share its volume: the market order first, the stop gets what is left', {
    bars: [
      [100, 101, 99, 100, 10_000],
      [100, 101, 99, 100, 10_000], // 1,000 bought, stop at 95
      [100, 101, 94, 96, 8_000], // 800 for the stop
      [96, 97, 95, 96, 10_000],
    ],
    quantity: 1_000,
    fill: { volumeSharePercent: 10 },
    buyAtCloseOf: 0,
    entry: { stopLoss: { price: 95 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100, quantity: 1_000 },
      { bar: 2, side: 'SELL', price: 95, quantity: 800 },
      { bar: 3, side: 'SELL', price: 96, quantity: 200 },
    ],
    exit: 'stop',
  });

  tape('a target filled in part leaves the stop for the rest, and no more', {
    bars: [
      [100, 101, 99, 100, 10_000],
      [100, 101, 99, 100, 10_000], // 1,000 bought
      [100, 106, 99, 104, 4_000], // 400 at the target of 105
      [104, 104, 94, 95, 100_000], // 600 at the stop of 95
    ],
    quantity: 1_000,
    fill: { volumeSharePercent: 10 },
    buyAtCloseOf: 0,
    entry: { stopLoss: { price: 95 }, target: { price: 105 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100, quantity: 1_000 },
      { bar: 2, side: 'SELL', price: 105, quantity: 400 },
      { bar: 3, side: 'SELL', price: 95, quantity: 600 },
    ],
    exit: 'stop',
  });

  tape('a stop that has begun to fill ends the entry and the target', {
    bars: [
      [100, 101, 99, 100, 1_000],
      [100, 101, 97, 100, 1_000], // 100 of 300 bought at the limit of 98
      [99, 101, 94, 99, 400], // 40 sold at the stop of 95, and the rest of the entry cancelled
      [99, 120, 90, 110, 100_000], // through the limit and the target again: only the stop is left
    ],
    timeframe: '15m',
    from: '2024-01-01 09:15',
    quantity: 300,
    fill: { volumeSharePercent: 10 },
    buyAtCloseOf: 0,
    entry: { limit: 98, stopLoss: { price: 95 }, target: { price: 110 } },
    fills: [
      { bar: 1, side: 'BUY', price: 98, quantity: 100 },
      { bar: 2, side: 'SELL', price: 95, quantity: 40 },
      { bar: 3, side: 'SELL', price: 99, quantity: 60 },
    ],
    exit: 'stop',
  });

  tape('part fills of a derivative are whole lots', {
    bars: [
      [25_000, 25_010, 24_990, 25_000, 6_500],
      [25_000, 25_010, 24_990, 25_000, 1_500], // 10 % is 150: two lots of 65
      [25_010, 25_020, 25_000, 25_010, 65_000],
    ],
    timeframe: '15m',
    from: '2026-06-01 09:15',
    rules: 'NFO',
    instrument: {
      key: 'NFO:NIFTY26JUNFUT',
      exchange: 'NFO',
      tradingsymbol: 'NIFTY26JUNFUT',
      kind: 'FUT',
      underlying: 'NIFTY',
      expiry: '2026-06-30',
    },
    quantity: 260,
    capital: 10_000_000,
    fill: { volumeSharePercent: 10 },
    buyAtCloseOf: 0,
    fills: [
      { bar: 1, side: 'BUY', price: 25_000, quantity: 130 },
      { bar: 2, side: 'BUY', price: 25_010, quantity: 130 },
    ],
  });
});
