import { describe } from '@jest/globals';
import { tape } from '../support/tape.ts';

describe('stop entries', () => {
  tape('an SL-M buy fills at its trigger when the price reaches it', {
    //       open  high  low  close
    bars: [
      [100, 101, 99, 100], // trigger 102 placed on this close
      [100, 101.9, 99, 100], // not reached
      [100, 102, 99, 101], // a touch triggers
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102 },
    rules: 'none',
    timeframe: '15m',
    from: '2024-01-01 09:15',
    fills: [{ bar: 2, side: 'BUY', price: 102 }],
  });

  tape('an SL-M sell fills at its trigger when the price reaches it', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 98, 99],
    ],
    sellAtCloseOf: 0,
    entry: { trigger: 98 },
    fills: [{ bar: 1, side: 'SELL', price: 98 }],
  });

  tape('a gap over the trigger of an SL-M buy fills at the open', {
    bars: [
      [100, 101, 99, 100],
      [105, 106, 104, 105],
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102 },
    fills: [{ bar: 1, side: 'BUY', price: 105 }],
  });

  tape('a gap under the trigger of an SL-M sell fills at the open', {
    bars: [
      [100, 101, 99, 100],
      [95, 96, 94, 95],
    ],
    sellAtCloseOf: 0,
    entry: { trigger: 98 },
    fills: [{ bar: 1, side: 'SELL', price: 95 }],
  });

  tape('an SL buy triggers and fills at its trigger while that is within its limit', {
    bars: [
      [100, 101, 99, 100],
      [100, 104, 99, 103],
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102, limit: 103 },
    fills: [{ bar: 1, side: 'BUY', price: 102 }],
  });

  tape('an SL buy that opens between trigger and limit fills at the open', {
    bars: [
      [100, 101, 99, 100],
      [102.5, 104, 102, 103],
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102, limit: 103 },
    fills: [{ bar: 1, side: 'BUY', price: 102.5 }],
  });

  tape('an SL buy that opens over its limit waits for the price to come back', {
    bars: [
      [100, 101, 99, 100],
      [105, 106, 104, 105], // triggered, never back at 103
      [105, 106, 102, 105], // the limit alone counts now
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102, limit: 103 },
    rules: 'none',
    timeframe: '15m',
    from: '2024-01-01 09:15',
    fills: [{ bar: 2, side: 'BUY', price: 103 }],
  });

  tape('an SL buy filled on the way back down does not also take the high before it', {
    bars: [
      [100, 101, 99, 100],
      [105, 108, 102, 105], // opens over the limit, comes back to 103; the high of 108 may have been first
      [105, 106, 104, 105],
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102, limit: 103, target: { price: 107 } },
    fills: [{ bar: 1, side: 'BUY', price: 103 }],
  });
});

describe('protective stops', () => {
  tape('a stop triggers inside the bar and fills at its price', {
    bars: [
      [100, 101, 99, 100],
      [100, 102, 100, 101],
      [101, 102, 97, 99],
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: { points: 2 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 98 },
    ],
    exit: 'stop',
  });

  tape('the stop of a short triggers above the entry', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [100, 103, 99, 102],
    ],
    sellAtCloseOf: 0,
    entry: { stopLoss: 2 },
    fills: [
      { bar: 1, side: 'SELL', price: 100 },
      { bar: 2, side: 'BUY', price: 102 },
    ],
    exit: 'stop',
  });

  tape('a gap over the stop of a short fills at the open', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [107, 108, 106, 107],
    ],
    sellAtCloseOf: 0,
    entry: { stopLoss: 2 },
    fills: [
      { bar: 1, side: 'SELL', price: 100 },
      { bar: 2, side: 'BUY', price: 107 },
    ],
    exit: 'stop',
  });

  tape('a stop stays for the days that follow', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [100, 101, 99, 100],
      [100, 101, 97, 98],
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2 },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 4, side: 'SELL', price: 98 },
    ],
    exit: 'stop',
  });

  tape('a stop pays slippage like the market order it becomes', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 100, 100],
      [100, 101, 97, 98],
    ],
    rules: 'NSE',
    buyAtCloseOf: 0,
    entry: { stopLoss: { price: 98 } },
    fill: { slippage: { kind: 'ticks', amount: 2, seed: 1 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100.1 },
      { bar: 2, side: 'SELL', price: 97.9 },
    ],
    exit: 'stop',
  });
});
