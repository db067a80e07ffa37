import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from '@jest/globals';
import { fallsOf } from '../../src/research/drawdown.ts';
import { annualReturn, annualVolatility, sharpeRatio, sortinoRatio } from '../../src/research/returns.ts';
import { sharedPath, testWithShared } from '../support/shared-data.ts';

interface Expected {
  readonly n: number;
  readonly cum_returns_final: number;
  readonly annual_return: number;
  readonly annual_volatility: number;
  readonly sharpe: number;
  readonly sortino: number;
  readonly calmar: number;
  readonly max_drawdown: number;
}

describe('figures agree with empyrical on the closes of NIFTY 50', () => {
  testWithShared('expected/metrics_nifty_by_empyrical.json', 'to nine decimals in every period', (path) => {
    const { periods }: { periods: Record<string, Expected> } = JSON.parse(readFileSync(path, 'utf8'));
    const daily = sharedPath('daily/nifty50_index_yahoo_2007-09_2024-12.csv.gz') ?? '';
    const rows = gunzipSync(readFileSync(daily)).toString().trim().split('\n').slice(1);
    const closes = rows.map((row) => ({ date: row.slice(0, 10), close: Number(row.split(',')[1]) }));
    expect(Object.keys(periods)).toHaveLength(4);

    for (const [span, expected] of Object.entries(periods)) {
      const [from, to] = span.split('..');
      const first = closes.findIndex(({ date }) => date >= from);
      // The first return is from the last close before the period.
      const base = closes[first - 1].close;
      const values = Float64Array.from(
        closes.filter(({ date }) => date >= from && date <= to),
        ({ close }) => close,
      );
      const returns = values.map((close, at) => close / (at > 0 ? values[at - 1] : base) - 1);
      const growth = annualReturn(returns, 252);
      const depth = fallsOf(values, values.length, base).deepest?.depth ?? 0;
      expect(values).toHaveLength(expected.n);
      expect(values[values.length - 1] / base - 1).toBeCloseTo(expected.cum_returns_final, 9);
      expect(growth).toBeCloseTo(expected.annual_return, 9);
      expect(annualVolatility(returns, 252)).toBeCloseTo(expected.annual_volatility, 9);
      expect(sharpeRatio(returns, 252, 0)).toBeCloseTo(expected.sharpe, 9);
      expect(sortinoRatio(returns, 252, 0)).toBeCloseTo(expected.sortino, 9);
      expect(-depth).toBeCloseTo(expected.max_drawdown, 9);
      expect(growth / depth).toBeCloseTo(expected.calmar, 9);
    }
  });
});
