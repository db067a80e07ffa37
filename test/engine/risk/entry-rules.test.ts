import { describe, expect, test } from '@jest/globals';
import { play, type Tape } from '../../support/tape.ts';

/** A Monday; bars of 15 minutes from 09:15 on, the first closing at 09:30. */
const monday = '2026-06-01 09:15';
const quiet = Array.from({ length: 6 }, () => [100, 101, 99, 100] as const);
const picture = { bars: quiet, timeframe: '15m', rules: 'NSE', product: 'MIS', from: monday } as const;

const outcome = (tape: Partial<Tape>) => {
  const { orders, refusals } = play({ ...picture, ...tape });
  const entries = orders.filter(({ role }) => role === 'entry').map(({ quantity }) => quantity);
  return { entries, refused: refusals.map(({ code, first }) => `${code} ${first}`) };
};

describe('rules of single strategies', () => {
  test('an entry outside the hours is refused with them', () => {
    const entryRules = { windows: [{ from: 600, to: 630 }] };
    expect(outcome({ buyAtCloseOf: 1, entryRules })).toEqual({
      entries: [],
      refused: [
        'RISK_ENTRY_WINDOW No entry in TEST:TAPE at 09:45: strategies.tape.entryWindows are 10:00-10:30.',
      ],
    });
  });

  test('a window begins with its first minute and ends before its last', () => {
    const entryRules = { windows: [{ from: 570, to: 585 }] };
    expect(outcome({ buyAtCloseOf: 0, entryRules }).entries).toEqual([10]);
    expect(outcome({ buyAtCloseOf: 1, entryRules }).entries).toEqual([]);
  });

  test('one of several windows is enough', () => {
    const windows = [
      { from: 500, to: 560 },
      { from: 585, to: 600 },
    ];
    expect(outcome({ buyAtCloseOf: 1, entryRules: { windows } }).entries).toEqual([10]);
  });

  test('a weekday is left out, and no other', () => {
    expect(outcome({ buyAtCloseOf: 0, entryRules: { skipWeekdays: [1] } }).refused).toEqual([
      'RISK_WEEKDAY No entry in TEST:TAPE on 2026-06-01: strategies.tape.skipWeekdays has monday.',
    ]);
    expect(outcome({ buyAtCloseOf: 0, entryRules: { skipWeekdays: [2, 3] } }).entries).toEqual([10]);
  });

  test('the other side is refused, and still closes what is held', () => {
    const entryRules = { side: 'long' } as const;
    expect(outcome({ sellAtCloseOf: 0, entryRules }).refused).toEqual([
      'RISK_SIDE No SELL entry in TEST:TAPE: strategies.tape.side is long.',
    ]);
    const { trades } = play({ ...picture, buyAtCloseOf: 0, sellAtCloseOf: 2, entryRules });
    expect(trades.map(({ direction, exitReason }) => `${direction} ${exitReason}`)).toEqual([
      'LONG reversal',
    ]);
  });

  test('a weight scales what the sizing says, in whole lots', () => {
    expect(outcome({ buyAtCloseOf: 0, quantity: 9, entryRules: { weight: 0.5 } }).entries).toEqual([4]);
    expect(outcome({ buyAtCloseOf: 0, quantity: 9, entryRules: { weight: 2 } }).entries).toEqual([18]);
    const own = { buyAtCloseOf: 0, entry: { quantity: 7 }, entryRules: { weight: 0.5 } };
    expect(outcome(own).entries).toEqual([7]);
    expect(outcome({ buyAtCloseOf: 0, quantity: 1, entryRules: { weight: 0.5 } }).refused).toEqual([
      'SIZE_ZERO Of 1 units of TEST:TAPE strategies.tape.weight leaves less than one.',
    ]);
  });

  test('exits pass at any hour', () => {
    const entryRules = { windows: [{ from: 570, to: 571 }] };
    const { trades } = play({ ...picture, buyAtCloseOf: 0, exitAtCloseOf: 3, entryRules });
    expect(trades.map(({ exitReason }) => exitReason)).toEqual(['signal']);
  });
});
