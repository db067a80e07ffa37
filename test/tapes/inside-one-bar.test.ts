import { describe } from '@jest/globals';
import { tape } from '../support/tape.ts';

describe('stop and target inside one bar', () => {
  const bars = [
    [100, 101, 99, 100],
    [100, 101, 99.5, 100], // bought at 100; stop 98, target 104
    [100, 105, 97, 100], // reaches both
  ] as const;
  const bought = { bar: 1, side: 'BUY', price: 100 } as const;

  tape('the stop came first', {
    bars,
    buyAtCloseOf: 0,
    entry: { stopLoss: 2, target: 4 },
    fills: [bought, { bar: 2, side: 'SELL', price: 98 }],
    exit: 'stop',
  });

  tape('the stop of a short came first', {
    bars,
    sellAtCloseOf: 0,
    entry: { stopLoss: 2, target: 2 },
    fills: [
      { bar: 1, side: 'SELL', price: 100 },
      { bar: 2, side: 'BUY', price: 102 },
    ],
    exit: 'stop',
  });

  tape('finer bars that rise first say the target came first', {
    bars,
    detail: [
      [2, 100, 105, 100, 104],
      [2, 104, 104, 97, 100],
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2, target: 4 },
    fills: [bought, { bar: 2, side: 'SELL', price: 104 }],
    exit: 'target',
  });

  tape('finer bars that fall first say the stop came first', {
    bars,
    detail: [
      [2, 100, 100, 97, 98],
      [2, 98, 105, 98, 100],
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2, target: 4 },
    fills: [bought, { bar: 2, side: 'SELL', price: 98 }],
    exit: 'stop',
  });

  tape('where finer bars are missing the stop came first', {
    bars,
    detail: [[0, 100, 101, 99, 100]],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2, target: 4 },
    fills: [bought, { bar: 2, side: 'SELL', price: 98 }],
    exit: 'stop',
  });

  tape('an open beyond the target fills there, whatever the low', {
    bars: [bars[0], bars[1], [106, 107, 97, 100]],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2, target: 4 },
    fills: [bought, { bar: 2, side: 'SELL', price: 106 }],
    exit: 'target',
  });
});

describe('entry and exit inside one bar', () => {
  tape('a market entry at the open meets its stop in the same bar', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 97, 100],
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2 },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 1, side: 'SELL', price: 98 },
    ],
    exit: 'stop',
  });

  tape('a market entry at the open meets its target in the same bar', {
    bars: [
      [100, 101, 99, 100],
      [100, 105, 99, 100],
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2, target: 4 },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 1, side: 'SELL', price: 104 },
    ],
    exit: 'target',
  });

  tape('a long limit entry meets its stop in the same bar: the low comes with or after the entry', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 94, 99], // through 98, and through the stop at 95
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98, stopLoss: { price: 95 } },
    fills: [
      { bar: 1, side: 'BUY', price: 98 },
      { bar: 1, side: 'SELL', price: 95 },
    ],
    exit: 'stop',
  });

  tape('a long limit entry does not take the high of its own bar: it may have come before', {
    bars: [
      [100, 101, 99, 100],
      [100, 105, 97, 100], // high above the target of 102, close below it
      [100, 101, 99, 100],
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98, target: { price: 102 } },
    fills: [{ bar: 1, side: 'BUY', price: 98 }],
  });

  tape('a long limit entry takes a target that the close has passed', {
    bars: [
      [100, 101, 99, 100],
      [100, 105, 97, 103], // from below 98 up to 103
    ],
    buyAtCloseOf: 0,
    entry: { limit: 98, target: { price: 102 } },
    fills: [
      { bar: 1, side: 'BUY', price: 98 },
      { bar: 1, side: 'SELL', price: 102 },
    ],
    exit: 'target',
  });

  tape('a short limit entry meets its stop in the same bar', {
    bars: [
      [100, 101, 99, 100],
      [100, 106, 99, 101],
    ],
    sellAtCloseOf: 0,
    entry: { limit: 102, stopLoss: { price: 105 } },
    fills: [
      { bar: 1, side: 'SELL', price: 102 },
      { bar: 1, side: 'BUY', price: 105 },
    ],
    exit: 'stop',
  });

  tape('a short limit entry does not take the low of its own bar', {
    bars: [
      [100, 101, 99, 100],
      [100, 103, 95, 100],
      [100, 101, 99, 100],
    ],
    sellAtCloseOf: 0,
    entry: { limit: 102, target: { price: 98 } },
    fills: [{ bar: 1, side: 'SELL', price: 102 }],
  });

  tape('a long stop entry is stopped out by the low of its own bar, which is read as coming after', {
    bars: [
      [100, 101, 99, 100],
      [100, 104, 97, 103],
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102, stopLoss: { price: 98 } },
    fills: [
      { bar: 1, side: 'BUY', price: 102 },
      { bar: 1, side: 'SELL', price: 98 },
    ],
    exit: 'stop',
  });

  tape('a long stop entry takes a target below the high: the high comes with or after the entry', {
    bars: [
      [100, 101, 99, 100],
      [100, 106, 99.5, 103],
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102, stopLoss: { price: 98 }, target: { price: 105 } },
    fills: [
      { bar: 1, side: 'BUY', price: 102 },
      { bar: 1, side: 'SELL', price: 105 },
    ],
    exit: 'target',
  });

  tape('a long stop entry with stop and target in its own bar: the stop came first', {
    bars: [
      [100, 101, 99, 100],
      [100, 106, 97, 103],
    ],
    buyAtCloseOf: 0,
    entry: { trigger: 102, stopLoss: { price: 98 }, target: { price: 105 } },
    fills: [
      { bar: 1, side: 'BUY', price: 102 },
      { bar: 1, side: 'SELL', price: 98 },
    ],
    exit: 'stop',
  });

  tape('a short stop entry is stopped out by the high of its own bar', {
    bars: [
      [100, 101, 99, 100],
      [100, 103, 97, 98],
    ],
    sellAtCloseOf: 0,
    entry: { trigger: 98, stopLoss: { price: 102 } },
    fills: [
      { bar: 1, side: 'SELL', price: 98 },
      { bar: 1, side: 'BUY', price: 102 },
    ],
    exit: 'stop',
  });

  tape('a short stop entry takes a target above the low', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 93, 97],
    ],
    sellAtCloseOf: 0,
    entry: { trigger: 98, stopLoss: { price: 103 }, target: { price: 95 } },
    fills: [
      { bar: 1, side: 'SELL', price: 98 },
      { bar: 1, side: 'BUY', price: 95 },
    ],
    exit: 'target',
  });
});
