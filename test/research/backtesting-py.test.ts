import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import type { ClosedTrade, EquityCurve } from '../../src/domain/run-result.ts';
import { dayNumberOf, instantOf } from '../../src/domain/time.ts';
import { type Figure, numberOf } from '../../src/research/figure.ts';
import { summarise } from '../../src/research/summary.ts';
import { returnPercentOf, tradeStatistics } from '../../src/research/trade-statistics.ts';
import { noCharges, trade } from '../support/outcomes.ts';
import { testWithShared } from '../support/shared-data.ts';

interface Run {
  readonly name: string;
  readonly stats: Readonly<Record<string, number>>;
}

function rowsOf(path: string): string[][] {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => line.trim().split(','));
}

const close = (figure: Figure | undefined) => (figure ? numberOf(figure) : undefined) ?? Number.NaN;

function tradesOf(path: string): ClosedTrade[] {
  return rowsOf(path).map(
    ([size, entryBar, exitBar, entryPrice, exitPrice, , , profit, , , entry, exit], at) =>
      trade({
        id: at + 1,
        direction: Number(size) > 0 ? 'LONG' : 'SHORT',
        quantity: Math.abs(Number(size)),
        bars: Number(exitBar) - Number(entryBar),
        entryPrice: Number(entryPrice),
        exitPrice: Number(exitPrice),
        entryTime: instantOf(dayNumberOf(entry), 555),
        exitTime: instantOf(dayNumberOf(exit), 555),
        // That engine's profit is after commission and not rounded to the paisa; so is this one, to compare digit by digit.
        grossPaise: Number(profit) * 100,
        chargesPaise: 0,
      }),
  );
}

function equityOf(path: string, trades: readonly ClosedTrade[]): EquityCurve {
  const rows = rowsOf(path);
  const time = Float64Array.from(rows, ([date]) => instantOf(dayNumberOf(date), 930));
  const exposed = new Uint8Array(rows.length);
  for (const { entryTime, exitTime } of trades) {
    // It counts both the bar of the entry and the bar of the exit as time in the market.
    for (let row = 0; row < time.length; row++)
      if (time[row] >= entryTime && time[row] <= exitTime + 86_399_999) exposed[row] = 1;
  }
  return {
    time,
    equityPaise: Float64Array.from(rows, ([, equity]) => Number(equity) * 100),
    exposed,
    length: rows.length,
  };
}

describe('figures agree with backtesting.py where the definitions do', () => {
  testWithShared('expected/backtesting-py/expected.json', 'on four runs over NIFTY and RELIANCE', (path) => {
    const { runs }: { runs: Run[] } = JSON.parse(readFileSync(path, 'utf8'));
    expect(runs).toHaveLength(4);
    for (const { name, stats } of runs) {
      const folder = join(path, '..');
      const trades = tradesOf(join(folder, `${name}_trades.csv`));
      const equity = equityOf(join(folder, `${name}_equity.csv`), trades);
      const summary = summarise({
        capitalPaise: 100_000_000,
        equity,
        trades,
        charges: noCharges,
        benchmark: [],
      });
      expect(summary.trades).toBe(stats['# Trades']);
      expect(close(summary.winRatePercent)).toBeCloseTo(stats['Win Rate [%]'], 9);
      expect(close(summary.sqn)).toBeCloseTo(stats.SQN, 6);
      expect(close(summary.kellyPercent)).toBeCloseTo(stats['Kelly Criterion'] * 100, 6);
      expect(summary.returnPercent).toBeCloseTo(stats['Return [%]'], 6);
      expect(close(summary.maxDrawdownPercent)).toBeCloseTo(stats['Max. Drawdown [%]'], 6);
      expect(close(summary.averageDrawdownPercent)).toBeCloseTo(stats['Avg. Drawdown [%]'], 6);
      expect(close(summary.exposurePercent)).toBeCloseTo(stats['Exposure Time [%]'], 6);
    }
  });

  testWithShared(
    'expected/backtesting-py/expected.json',
    'its trade percentages, which stake the same on every trade',
    (path) => {
      const { runs }: { runs: Run[] } = JSON.parse(readFileSync(path, 'utf8'));
      for (const { name, stats } of runs) {
        const stakePaise = 1e12;
        const trades = rowsOf(join(path, '..', `${name}_trades.csv`)).map((row, at) =>
          trade({
            id: at + 1,
            quantity: 1,
            entryPrice: stakePaise / 100,
            grossPaise: Number(row[9]) * stakePaise,
            chargesPaise: 0,
          }),
        );
        const { profitFactor, expectancyPercent, best, worst } = tradeStatistics(trades);
        expect(close(profitFactor)).toBeCloseTo(stats['Profit Factor'], 7);
        expect(close(expectancyPercent)).toBeCloseTo(stats['Expectancy [%]'], 7);
        expect(best && returnPercentOf(best)).toBeCloseTo(stats['Best Trade [%]'], 7);
        expect(worst && returnPercentOf(worst)).toBeCloseTo(stats['Worst Trade [%]'], 7);
      }
    },
  );
});
