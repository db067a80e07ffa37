import { describe } from '@jest/globals';
import { tape } from '../support/tape.ts';

describe('limit orders', () => {
  tape('a limit that the price only touches does not fill', {
    //       open  high  low  close
    bars: [
      [100, 101, 99, 100], // limit 98 placed on this close
      [100, 101, 98, 100], // the low is 98 exactly
      [100, 101, 99, 100],
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98 },
    fills: [],
  });

  tape('a touch fills where the profile says so', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 98, 100],
      [100, 101, 99, 100],
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98 },
    fill: { limitTouch: true },
    fills: [{ bar: 1, side: 'BUY', price: 98 }],
  });

  tape('a limit fills at its own price when the bar trades through it', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 97.95, 100],
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98 },
    fills: [{ bar: 1, side: 'BUY', price: 98 }],
  });

  tape('a sell limit fills at its own price when the bar trades through it', {
    bars: [
      [100, 101, 99, 100],
      [100, 102.05, 99, 100],
    ],
    sellAtCloseOf: 0,
    entry: { limit: 102 },
    fills: [{ bar: 1, side: 'SELL', price: 102 }],
  });

  tape('a gap in favour of a buy limit fills at the open', {
    bars: [
      [100, 101, 99, 100],
      [95, 97, 94, 96],
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98 },
    fills: [{ bar: 1, side: 'BUY', price: 95 }],
  });

  tape('a gap in favour of a sell limit fills at the open', {
    bars: [
      [100, 101, 99, 100],
      [105, 106, 104, 105],
    ],
    sellAtCloseOf: 0,
    entry: { limit: 102 },
    fills: [{ bar: 1, side: 'SELL', price: 105 }],
  });

  tape('a limit fill pays no slippage', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 97, 100],
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98 },
    fill: { slippage: { kind: 'bps', amount: 100, seed: 1 } },
    fills: [{ bar: 1, side: 'BUY', price: 98 }],
  });

  tape('a limit off the tick grid is rounded to the better side', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 97, 100],
    ],
    rules: 'NSE',
    buyAtCloseOf: 0,
    entry: { limit: 98.04 }, // the tick is 0.05 on 2024-01-01
    fills: [{ bar: 1, side: 'BUY', price: 98 }],
  });

  tape('a target only touched is not reached', {
    bars: [
      [100, 101, 99, 100],
      [100, 104, 99, 103], // target 104 is the very high
      [103, 104.05, 102, 103], // traded through
    ],
    buyAtCloseOf: 0,
    entry: { target: { points: 4 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 104 },
    ],
    exit: 'target',
  });

  tape('a gap beyond the target fills at the open', {
    bars: [
      [100, 101, 99, 100],
      [100, 102, 99, 101],
      [110, 111, 109, 110],
    ],
    buyAtCloseOf: 0,
    entry: { target: 5 },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 110 },
    ],
    exit: 'target',
  });
});
