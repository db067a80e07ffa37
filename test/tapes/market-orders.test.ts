import { describe } from '@jest/globals';
import { tape } from '../support/tape.ts';

describe('market orders', () => {
  tape('a decision on a close fills at the next open', {
    //       open  high  low  close
    bars: [
      [100, 101, 99, 100], // decided on this close
      [102, 103, 101, 102], // bought at 102
      [104, 105, 103, 104], // exit decided on this close
      [106, 107, 105, 106],
    ], // sold at 106
    buyAtCloseOf: 0,
    exitAtCloseOf: 2,
    fills: [
      { bar: 1, side: 'BUY', price: 102 },
      { bar: 3, side: 'SELL', price: 106 },
    ],
    exit: 'signal',
  });

  tape('a gap through the stop fills at the open, not at the stop', {
    bars: [
      [100, 101, 99, 100], // signal on this close
      [100, 102, 100, 101], // bought at 100, stop at 98
      [95, 96, 94, 95],
    ], // opens below the stop
    buyAtCloseOf: 0,
    entry: { stopLoss: 2 },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 95 },
    ],
    exit: 'stop',
  });
});
