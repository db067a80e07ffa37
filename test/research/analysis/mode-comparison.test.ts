import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joinedAccount } from '../../../src/research/analysis/joined-account.ts';
import { compareModes } from '../../../src/research/analysis/mode-comparison.ts';
import type { BookedTrade } from '../../../src/research/analysis/trading-record.ts';
import { netOf } from '../../../src/research/trade-statistics.ts';
import { ist, trade } from '../../support/outcomes.ts';

const booked = (differences: Partial<BookedTrade> = {}): BookedTrade => ({
  ...trade(differences),
  name: `paper/main/1/${differences.id ?? 1}`,
  mode: 'paper',
  stream: 'main',
  ...differences,
});
const compare = (backtest: readonly BookedTrade[], session: readonly BookedTrade[]) =>
  compareModes(backtest, session, 15 * 60_000);
const kinds = (backtest: readonly BookedTrade[], session: readonly BookedTrade[]) =>
  compare(backtest, session).rows.map(({ kind, paise }) => `${kind} ${paise}`);

describe('a session against its backtest', () => {
  test('the same trades have no difference', () => {
    const trades = [booked(), booked({ id: 2, key: 'NSE:TCS' })];
    expect(compare(trades, trades)).toMatchObject({ matched: 2, same: 2, rows: [], largest: [] });
  });

  test.each([
    ['a worse entry', { entryPrice: 100.2, grossPaise: 800 }, ['entry price -200']],
    ['a worse exit', { exitPrice: 100.9, grossPaise: 900 }, ['exit price -100']],
    [
      'an exit at another time',
      { exitTime: ist('2026-04-01 11:00'), exitPrice: 102, grossPaise: 2_000 },
      ['another exit 1000'],
    ],
    [
      'half the quantity',
      { quantity: 5, grossPaise: 500, chargesPaise: 90 },
      ['quantity -500', 'charges 10'],
    ],
    ['an entry one bar later', { entryTime: ist('2026-04-01 09:45') }, []],
    [
      'an entry two bars later',
      { entryTime: ist('2026-04-01 10:00') },
      ['not taken -900', 'only in the session 900'],
    ],
    ['the other direction', { direction: 'SHORT' as const }, ['not taken -900', 'only in the session 900']],
  ])('%s is told by its kind', (_, change, expected) => {
    expect(kinds([booked()], [booked(change)])).toEqual(expected);
  });

  test('of two candidates the nearest entry is taken', () => {
    const late = booked({ id: 2, entryTime: ist('2026-04-01 09:40'), chargesPaise: 150 });
    const { largest, matched } = compare([late], [booked(), booked({ ...late, id: 3, chargesPaise: 100 })]);
    expect(matched).toBe(1);
    expect(largest.map(({ backtest, session }) => [backtest?.id, session?.id])).toEqual([
      [undefined, 1],
      [2, 3],
    ]);
  });

  test('the kinds add up to what the session earned more, to the paisa', () => {
    const made = fc
      .record({
        id: fc.integer({ min: 1, max: 99 }),
        minutes: fc.integer({ min: 0, max: 120 }),
        quantity: fc.integer({ min: 1, max: 500 }),
        entryPrice: fc.integer({ min: 9_000, max: 11_000 }).map((paise) => paise / 100),
        grossPaise: fc.integer({ min: -99_999, max: 99_999 }),
        chargesPaise: fc.integer({ min: 0, max: 9_999 }),
        direction: fc.constantFrom('LONG' as const, 'SHORT' as const),
        key: fc.constantFrom('NSE:INFY', 'NSE:TCS'),
      })
      .map(({ minutes, ...rest }) =>
        booked({ ...rest, entryTime: ist('2026-04-01 09:15') + minutes * 60_000 }),
      );
    const list = fc.array(made, { maxLength: 30 });
    fc.assert(
      fc.property(list, list, (backtest, session) => {
        const { rows, matched } = compare(backtest, session);
        const net = (trades: readonly BookedTrade[]) => trades.reduce((sum, each) => sum + netOf(each), 0);
        expect(rows.reduce((sum, { paise }) => sum + paise, 0)).toBe(net(session) - net(backtest));
        expect(matched).toBeLessThanOrEqual(Math.min(backtest.length, session.length));
      }),
      { numRuns: 200 },
    );
  });
});

describe('one account of several sessions', () => {
  const own = { mode: 'paper', stream: 'main', capitalPaise: 1_000 };

  test('a stream brings its capital once, and each session adds what it earned', () => {
    const sessions = [own, own, { ...own, stream: 'other' }];
    const mark = (place: number, time: number, equityPaise: number, held = false) => ({
      place,
      time,
      equityPaise,
      held,
    });
    const { capitalPaise, equity } = joinedAccount(sessions, [
      mark(0, 1, 1_100, true),
      mark(2, 1, 900),
      mark(0, 2, 1_050),
      mark(1, 3, 1_200),
    ]);
    expect(capitalPaise).toBe(2_000);
    expect([...equity.time]).toEqual([1, 2, 3]);
    expect([...equity.equityPaise]).toEqual([2_000, 1_950, 2_150]);
    expect([...equity.exposed]).toEqual([1, 0, 0]);
  });
});
