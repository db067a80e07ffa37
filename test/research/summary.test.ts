import { describe, expect, test } from '@jest/globals';
import { dayNumberOf, instantOf, isoDateOfDay } from '../../src/domain/time.ts';
import { numberOf } from '../../src/research/figure.ts';
import { periodsPerYear, type SummaryInput, summarise } from '../../src/research/summary.ts';
import { busyYear, curve, ist, noCharges, seeded, trade } from '../support/outcomes.ts';

function summary(input: Partial<SummaryInput>) {
  return summarise({
    capitalPaise: 10_000,
    equity: curve([]),
    trades: [],
    charges: noCharges,
    benchmark: [],
    ...input,
  });
}

/** One mark a day from 2026-01-01, Saturdays and Sundays included, at these rupees. */
function daily(rupees: readonly number[]) {
  const first = dayNumberOf('2026-01-01');
  return curve(rupees.map((value, day) => [`${isoDateOfDay(first + day)} 15:30`, value] as const));
}

/** A line that wobbles upwards from 100. */
function wobbling(length: number): number[] {
  const random = seeded(3);
  let value = 100;
  return Array.from({ length }, () => {
    value = Math.round(value * (1 + (random() - 0.45) * 0.02) * 100) / 100;
    return value;
  });
}

describe('summary', () => {
  test('final balance is the last mark; what trades do not explain is open', () => {
    const { finalPaise, netPaise, openPaise, returnPercent } = summary({
      equity: curve([
        ['2026-04-01 09:30', 100],
        ['2026-04-01 15:30', 115],
      ]),
      trades: [trade({ grossPaise: 1_100, chargesPaise: 100 })],
    });
    expect({ finalPaise, netPaise, openPaise }).toEqual({
      finalPaise: 11_500,
      netPaise: 1_000,
      openPaise: 500,
    });
    expect(returnPercent).toBeCloseTo(15, 12);
  });

  test('cost drag is charges over gross profit, and over turnover', () => {
    const { costDragPercent, costOfTurnoverPercent, turnoverTimes, chargesTotalPaise } = summary({
      trades: [trade({ grossPaise: 1_000, chargesPaise: 250 })],
      charges: { ...noCharges, brokerage: 200, gst: 50 },
    });
    expect(chargesTotalPaise).toBe(250);
    expect(costDragPercent).toEqual({ value: 25 });
    expect(numberOf(costOfTurnoverPercent)).toBeCloseTo((250 / 201_000) * 100, 12);
    expect(turnoverTimes).toBe(20.1);
  });

  test('a losing strategy has no gross profit to set charges against', () => {
    expect(summary({ trades: [trade({ grossPaise: -1 })] }).costDragPercent).toEqual({
      unavailable: 'there is no gross profit to pay charges from',
    });
  });

  test('the drawdown names its peak, its lowest mark and its recovery', () => {
    const { maxDrawdown, maxDrawdownPercent, maxDrawdownDailyPercent } = summary({
      equity: curve([
        ['2026-04-01 10:00', 100],
        ['2026-04-01 15:30', 120],
        ['2026-04-02 10:00', 90],
        ['2026-04-02 15:30', 108],
        ['2026-04-06 15:30', 121],
      ]),
    });
    expect(maxDrawdown).toEqual({
      percent: -25,
      paise: -3_000,
      peakTime: ist('2026-04-01 15:30'),
      troughTime: ist('2026-04-02 10:00'),
      recoveryTime: ist('2026-04-06 15:30'),
      days: 5,
    });
    expect(maxDrawdownPercent).toEqual({ value: -25 });
    // From 120 to the close of 108: what a statement of daily balances shows.
    expect(numberOf(maxDrawdownDailyPercent)).toBeCloseTo(-10, 12);
  });

  test('an account that is still down has no recovery', () => {
    const { maxDrawdown, longestDrawdownDays } = summary({ equity: daily([100, 90, 80, 85]) });
    expect(maxDrawdown).toMatchObject({ recoveryTime: undefined, days: 3 });
    expect(longestDrawdownDays).toEqual({ value: 3 });
  });

  test('an account that never fell has a drawdown of zero and no Calmar', () => {
    const rising = summary({
      equity: daily(Array.from({ length: 120 }, (_, day) => 100 + (day % 3) + day * 3)),
    });
    expect(rising.maxDrawdown).toBeUndefined();
    expect(rising.maxDrawdownPercent).toEqual({ value: 0 });
    expect(rising.calmar).toEqual({ unavailable: 'there was no drawdown' });
    expect(rising.sortino).toEqual({ unavailable: 'no period lost' });
  });

  test('exposure is the share of marks with an open position', () => {
    const equity = curve([
      ['2026-04-01 10:00', 100],
      ['2026-04-01 11:00', 100, 1],
      ['2026-04-01 12:00', 100, 1],
      ['2026-04-01 13:00', 100],
      ['2026-04-01 14:00', 100, 1],
    ]);
    expect(summary({ equity }).exposurePercent).toEqual({ value: 60 });
    expect(summary({ equity: { ...equity, length: 2 } }).exposurePercent).toEqual({ value: 50 });
    expect(summary({ equity: { ...equity, length: 1 } }).exposurePercent).toEqual({ value: 0 });
  });

  test('best and worst day are by money, the first day from the starting capital', () => {
    const { bestDay, worstDay } = summary({ equity: daily([90, 120, 110]) });
    expect(bestDay).toEqual({ date: '2026-01-02', paise: 3_000, percent: expect.closeTo(100 / 3, 12) });
    expect(worstDay).toEqual({ date: '2026-01-01', paise: -1_000, percent: -10 });
  });

  test('ratios need thirty daily returns', () => {
    const short = summary({ equity: daily(wobbling(29)) });
    for (const figure of [short.sharpe, short.sortino, short.volatilityPercent]) {
      expect(figure).toEqual({ unavailable: 'needs 30 daily returns, has 29' });
    }
    expect(numberOf(summary({ equity: daily(wobbling(30)) }).sharpe)).toBeDefined();
  });

  test('a yearly return needs ninety calendar days', () => {
    expect(summary({ equity: daily(wobbling(89)) }).cagrPercent).toEqual({
      unavailable: 'needs 90 calendar days, has 89',
    });
    const { cagrPercent, calmar, maxDrawdownPercent } = summary({ equity: daily(wobbling(90)) });
    const last = wobbling(90)[89];
    expect(numberOf(cagrPercent)).toBeCloseTo(((last / 100) ** (252 / 90) - 1) * 100, 9);
    expect(numberOf(calmar)).toBeCloseTo(
      (numberOf(cagrPercent) ?? 0) / -(numberOf(maxDrawdownPercent) ?? 0),
      9,
    );
  });

  test('an account that traded nothing has no Sharpe', () => {
    expect(summary({ equity: daily(new Array(100).fill(100)) }).sharpe).toEqual({
      unavailable: 'the returns do not vary',
    });
  });

  test('an account that lost everything has no ratios', () => {
    const ruined = summary({ equity: daily([...wobbling(99), -1]) });
    for (const figure of [ruined.cagrPercent, ruined.sharpe, ruined.calmar]) {
      expect(figure).toEqual({ unavailable: 'the account fell to nothing' });
    }
    expect(ruined.maxDrawdown?.percent).toBeLessThan(-100);
  });

  test('the risk-free rate is compounded down to a day', () => {
    const equity = daily(wobbling(60));
    const free = numberOf(summary({ equity }).sharpe) ?? 0;
    const hurdle = numberOf(summary({ equity, riskFreePercent: 6 }).sharpe) ?? 0;
    const volatility = numberOf(summary({ equity }).volatilityPercent) ?? 0;
    expect(free - hurdle).toBeCloseTo(((1.06 ** (1 / 252) - 1) * 252 * 100) / volatility, 9);
  });

  test('weekly and monthly bars have their own count of periods in a year', () => {
    expect([
      periodsPerYear('1m'),
      periodsPerYear('day'),
      periodsPerYear('week'),
      periodsPerYear('month'),
    ]).toEqual([252, 252, 52, 12]);
  });

  test('the benchmark is the mean of holding each instrument, and excess the difference', () => {
    const { benchmarkPercent, excessPercent } = summary({
      equity: daily([100, 130]),
      benchmark: [
        { key: 'NSE:A', close: Float64Array.of(100, 50, 120), length: 3 },
        { key: 'NSE:B', close: Float64Array.of(200, 200, 999), length: 2 },
      ],
    });
    expect(numberOf(benchmarkPercent)).toBeCloseTo(10, 12);
    expect(numberOf(excessPercent)).toBeCloseTo(20, 12);
  });

  test('a benchmark that makes no sense says why, and so does the excess', () => {
    const reason = { unavailable: 'contracts that expire cannot be held' };
    expect(summary({ benchmark: reason })).toMatchObject({ benchmarkPercent: reason, excessPercent: reason });
    expect(
      summary({ benchmark: [{ key: 'NSE:A', close: Float64Array.of(0, 1), length: 2 }] }).benchmarkPercent,
    ).toEqual({
      unavailable: 'NSE:A has no price above zero to start from',
    });
    expect(
      summary({ benchmark: [{ key: 'NSE:A', close: Float64Array.of(1), length: 1 }] }).benchmarkPercent,
    ).toEqual({
      unavailable: 'NSE:A has fewer than two bars',
    });
  });

  test('a run without bars keeps its capital and claims nothing', () => {
    const empty = summary({});
    expect(empty.finalPaise).toBe(10_000);
    for (const figure of [
      empty.cagrPercent,
      empty.maxDrawdownPercent,
      empty.exposurePercent,
      empty.tradesPerDay,
    ]) {
      expect(figure).toEqual({ unavailable: 'the run has no bars' });
    }
  });

  test('a year of trades adds up: capital, net and final balance agree to the paisa', () => {
    const { summary: year, trades } = busyYear();
    expect(trades.length).toBeGreaterThan(300);
    expect(year.capitalPaise + year.netPaise).toBe(year.finalPaise);
    expect(year.openPaise).toBe(0);
    expect(year.chargesPaise).toBe(year.chargesTotalPaise);
    expect(year.days).toBe(261);
    expect(instantOf(dayNumberOf('2025-04-01'), 570)).toBe(ist('2025-04-01 09:30'));
  });
});
