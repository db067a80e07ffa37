import { describe, expect, test } from '@jest/globals';
import { generateMarket, type MarketPlan } from '../../../src/adapters/synthetic/generate-market.ts';
import type { BarSeries } from '../../../src/domain/bar-series.ts';
import { istDate, istDayNumber, istText } from '../../../src/domain/time.ts';
import { indianPlan, madeDerivatives, madeOf } from './made-derivatives.ts';

function marketOf(scenario: MarketPlan['scenario'], days = 60, seed = 2020): BarSeries[] {
  return [...generateMarket({ ...indianPlan, seed, days, symbols: 2, scenario })].map(({ series }) => series);
}

function dailyCloses({ time, close, length }: BarSeries): number[] {
  const closes = new Map<number, number>();
  for (let row = 0; row < length; row++) closes.set(istDayNumber(time[row]), close[row]);
  return [...closes.values()];
}

const rise = (closes: readonly number[], from: number, to: number) => closes[to] / closes[from] - 1;

describe.each([2020, 7, 99])('with seed %d', (seed) => {
  test('a crash falls by more than a sixth within fifteen sessions, from the sixth on', () => {
    const closes = dailyCloses(marketOf('crash', 40, seed)[0]);
    expect(rise(closes, 4, 19)).toBeLessThan(-0.16);
    expect(Math.abs(rise(closes, 0, 4))).toBeLessThan(0.06);
  });

  test('a trend rises by more than an eighth in sixty sessions', () => {
    expect(rise(dailyCloses(marketOf('trend', 60, seed)[0]), 0, 59)).toBeGreaterThan(0.12);
  });

  test('chop comes back to where it began', () => {
    const closes = dailyCloses(marketOf('chop', 60, seed)[0]);
    for (const close of closes) expect(Math.abs(close / 24_000 - 1)).toBeLessThan(0.04);
  });
});

describe('a halt', () => {
  const [index, stock] = marketOf('halt', 12);
  const date = '2025-10-09';
  const rowsOn = ({ time, length }: BarSeries) =>
    Array.from({ length }, (_, row) => row).filter((row) => istDate(time[row]) === date);

  test('comes when the index has fallen ten percent, and lasts from 10:45 to 11:45', () => {
    const rows = rowsOn(index);
    const eve = index.close[rows[0] - 1];
    const before = rows.filter((row) => istText(index.time[row]) < `${date} 10:45`);
    expect(before).toHaveLength(90);
    expect(Math.min(...before.map((row) => index.low[row]))).toBeLessThanOrEqual(eve * 0.901);
    expect(istText(index.time[rows[89]])).toBe(`${date} 10:44`);
    expect(istText(index.time[rows[90]])).toBe(`${date} 11:45`);
    expect(rows).toHaveLength(315);
  });

  test('stops shares, futures and options alike', () => {
    expect(rowsOn(stock)).toHaveLength(315);
    const { futures, options } = madeDerivatives({ days: 12, symbols: 1, scenario: 'halt' });
    const whole = futures.filter(({ series }) => istDate(series.time[series.length - 1]) > date);
    expect(whole.length).toBeGreaterThan(3);
    for (const { series } of whole) expect(rowsOn(series)).toHaveLength(315);
    const [{ series }] = options
      .filter(({ last, first }) => istDate(last) > date && istDate(first) < date)
      .flatMap(madeOf);
    expect(rowsOn(series)).toHaveLength(63);
  });

  test('does not come on a day of short hours, and leaves a market of few days without one', () => {
    expect(rowsOn(marketOf('halt', 5)[0])).toHaveLength(0);
  });
});
