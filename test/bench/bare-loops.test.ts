import { describe, expect, test } from '@jest/globals';
import {
  bareCrossover,
  bareCrossoverWithCosts,
  bareCrossoverWithStop,
  barePortfolio,
  bareSweep,
  capitalPaise,
  portfolioCapitalPaise,
} from '../../bench/bare-loops.ts';
import { minuteBars } from '../../bench/minute-bars.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';

/** Flat at 100 until both averages exist, then one step up and one down; each bar opens at its close but for the rows named. */
function stepped(opens: Record<number, number> = {}, lows: Record<number, number> = {}): BarSeries {
  const series = new BarSeries('TEST:STEP', '1m');
  for (let row = 0; row < 200; row++) {
    const close = row >= 60 && row < 120 ? 110 : 100;
    const open = opens[row] ?? close;
    series.append(row * 60_000, open, Math.max(open, close), lows[row] ?? Math.min(open, close), close, 1);
  }
  return series;
}

describe('the reference loops of the benchmarks', () => {
  test('buy at the open after the cross up and sell at the open after the cross down', () => {
    // Up on the close of row 60, bought at 111 in row 61; down on the close of row 123, when the quick average has fallen below.
    const bars = stepped({ 61: 111 });
    expect(bareCrossover(bars)).toEqual({ trades: 1, equityPaise: capitalPaise - 100 * 1_100 });
  });

  test('take flat costs from either side', () => {
    const bars = stepped({ 61: 111 });
    expect(bareCrossoverWithCosts(bars).equityPaise).toBe(capitalPaise - 110_000 - 1_110 - 1_000);
  });

  test('stop 1.5 % below the entry on the nearest tick, inside the bar', () => {
    // 111 × 0.985 = 109.335, on the grid 109.35.
    const bars = stepped({ 61: 111 }, { 80: 109.35 });
    expect(bareCrossoverWithStop(bars)).toEqual({ trades: 1, equityPaise: capitalPaise - 100 * 165 });
    expect(bareCrossoverWithStop(stepped({ 61: 111 }, { 80: 109.4 })).equityPaise).toBe(
      capitalPaise - 110_000,
    );
  });

  test('fill a stop at the open when the bar gaps through it', () => {
    const bars = stepped({ 61: 111, 80: 105 });
    expect(bareCrossoverWithStop(bars).equityPaise).toBe(capitalPaise - 100 * 600);
  });

  test('close what is open at the last close', () => {
    const bars = stepped({ 61: 111 }).slice(0, 100);
    expect(bareCrossover(bars)).toEqual({ trades: 1, equityPaise: capitalPaise - 100 * 100 });
  });

  test('give a portfolio of one the trades of the single run', () => {
    const bars = minuteBars(1, 20_000);
    const alone = bareCrossover(bars);
    expect(alone.trades).toBeGreaterThan(100);
    expect(barePortfolio([bars])).toEqual({
      trades: alone.trades,
      equityPaise: alone.equityPaise - capitalPaise + portfolioCapitalPaise,
    });
  });

  test('give the sweep the sum of its single runs', () => {
    const bars = minuteBars(1, 20_000);
    const alone = bareCrossover(bars);
    const twice = bareSweep(bars, [
      { fast: 20, slow: 50 },
      { fast: 20, slow: 50 },
    ]);
    expect(twice).toEqual({ trades: alone.trades * 2, equityPaise: alone.equityPaise * 2 });
  });
});
