import { describe, expect, test } from '@jest/globals';
import { play, type Tape } from '../support/tape.ts';

const bars = Array.from({ length: 8 }, () => [100, 101, 99, 100] as const);
const intraday = { bars, timeframe: '15m', from: '2026-06-01 09:15' } as const;
const keep = { errorsMax: 2, flatten: false } as const;

const broken = () => {
  throw new TypeError('nothing to read here');
};
// User files are not type-checked, so a hook may answer with anything.
const promised = (() => Promise.resolve()) as unknown as () => void;

function outcome(picture: Partial<Tape>) {
  const when = picture.times ? { bars, timeframe: intraday.timeframe } : intraday;
  const { refusals, fills, trades, engine } = play({ ...when, isolation: keep, ...picture });
  return {
    refused: refusals.map(({ code, count }) => [code, count]),
    fills: fills.filter(({ role }) => role !== 'end-of-data').map(({ bar, role }) => [bar, role]),
    exits: trades.map(({ exitReason }) => exitReason),
    warnings: [...engine.warnings],
  };
}

describe('a strategy that fails while the run goes on', () => {
  test('is counted and goes on deciding below the limit', () => {
    const { refused, fills, warnings } = outcome({ deeds: { 1: broken, 2: ({ buy }) => buy() } });
    expect(refused).toEqual([['STRATEGY_ERROR', 1]]);
    expect(fills).toEqual([[3, 'entry']]);
    expect(warnings).toEqual([]);
  });

  test('is disabled at the limit, and every later bar says so', () => {
    const { refused, fills, warnings } = outcome({ deeds: { 1: broken, 3: broken, 5: ({ buy }) => buy() } });
    expect(refused).toEqual([
      ['STRATEGY_ERROR', 2],
      ['STRATEGY_DISABLED', 4],
    ]);
    expect(fills).toEqual([]);
    expect(warnings).toEqual([
      'tape on TEST:TAPE is disabled after 2 failures, its position keeps its stop and target. The last: Strategy tape on TEST:TAPE failed in onBar at the bar of 2026-06-01 10:00: nothing to read here',
    ]);
  });

  test('counts anew each day', () => {
    const times = [
      '01 09:15',
      '01 09:30',
      '02 09:15',
      '02 09:30',
      '03 09:15',
      '03 09:30',
      '04 09:15',
      '04 09:30',
    ];
    const { refused } = outcome({
      times: times.map((time) => `2026-06-${time}`),
      deeds: { 0: broken, 2: broken, 4: broken, 6: broken },
    });
    expect(refused).toEqual([['STRATEGY_ERROR', 4]]);
  });

  test('leaves its position with its stop', () => {
    const falling = [...bars.slice(0, 5), [100, 100, 95, 96], [96, 97, 95, 96]] as const;
    const { fills, exits } = outcome({
      bars: falling,
      deeds: { 0: ({ buy }) => buy({ stopLoss: 2 }), 2: broken, 3: broken },
    });
    expect(fills).toEqual([
      [1, 'entry'],
      [5, 'stop'],
    ]);
    expect(exits).toEqual(['stop']);
  });

  test('is closed at the next price where the policy says so, and its entries are called off', () => {
    const { fills, exits } = outcome({
      isolation: { errorsMax: 1, flatten: true },
      deeds: {
        0({ buy }) {
          buy();
          buy({ add: true, limit: 50 });
        },
        2: broken,
      },
    });
    expect(fills).toEqual([
      [1, 'entry'],
      [3, 'kill'],
    ]);
    expect(exits).toEqual(['kill']);
  });

  test('still closes intraday positions at the square-off', () => {
    const { exits } = outcome({
      bars: Array.from({ length: 25 }, () => [100, 101, 99, 100] as const),
      ...{ rules: 'NSE', product: 'MIS', isolation: { errorsMax: 1, flatten: false } },
      deeds: { 0: ({ buy }) => buy(), 2: broken },
    });
    expect(exits).toEqual(['square-off']);
  });

  test.each([
    ['a promise', { at: { '09:30': promised } }],
    ['a timer that throws', { at: { '09:30': broken } }],
    ['an entry at NaN', { deeds: { 1: ({ buy }) => buy({ limit: Number.NaN }) } }],
    [
      'a flood',
      {
        entriesPerBarMax: 3,
        deeds: {
          1: ({ buy }) => {
            for (;;) buy({ add: true });
          },
        },
      },
    ],
  ] satisfies readonly (readonly [string, Partial<Tape>])[])('%s is such a failure', (_name, picture) => {
    expect(outcome(picture).refused).toContainEqual(['STRATEGY_ERROR', 1]);
  });

  test('a quantity of NaN is refused by the gate', () => {
    const { refused } = outcome({ deeds: { 1: ({ buy }) => buy({ quantity: Number.NaN }) } });
    expect(refused).toEqual([[expect.stringMatching(/^(RISK_LOT|STRATEGY_ERROR)$/), 1]]);
  });

  test('without a policy a flood stops the run', () => {
    const flood: Partial<Tape> = {
      entriesPerBarMax: 3,
      deeds: {
        1({ buy }) {
          for (;;) buy({ add: true });
        },
      },
    };
    expect(() => play({ ...intraday, ...flood })).toThrow(/asked for 4 entries on one bar/);
  });
});
