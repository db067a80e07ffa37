import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tradeDifference } from '../../src/research/run-difference.ts';
import { ist, trade } from '../support/outcomes.ts';

interface Row {
  readonly entry: number;
  readonly bars: number;
  readonly key: string;
  readonly direction: 'LONG' | 'SHORT';
  readonly grossPaise: number;
  readonly chargesPaise: number;
  readonly quantity: number;
}

const later = { entryTime: ist('2026-04-02 09:30'), exitTime: ist('2026-04-02 10:30') };

describe('tradeDifference', () => {
  test('equal trades contribute nothing', () => {
    const both = [trade(), trade({ id: 2, ...later })];
    expect(tradeDifference(both, both)).toEqual({
      onlyFirst: [],
      onlySecond: [],
      changed: [],
      equal: 2,
      contributions: [],
    });
  });

  test('a trade of one run only contributes its whole net', () => {
    const { onlyFirst, onlySecond, contributions } = tradeDifference(
      [trade()],
      [trade({ ...later, grossPaise: 700, chargesPaise: 90 })],
    );
    expect(onlyFirst).toHaveLength(1);
    expect(onlySecond).toHaveLength(1);
    expect(contributions).toEqual([
      { part: 'only-first', trades: 1, grossPaise: -1_000, chargesPaise: -100, netPaise: -900 },
      { part: 'only-second', trades: 1, grossPaise: 700, chargesPaise: 90, netPaise: 610 },
    ]);
  });

  test.each([
    ['time', { exitTime: ist('2026-04-01 10:45') }],
    ['time', { entryTime: ist('2026-04-01 09:45') }],
    ['price', { entryPrice: 100.05 }],
    ['quantity', { quantity: 11 }],
    ['exit', { exitReason: 'stop' }],
    ['charges', { chargesPaise: 101 }],
  ] as const)('a trade at another %s is the same trade: %j', (change, differences) => {
    const { changed, onlyFirst, onlySecond } = tradeDifference([trade()], [trade(differences)]);
    expect(changed.map((each) => each.change)).toEqual([change]);
    expect([onlyFirst, onlySecond]).toEqual([[], []]);
  });

  test.each([
    ['another strategy', { strategy: 'rsi_pullback' }],
    ['another instrument', { key: 'NSE:TCS' }],
    ['the other direction', { direction: 'SHORT' }],
    ['a time after the exit', { entryTime: ist('2026-04-01 10:30'), exitTime: ist('2026-04-01 11:30') }],
  ] as const)('a trade with %s is another trade', (_, differences) => {
    const { changed, onlyFirst, onlySecond } = tradeDifference([trade()], [trade(differences)]);
    expect([changed.length, onlyFirst.length, onlySecond.length]).toEqual([0, 1, 1]);
  });

  test('an entry at the same instant wins over one that merely overlaps', () => {
    const late = trade({ id: 2, entryTime: ist('2026-04-01 10:00') });
    const { changed, equal, onlyFirst } = tradeDifference([trade(), late], [late]);
    expect([changed.length, equal]).toEqual([0, 1]);
    expect(onlyFirst.map(({ id }) => id)).toEqual([1]);
  });

  test('whatever the trades, each is counted once and the parts sum to the difference of the nets', () => {
    const trades = fc.array(
      fc.record({
        entry: fc.integer({ min: 0, max: 40 }),
        bars: fc.integer({ min: 0, max: 10 }),
        key: fc.constantFrom('NSE:INFY', 'NSE:TCS'),
        direction: fc.constantFrom('LONG' as const, 'SHORT' as const),
        grossPaise: fc.integer({ min: -100_000, max: 100_000 }),
        chargesPaise: fc.integer({ min: 0, max: 5_000 }),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
    );
    const made = (rows: readonly Row[]) =>
      rows.map(({ entry, bars, ...rest }, at) =>
        trade({ id: at + 1, ...rest, entryTime: entry * 60_000, exitTime: (entry + bars) * 60_000 }),
      );
    const net = (all: ReturnType<typeof made>) =>
      all.reduce((sum, each) => sum + each.grossPaise - each.chargesPaise, 0);
    fc.assert(
      fc.property(trades, trades, (one, other) => {
        const [first, second] = [made(one), made(other)];
        const found = tradeDifference(first, second);
        const parts = found.contributions.reduce((sum, part) => sum + part.netPaise, 0);
        expect(parts).toBe(net(second) - net(first));
        const pairs = found.changed.length + found.equal;
        expect(pairs + found.onlyFirst.length).toBe(first.length);
        expect(pairs + found.onlySecond.length).toBe(second.length);
      }),
    );
  });
});
