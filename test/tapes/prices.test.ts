import { describe, expect, test } from '@jest/globals';
import { seededDraw } from '../../src/adapters/simulated/fill-rules.ts';
import { play, tape } from '../support/tape.ts';

describe('slippage', () => {
  const bars = [
    [100, 101, 99, 100],
    [100, 110, 90, 100],
    [100, 101, 99, 100],
    [200, 210, 190, 200],
  ] as const;
  const roundTrip = { bars, rules: 'NSE', buyAtCloseOf: 0, exitAtCloseOf: 2 } as const;

  tape('ticks make a market fill worse on both sides', {
    ...roundTrip,
    fill: { slippage: { kind: 'ticks', amount: 3, seed: 1 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100.15 },
      { bar: 3, side: 'SELL', price: 199.85 },
    ],
  });

  tape('basis points are of the price, rounded to the worse tick', {
    ...roundTrip,
    fill: { slippage: { kind: 'bps', amount: 7, seed: 1 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100.1 }, // 100.07 is between two ticks
      { bar: 3, side: 'SELL', price: 199.85 }, // 199.86
    ],
  });

  test('volatility slippage is a seeded share of the bar range', () => {
    const entryPrice = (seed: number) =>
      play({ ...roundTrip, rules: 'none', fill: { slippage: { kind: 'volatility', amount: 50, seed } } })
        .trades[0]?.entryPrice;
    expect(entryPrice(1)).toBe(100 + 20 * 0.5 * seededDraw(1)());
    expect(entryPrice(1)).toBe(entryPrice(1));
    expect(entryPrice(2)).not.toBe(entryPrice(1));
  });

  tape('none leaves the price of the bar', {
    ...roundTrip,
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 200 },
    ],
  });
});

describe('tick grid', () => {
  tape('follows the table of the day: 0.05 until 2025-04-14, then 0.10 above 1,000 rupees', {
    bars: [
      [1_500, 1_510, 1_490, 1_500],
      [1_500, 1_510, 1_490, 1_500],
      [1_500, 1_510, 1_490, 1_500],
      [1_500, 1_510, 1_490, 1_500],
    ],
    times: ['2025-04-08', '2025-04-09', '2025-04-11', '2025-04-15'],
    rules: 'NSE',
    fill: { slippage: { kind: 'ticks', amount: 1, seed: 1 } },
    buyAtCloseOf: 0,
    exitAtCloseOf: 2,
    fills: [
      { bar: 1, side: 'BUY', price: 1_500.05 },
      { bar: 3, side: 'SELL', price: 1_499.9 },
    ],
  });

  tape('is finer below 250 rupees', {
    bars: [
      [200, 210, 190, 200],
      [200, 210, 190, 200],
    ],
    times: ['2025-04-15', '2025-04-16'],
    rules: 'NSE',
    fill: { slippage: { kind: 'ticks', amount: 1, seed: 1 } },
    buyAtCloseOf: 0,
    fills: [{ bar: 1, side: 'BUY', price: 200.01 }],
  });

  tape('puts a stop on the nearest tick', {
    bars: [
      [1_501, 1_510, 1_490, 1_500],
      [1_501, 1_510, 1_490, 1_500], // 2 percent under 1,501 is 1,470.98
      [1_480, 1_485, 1_460, 1_470],
    ],
    times: ['2025-04-15', '2025-04-16', '2025-04-17'],
    rules: 'NSE',
    buyAtCloseOf: 0,
    entry: { stopLoss: 2 },
    fills: [
      { bar: 1, side: 'BUY', price: 1_501 },
      { bar: 2, side: 'SELL', price: 1_471 },
    ],
  });
});

describe('price bands and circuits', () => {
  tape("slippage does not leave the day's band", {
    bars: [
      [100, 101, 99, 100],
      [119.5, 120, 118, 119], // 2 percent worse would be 121.90
    ],
    rules: 'NSE',
    buyAtCloseOf: 0,
    fill: { slippage: { kind: 'bps', amount: 200, seed: 1 } },
    fills: [{ bar: 1, side: 'BUY', price: 120 }],
  });

  tape("the band's edge is itself on the grid", {
    bars: [
      [100, 101, 99, 100.03], // the band ends at 120.036
      [119.5, 120, 118, 119],
    ],
    rules: 'NSE',
    buyAtCloseOf: 0,
    fill: { slippage: { kind: 'bps', amount: 200, seed: 1 } },
    fills: [{ bar: 1, side: 'BUY', price: 120 }],
  });

  tape('nobody sells at a locked upper circuit, so a buy waits', {
    bars: [
      [100, 101, 99, 100],
      [105, 105, 105, 105], // locked at 5 percent
      [108, 109, 107, 108],
    ],
    times: ['2024-01-01 15:15', '2024-01-02 09:15', '2024-01-02 09:30'],
    timeframe: '15m',
    rules: 'NSE',
    buyAtCloseOf: 0,
    fills: [{ bar: 2, side: 'BUY', price: 108 }],
  });

  tape('a sale at a locked upper circuit fills', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [110, 110, 110, 110], // locked at 10 percent
    ],
    rules: 'NSE',
    buyAtCloseOf: 0,
    exitAtCloseOf: 1,
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 110 },
    ],
  });

  tape('nobody buys at a locked lower circuit, so a stop waits', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [90, 90, 90, 90], // locked at -10 percent, below the stop of 95
      [85, 86, 84, 85],
    ],
    rules: 'NSE',
    buyAtCloseOf: 0,
    entry: { stopLoss: 5 },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 85 },
    ],
    exit: 'stop',
  });

  tape('a bar at the band that has a range is not locked', {
    bars: [
      [100, 101, 99, 100],
      [105, 105, 104.9, 105],
    ],
    rules: 'NSE',
    buyAtCloseOf: 0,
    fills: [{ bar: 1, side: 'BUY', price: 105 }],
  });
});
