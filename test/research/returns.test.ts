import { describe, expect, test } from '@jest/globals';
import {
  annualReturn,
  annualVolatility,
  deviation,
  mean,
  sharpeRatio,
  sortinoRatio,
} from '../../src/research/returns.ts';

const returns = Float64Array.of(0.1, -0.05, 0.02, -0.01);

describe('statistics of returns', () => {
  test('the annual return compounds to a year: four quarters are taken as they are', () => {
    expect(annualReturn(returns, 4)).toBeCloseTo(1.1 * 0.95 * 1.02 * 0.99 - 1, 12);
  });

  test('two years of returns take the square root of the growth', () => {
    expect(annualReturn(Float64Array.of(0.21, 0), 1)).toBeCloseTo(0.1, 12);
  });

  test('volatility is the sample deviation times the root of the periods', () => {
    // Mean 0.015; squares 0.007225 + 0.004225 + 0.000025 + 0.000625 = 0.0121; over 3.
    expect(annualVolatility(returns, 4)).toBeCloseTo(Math.sqrt(0.0121 / 3) * 2, 12);
  });

  test('Sharpe is the mean above the risk-free return over the deviation', () => {
    expect(sharpeRatio(returns, 4, 0)).toBeCloseTo((0.015 / Math.sqrt(0.0121 / 3)) * 2, 12);
    expect(sharpeRatio(returns, 4, 0.005)).toBeCloseTo((0.01 / Math.sqrt(0.0121 / 3)) * 2, 12);
  });

  test('Sortino counts shortfalls over all periods, the good ones as zero', () => {
    // Squares of the losses 0.0025 + 0.0001 = 0.0026 over four periods.
    expect(sortinoRatio(returns, 4, 0)).toBeCloseTo((0.015 / Math.sqrt(0.0026 / 4)) * 2, 12);
  });

  test('constant growth has no Sharpe, and a line without a loss no Sortino', () => {
    const constant = new Float64Array(40).fill(0.001);
    expect(sharpeRatio(constant, 252, 0)).toBeNaN();
    expect(sortinoRatio(constant, 252, 0)).toBeNaN();
  });

  test('a total loss has no annual return', () => {
    expect(annualReturn(Float64Array.of(0.1, -1), 252)).toBeNaN();
  });

  test('nothing has no mean, and one value no deviation', () => {
    expect(mean([])).toBeNaN();
    expect(deviation([1], 1)).toBeNaN();
  });
});
