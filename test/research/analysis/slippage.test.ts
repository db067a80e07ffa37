import { expect, test } from '@jest/globals';
import { slippage } from '#src/research/analysis/slippage.ts';
import { trade } from '../../support/outcomes.ts';
import { play } from '../../support/tape.ts';

const booked = { name: 'paper/main/1/1', mode: 'paper', stream: 'main' } as const;

test('a market order is measured against the close it was decided on, a stop against where it stood last', () => {
  const { trades } = play({
    bars: [
      [100, 100, 100, 100], // decided at 100
      [101, 101, 101, 101], // bought at 101, stop at 99
      [110, 110, 110, 110], // the stop trails to 2 % below
      [107, 107, 107, 107], // opens below it
    ],
    buyAtCloseOf: 0,
    entry: { trailingStop: 2 },
    quantity: 10,
  });
  expect(trades).toMatchObject([{ entryType: 'MARKET', entryDecision: 100, entryPrice: 101 }]);
  expect(trades).toMatchObject([{ exitType: 'SL-M', exitDecision: 107.8, exitPrice: 107 }]);
  const { total, orders } = slippage(trades);
  expect(orders.map(({ name, paise }) => [name, paise])).toEqual([
    ['entry MARKET', 1_000],
    ['exit SL-M', 800],
  ]);
  expect(total).toMatchObject({ trades: 1, paise: 1_800 });
  expect(total.basisPoints).toBeCloseTo((18 / 2_078) * 10_000, 9);
});

test('a better price is negative, a short trade has its sides turned, and the rows sum to the total', () => {
  const known = { ...booked, entryType: 'LIMIT', exitType: 'LIMIT' } as const;
  const { total, orders, strategies, costliest, unknown } = slippage([
    { ...trade({ id: 1, entryDecision: 100.05, exitDecision: 101 }), ...known },
    {
      ...trade({ id: 2, strategy: 'short', direction: 'SHORT', entryDecision: 100.2, exitDecision: 100.9 }),
      ...known,
    },
    { ...trade({ id: 3 }), ...booked },
  ]);
  expect(strategies.map(({ name, paise }) => [name, paise])).toEqual([
    ['short', 300],
    ['ema20_50', -50],
  ]);
  expect(total.paise).toBe(250);
  expect(orders.reduce((sum, { paise }) => sum + paise, 0)).toBe(250);
  expect(costliest.map((each) => each.trade.id)).toEqual([2]);
  expect(unknown).toBe(1);
});
