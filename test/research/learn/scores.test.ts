import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../../src/domain/bar-series.ts';
import type { ClosedTrade } from '../../../src/domain/run-result.ts';
import { instantOf, startOfDay } from '../../../src/domain/time.ts';
import { beforeAfter } from '../../../src/research/learn/before-after.ts';
import { labelsOf } from '../../../src/research/learn/conditions.ts';
import { expiryLabel } from '../../../src/research/learn/market-around.ts';
import { proposalsOf } from '../../../src/research/learn/proposals.ts';
import type { Finding } from '../../../src/research/learn/study.ts';
import { surroundingsOf } from '../../../src/research/learn/surroundings.ts';
import { scoreOf } from '../../../src/research/learn/trade-score.ts';

/** A Monday. */
const day = 20_605;
const trade: ClosedTrade = {
  ...{ id: 1, strategy: 'made_up', key: 'NSE:MADE', direction: 'LONG', product: 'MIS', quantity: 10 },
  ...{ entryTime: instantOf(day, 615), entryPrice: 100, exitTime: instantOf(day, 700), exitPrice: 103 },
  ...{ grossPaise: 3_000, chargesPaise: 600, riskPaise: 2_000, exitReason: 'signal', bars: 5 },
  ...{ adverse: 1, favourable: 6, entryOrder: 1, exitOrder: 2 },
};

describe('score of a trade', () => {
  test('each part by itself', () => {
    // Best mark 6 a unit, worst 1, risk 2, kept 3, charges 0.6.
    expect(scoreOf(trade, Number.NaN)).toEqual({
      setup: 0.75,
      timing: 6 / 7,
      exit: 0.5,
      cost: 0.9,
      total: (0.75 + 6 / 7 + 0.5 + 0.9) / 4,
    });
  });

  test('without a stop the day range is the risk, and without that the setup cannot be told', () => {
    const { riskPaise: _, ...open } = trade;
    expect(scoreOf(open, 6).setup).toBe(0.5);
    expect(scoreOf(open, Number.NaN).setup).toBeUndefined();
  });

  test('a trade that was never ahead has no exit to judge, and charges took all', () => {
    const { exit, cost, timing } = scoreOf({ ...trade, favourable: 0, grossPaise: -1_000 }, 5);
    expect({ exit, cost, timing }).toEqual({ exit: undefined, cost: 0, timing: 0 });
  });

  test('giving back more than the best mark is nothing kept, not less', () => {
    expect(scoreOf({ ...trade, grossPaise: -4_000 }, 5).exit).toBe(0);
  });
});

describe('surroundings of an entry', () => {
  const days = new BarSeries('NSE:MADE', 'day');
  for (let at = 0; at < 40; at++) days.append(startOfDay(day - 39 + at), 99, 101, 99, 100, 1_000);
  // The day of the entry opens a percent higher, and closes far away, which nobody knew.
  days.open[39] = 101;
  days.close[39] = 150;
  days.high[39] = 151;

  test('gap and distance are told by the days before and the open', () => {
    const around = surroundingsOf(days)({ ...trade, entryPrice: 105 });
    expect(around?.gapPercent).toBeCloseTo(1, 9);
    expect(around?.dayRange).toBe(2);
    expect(around?.rangesFromAverage).toBeCloseTo(2.5, 9);
    expect(labelsOf(trade, true, around)).toEqual({
      hour: '10:00',
      weekday: 'monday',
      side: 'long',
      gap: 'up 0.5 % or more',
      distance: 'more than a day range above',
    });
  });

  test('a day that has no bar, or nothing before it, tells nothing', () => {
    expect(surroundingsOf(days)({ ...trade, entryTime: instantOf(day + 1, 600) })).toBeUndefined();
    expect(surroundingsOf(days)({ ...trade, entryTime: instantOf(day - 39, 600) })).toBeUndefined();
  });

  test('of day bars neither hour nor weekday is told', () => {
    expect(labelsOf(trade, false, undefined)).toEqual({ side: 'long' });
  });

  test('the market is told by its index, its shares and what expires', () => {
    const market = { trend: 'up', volatility: undefined, percentAbove: 60, expiry: expiryLabel(2) } as const;
    expect(labelsOf(trade, false, undefined, market)).toEqual({
      ...{ side: 'long', 'market trend': 'up', breadth: 'broad', expiry: 'two days before' },
    });
    const unknown = {
      ...market,
      trend: undefined,
      percentAbove: Number.NaN,
      expiry: expiryLabel(Number.NaN),
    };
    expect(labelsOf(trade, false, undefined, unknown)).toEqual({ side: 'long' });
  });
});

describe('proposals', () => {
  const evidence = { trades: 40, days: 30, netPaise: -5_000, percent: { mean: -0.5, low: -0.8, high: -0.2 } };
  const finding = (feature: Finding['feature'], label: string): Finding => ({
    ...{ strategy: 'made_up', feature, label, effect: 'bleeds', verdict: 'holds' },
    training: { inside: evidence, rest: evidence, q: 0.01 },
    heldOut: { inside: evidence, rest: evidence, p: 0.01 },
  });
  const settings = (findings: readonly Finding[], rules = {}) =>
    proposalsOf(findings, rules).map((proposal) => proposal.settings);

  test('two hours that bleed are both left out', () => {
    expect(settings([finding('hour', '12:00'), finding('hour', '13:00')])).toEqual([
      { entryWindows: ['00:00-12:00', '13:00-23:59'] },
      { entryWindows: ['00:00-12:00', '14:00-23:59'] },
    ]);
  });

  test('windows and weekdays that are set already stay as they are beside it', () => {
    const rules = { made_up: { entryWindows: ['09:30-12:30', '14:00-15:00'], skipWeekdays: ['friday'] } };
    expect(settings([finding('hour', '12:00'), finding('weekday', 'monday')], rules)).toEqual([
      { entryWindows: ['09:30-12:00', '14:00-15:00'] },
      { skipWeekdays: ['friday', 'monday'] },
    ]);
  });

  test('a strategy is not left without any hour', () => {
    expect(settings([finding('hour', '12:00')], { made_up: { entryWindows: ['12:00-13:00'] } })).toEqual([]);
  });

  test('what only does worse, or does not hold, is not proposed', () => {
    const found = finding('weekday', 'monday');
    expect(
      settings([
        { ...found, effect: 'does worse' },
        { ...found, verdict: 'does not hold' },
      ]),
    ).toEqual([]);
  });
});

test('a run without a change and with it is compared from an instant on, day by day', () => {
  const at = (number: number, nextDay: number, grossPaise: number): ClosedTrade => {
    const entryTime = instantOf(day + nextDay, 600);
    return { ...trade, id: number, entryTime, exitTime: entryTime + 1, grossPaise, chargesPaise: 100 };
  };
  const before = [at(1, 0, -9_900), at(2, 1, 5_100), at(3, 2, -2_900), at(4, 2, 1_100), at(5, 3, -4_900)];
  const after = before.filter(({ id }) => id !== 5 && id !== 1);
  const {
    days,
    before: was,
    after: is,
    difference,
  } = beforeAfter(before, after, {
    from: startOfDay(day + 1),
    seed: 1,
  });
  // Nets from the second day on: 50, -30 and 10, -50 rupees.
  expect({ days, ...was, dayPaise: was.dayPaise.mean }).toEqual({
    ...{ days: 3, trades: 4, netPaise: -2_000, drawdownPaise: 7_000, dayPaise: -2_000 / 3 },
  });
  expect({ ...is, dayPaise: is.dayPaise.mean }).toEqual({
    ...{ trades: 3, netPaise: 3_000, drawdownPaise: 3_000, dayPaise: 1_000 },
  });
  expect(difference.mean).toBeCloseTo(5_000 / 3, 9);
  expect(difference.low).toBe(0);
});
