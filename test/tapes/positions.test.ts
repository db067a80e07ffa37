import { describe, expect, test } from '@jest/globals';
import type { Trade } from '../../src/strategy/trade.ts';
import { play, tape } from '../support/tape.ts';

/** Days with a day between them, so that no bar opens at the instant at which another closes. */
const apart = ['2024-01-01', '2024-01-03', '2024-01-05'];

describe('one position after another', () => {
  tape('a sell while long reverses: out first, then short', {
    //       open  high  low  close
    bars: [
      [100, 101, 99, 100],
      [101, 102, 100, 101],
      [102, 103, 101, 102],
    ],
    deeds: { 0: ({ buy }) => buy(), 1: ({ sell }) => sell() },
    fills: [
      { bar: 1, side: 'BUY', price: 101 },
      { bar: 2, side: 'SELL', price: 102 },
      { bar: 2, side: 'SELL', price: 102 },
    ],
    exit: 'reversal',
  });

  tape('a second buy is refused while the first is held', {
    bars: [
      [100, 101, 99, 100],
      [101, 102, 100, 101],
      [102, 103, 101, 102],
    ],
    deeds: { 0: ({ buy }) => buy(), 1: ({ buy }) => buy() },
    fills: [{ bar: 1, side: 'BUY', price: 101 }],
    refused: ['SIGNAL_IN_POSITION'],
  });

  tape('a second buy is refused while the first still works', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
    ],
    deeds: {
      0: ({ buy }) => {
        buy({ limit: 90 });
        buy({ limit: 95 });
      },
    },
    fills: [],
    refused: ['SIGNAL_ENTERING'],
  });

  tape('an opposite entry replaces one that still works', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
    ],
    deeds: {
      0: ({ buy, sell }) => {
        buy({ limit: 99.5 });
        sell({ limit: 100.5 });
      },
    },
    fills: [{ bar: 1, side: 'SELL', price: 100.5 }],
  });

  test('add: true makes a second trade with its own stop', () => {
    const { trades, fills } = play({
      bars: [
        [100, 101, 99, 100],
        [100, 111, 99, 110], // first at 100, stop 95
        [110, 111, 105, 108], // second at 110, stop 106: hit; the first stays
        [108, 109, 94, 96], // stop of the first
      ],
      deeds: {
        0: ({ buy }) => buy({ stopLoss: { price: 95 } }),
        1: ({ buy }) => buy({ add: true, quantity: 5, stopLoss: { price: 106 } }),
      },
    });
    expect(fills.map(({ bar, side, price, quantity }) => [bar, side, price, quantity])).toEqual([
      [1, 'BUY', 100, 10],
      [2, 'BUY', 110, 5],
      [2, 'SELL', 106, 5],
      [3, 'SELL', 95, 10],
    ]);
    expect(trades.map(({ quantity, grossPaise, exitReason }) => [quantity, grossPaise, exitReason])).toEqual([
      [10, -5_000, 'stop'],
      [5, -2_000, 'stop'],
    ]);
  });

  test('the position the strategy sees is the mean of its trades', () => {
    const seen: unknown[] = [];
    play({
      bars: [
        [100, 101, 99, 100],
        [100, 101, 99, 100],
        [106, 107, 105, 106],
        [110, 111, 109, 110],
      ],
      deeds: {
        0: ({ buy }) => buy(),
        1: ({ buy }) => buy({ add: true, quantity: 20 }),
        2: ({ position, bar }) => {
          seen.push(position.quantity, position.averagePrice, position.profit, position.bars, bar.close);
        },
      },
    });
    expect(seen).toEqual([30, 104, 60, 2, 106]);
  });
});

describe('what becomes of the other order', () => {
  test('a stop that fills cancels the target, and the other way round', () => {
    const ends = (target: number) =>
      play({
        bars: [
          [100, 101, 99, 100],
          [100, 101, 99, 100],
          [100, 106, 97, 100],
        ],
        buyAtCloseOf: 0,
        entry: { stopLoss: { price: target > 106 ? 98 : 90 }, target: { price: target } },
      }).entries.flatMap((entry) =>
        entry.type === 'order' && entry.event.type !== 'modified'
          ? [`${entry.event.id} ${entry.event.type}`]
          : [],
      );
    expect(ends(120)).toEqual(['1 filled', '2 filled', '3 cancelled']);
    expect(ends(105)).toEqual(['1 filled', '3 filled', '2 cancelled']);
  });

  test('an exit cancels stop and target before it is sent', () => {
    const { entries } = play({
      bars: [
        [100, 101, 99, 100],
        [100, 101, 99, 100],
        [100, 106, 80, 100],
      ],
      buyAtCloseOf: 0,
      exitAtCloseOf: 1,
      entry: { stopLoss: 5, target: 5 },
    });
    expect(
      entries.map((entry) =>
        entry.type === 'intent' ? `send ${entry.order.role}` : `${entry.event.id} ${entry.event.type}`,
      ),
    ).toEqual([
      'send entry',
      '1 filled',
      'send stop',
      'send target',
      '2 cancelled',
      '3 cancelled',
      'send signal',
      '4 filled',
    ]);
  });
});

describe('trailing stops', () => {
  const rising = [
    [100, 101, 99, 100],
    [100, 111, 99, 110], // bought at 100; the close of 110 is the best so far
    [110, 121, 109, 120],
    [119, 119, 112, 113],
    [112, 113, 100, 101],
  ] as const;

  tape('in percent follow the best close', {
    bars: rising,
    buyAtCloseOf: 0,
    entry: { trailingStop: 5 }, // 120 less 5 percent is 114
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 114 },
    ],
    exit: 'trail',
  });

  tape('in points follow the best close', {
    bars: rising,
    buyAtCloseOf: 0,
    entry: { trailingStop: { points: 8 } }, // 120 - 8, not reached in bar 3, which does not loosen it
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 112 },
    ],
    exit: 'trail',
  });

  tape('move with the bar after the close that moved them', {
    bars: [
      [100, 101, 99, 100],
      [100, 120, 99, 120], // closes at its high; the stop moves to 115 from here on
      [118, 119, 116, 117],
      [117, 118, 114, 116],
    ],
    buyAtCloseOf: 0,
    entry: { trailingStop: { points: 5 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 115 },
    ],
    exit: 'trail',
  });

  tape('never loosen', {
    bars: [
      [100, 101, 99, 100],
      [100, 111, 99, 110], // stop 105
      [110, 111, 106, 106], // a lower close leaves it there
      [106, 107, 104, 106],
    ],
    buyAtCloseOf: 0,
    entry: { trailingStop: { points: 5 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 105 },
    ],
    exit: 'trail',
  });

  tape('of a short follow the lowest close down', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 89, 90],
      [90, 94, 89, 93],
      [93, 96, 92, 95],
    ],
    sellAtCloseOf: 0,
    entry: { trailingStop: { points: 5 } },
    fills: [
      { bar: 1, side: 'SELL', price: 100 },
      { bar: 3, side: 'BUY', price: 95 },
    ],
    exit: 'trail',
  });

  tape('that never moved are an ordinary stop', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 97, 98],
      [98, 99, 94, 95],
    ],
    buyAtCloseOf: 0,
    entry: { trailingStop: { points: 5 } },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 95 },
    ],
    exit: 'stop',
  });
});

describe('moveStop', () => {
  const bars = [
    [100, 101, 99, 100],
    [100, 106, 99, 105], // bought at 100, stop at 95
    [105, 106, 101, 104],
    [104, 105, 94, 96],
  ] as const;

  tape('tightens the stop from the next bar on', {
    bars,
    deeds: { 0: ({ buy }) => buy({ stopLoss: 5 }), 1: ({ moveStop }) => moveStop({ price: 102 }) },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 102 },
    ],
    exit: 'stop',
  });

  tape('is refused when it would loosen', {
    bars,
    deeds: { 0: ({ buy }) => buy({ stopLoss: 5 }), 1: ({ moveStop }) => moveStop({ price: 90 }) },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 3, side: 'SELL', price: 95 },
    ],
    refused: ['STOP_LOOSENED'],
  });

  tape('places a stop where there was none', {
    bars,
    deeds: { 0: ({ buy }) => buy(), 1: ({ moveStop }) => moveStop({ price: 103 }) },
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 2, side: 'SELL', price: 103 },
    ],
    exit: 'stop',
  });

  test('does nothing to a trade that is on its way out', () => {
    const { orders } = play({
      bars,
      deeds: {
        0: ({ buy }) => buy({ stopLoss: 5 }),
        1: ({ exit, moveStop }) => {
          exit();
          moveStop({ price: 102 });
        },
      },
    });
    expect(orders.map(({ role }) => role)).toEqual(['entry', 'stop', 'signal']);
  });
});

describe('how far a trade went', () => {
  test('counts the bars it was open in and the price at which it left', () => {
    const { trades } = play({
      bars: [
        [100, 101, 99, 100],
        [100, 104, 99, 103], // bought at 100
        [103, 120, 94, 95], // stopped out at 96; of this bar only that price is sure
      ],
      buyAtCloseOf: 0,
      entry: { stopLoss: { price: 96 } },
    });
    expect(trades).toMatchObject([{ adverse: 4, favourable: 4, bars: 1 }]);
  });

  test('a trade that ends in the bar of its entry has gone as far as its exit', () => {
    const { trades } = play({
      bars: [
        [100, 101, 99, 100],
        [100, 101, 97, 100],
      ],
      buyAtCloseOf: 0,
      entry: { stopLoss: 2 },
    });
    expect(trades).toMatchObject([{ adverse: 2, favourable: 0, bars: 0 }]);
  });
});

describe('how long an entry lives', () => {
  const quiet = Array.from({ length: 5 }, () => [100, 101, 99, 100] as const);
  const intraday = { timeframe: '15m', from: '2024-01-01 09:15' } as const;

  tape('for its number of bars', {
    bars: [...quiet.slice(0, 3), [100, 101, 94, 100]],
    ...intraday,
    buyAtCloseOf: 0,
    entry: { limit: 95, bars: 2 }, // bars 1 and 2
    fills: [],
  });

  tape('including the last of them', {
    bars: [...quiet.slice(0, 2), [100, 101, 94, 100], quiet[0]],
    ...intraday,
    buyAtCloseOf: 0,
    entry: { limit: 95, bars: 2 },
    fills: [{ bar: 2, side: 'BUY', price: 95 }],
  });

  tape('until the session ends', {
    bars: [...quiet.slice(0, 2), [94, 95, 93, 94]],
    times: ['2024-01-01 15:00', '2024-01-01 15:15', '2024-01-02 09:15'],
    timeframe: '15m',
    buyAtCloseOf: 0,
    entry: { limit: 95 },
    fills: [],
  });

  tape('for the next session when it is decided on the last close of a day', {
    bars: [quiet[0], [100, 101, 94, 100]],
    times: ['2024-01-01 15:15', '2024-01-02 09:15'],
    timeframe: '15m',
    buyAtCloseOf: 0,
    entry: { limit: 95 },
    fills: [{ bar: 1, side: 'BUY', price: 95 }],
  });

  tape('until cancelEntries', {
    bars: [...quiet.slice(0, 2), [100, 101, 94, 100]],
    ...intraday,
    deeds: { 0: ({ buy }) => buy({ limit: 95 }), 1: ({ cancelEntries }) => cancelEntries() },
    fills: [],
  });

  tape('an exit cancels it as well', {
    bars: [...quiet.slice(0, 2), [100, 101, 94, 100]],
    ...intraday,
    deeds: { 0: ({ buy }) => buy({ limit: 95 }), 1: ({ exit }) => exit() },
    fills: [],
  });
});

describe('hooks', () => {
  test('at: runs once a day on the first bar that closes at or after the time, before onBar', () => {
    const seen: string[] = [];
    const note = (word: string) => (trade: Trade) => {
      seen.push(`${word} ${trade.bar.index} ${trade.session.minute}`);
    };
    play({
      bars: Array.from({ length: 4 }, () => [100, 101, 99, 100] as const),
      times: ['2026-06-01 09:15', '2026-06-01 09:20', '2026-06-02 09:15', '2026-06-02 09:30'],
      timeframe: '5m',
      rules: 'NSE',
      at: { '09:25': note('09:25'), '09:20': note('09:20') },
      deeds: { 0: note('bar'), 1: note('bar'), 3: note('bar') },
    });
    expect(seen).toEqual([
      '09:20 0 560',
      'bar 0 560',
      '09:25 1 565',
      'bar 1 565',
      '09:20 2 560',
      '09:25 3 575',
      'bar 3 575',
    ]);
  });

  tape('an entry from at: fills at the next open', {
    bars: Array.from({ length: 3 }, (_, i) => [100 + i, 101 + i, 99 + i, 100 + i] as const),
    timeframe: '5m',
    from: '2026-06-01 09:15',
    rules: 'NSE',
    at: { '09:20': ({ buy }) => buy() },
    fills: [{ bar: 1, side: 'BUY', price: 101 }],
  });

  test('onFill hears of every fill, after the book knows it', () => {
    const seen: unknown[] = [];
    play({
      bars: [
        [100, 101, 99, 100],
        [100, 101, 97, 100],
      ],
      buyAtCloseOf: 0,
      entry: { stopLoss: 2 },
      onFill: ({ position }, { side, quantity, price, entry }) => {
        seen.push([side, quantity, price, entry, position.quantity]);
      },
    });
    expect(seen).toEqual([
      ['BUY', 10, 100, true, 10],
      ['SELL', 10, 98, false, 0],
    ]);
  });

  tape('after the end of the data onFill enters nothing', {
    bars: [
      [100, 101, 99, 100],
      [100, 101, 99, 100],
    ],
    buyAtCloseOf: 0,
    onFill: ({ buy }, { entry }) => {
      if (!entry) buy();
    },
    fill: { price: 'same-close' },
    times: apart,
    fills: [{ bar: 0, side: 'BUY', price: 100 }],
    refused: ['SIGNAL_TOO_LATE'],
  });

  tape('what onFill asks for meets the market from the next bar on', {
    bars: [
      [100, 101, 99, 100],
      [100, 110, 97, 100], // stopped out at 98 inside the bar; its high may have come before
      [103, 104, 102, 103],
    ],
    buyAtCloseOf: 0,
    entry: { stopLoss: 2 },
    onFill: ({ buy }, { entry }) => {
      if (!entry) buy({ trigger: 102 });
    },
    timeframe: '15m',
    from: '2024-01-01 09:15',
    fills: [
      { bar: 1, side: 'BUY', price: 100 },
      { bar: 1, side: 'SELL', price: 98 },
      { bar: 2, side: 'BUY', price: 103 },
    ],
  });
});

describe('same-close, for comparison', () => {
  tape('market orders take the close they were decided on', {
    bars: [
      [100, 101, 99, 100.5],
      [102, 103, 101, 102],
      [104, 105, 103, 104],
    ],
    times: apart,
    fill: { price: 'same-close' },
    buyAtCloseOf: 0,
    exitAtCloseOf: 1,
    fills: [
      { bar: 0, side: 'BUY', price: 100.5 },
      { bar: 1, side: 'SELL', price: 102 },
    ],
    exit: 'signal',
  });

  tape('a reversal is done at one close', {
    bars: [
      [100, 101, 99, 100],
      [102, 103, 101, 102],
      [104, 105, 103, 104],
    ],
    times: apart,
    fill: { price: 'same-close' },
    deeds: { 0: ({ buy }) => buy(), 1: ({ sell }) => sell() },
    fills: [
      { bar: 0, side: 'BUY', price: 100 },
      { bar: 1, side: 'SELL', price: 102 },
      { bar: 1, side: 'SELL', price: 102 },
    ],
    exit: 'reversal',
  });

  tape('stops and targets meet the bars that follow', {
    bars: [
      [100, 120, 80, 100],
      [100, 101, 97, 100],
    ],
    times: apart,
    fill: { price: 'same-close' },
    buyAtCloseOf: 0,
    entry: { stopLoss: 2, target: 4 },
    fills: [
      { bar: 0, side: 'BUY', price: 100 },
      { bar: 1, side: 'SELL', price: 98 },
    ],
    exit: 'stop',
  });

  tape('orders of one close share its volume', {
    bars: [
      [100, 101, 99, 100, 1_000],
      [101, 102, 100, 101, 1_000],
    ],
    times: ['2024-01-01 09:15', '2024-01-01 09:45'],
    timeframe: '15m',
    fill: { price: 'same-close', volumeSharePercent: 10 },
    quantity: 80,
    deeds: {
      0: ({ buy }) => {
        buy();
        buy({ add: true });
      },
    },
    fills: [
      { bar: 0, side: 'BUY', price: 100, quantity: 80 },
      { bar: 0, side: 'BUY', price: 100, quantity: 20 },
      { bar: 1, side: 'BUY', price: 101, quantity: 60 },
    ],
  });
});
