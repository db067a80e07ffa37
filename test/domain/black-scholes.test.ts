import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  callOnForward,
  impliedVolatility,
  normalCdf,
  type OptionTerms,
  optionGreeks,
  optionPrice,
} from '../../src/domain/black-scholes.ts';
import { exactExp, exactLog } from '../../src/domain/exact-math.ts';
import '../support/india.ts';
import { testWithShared } from '../support/shared-data.ts';

describe('exponential and logarithm of our own', () => {
  test('agree with the engine to the last digits over the whole range', () => {
    for (let x = -700; x <= 700; x += 1.37)
      expect(Math.abs(exactExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
    for (const x of [1e-300, 3e-9, 0.5, 0.74, 1.0001, 1.5, 2, 10, 26_012.55, 1e300])
      expect(Math.abs(exactLog(x) - Math.log(x))).toBeLessThanOrEqual(
        1e-15 * Math.max(1, Math.abs(Math.log(x))),
      );
  });

  test('have their limits', () => {
    expect([exactExp(0), exactExp(-800), exactExp(800), exactExp(Number.NaN)]).toEqual([
      1,
      0,
      Infinity,
      Number.NaN,
    ]);
    expect([exactLog(1), exactLog(0), exactLog(-1), exactLog(Infinity)]).toEqual([
      0,
      -Infinity,
      Number.NaN,
      Infinity,
    ]);
  });
});

describe('the normal distribution', () => {
  // Mathematica's N[CDF[NormalDistribution[], x], 20], as in the tables of Abramowitz and Stegun 26.1.
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.96, 0.9750021048517795],
    [-2.5, 0.00620966532577613],
    [-5, 2.866515718791939e-7],
    [4, 0.99996832875816688],
  ])('of %d is %d', (x, expected) => {
    expect(Math.abs(normalCdf(x) - expected)).toBeLessThan(1e-14);
  });

  test('keeps its digits in the tails', () => {
    expect(Math.abs(normalCdf(-10) / 7.619853024160525e-24 - 1)).toBeLessThan(1e-8);
    expect(Math.abs(normalCdf(-7) / 1.279812543885835e-12 - 1)).toBeLessThan(1e-8);
    expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1]);
  });

  test('rises, and its two sides add up to one', () => {
    for (let x = -9; x < 9; x += 0.013) {
      expect(normalCdf(x + 0.013)).toBeGreaterThanOrEqual(normalCdf(x));
      expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(1e-15);
    }
  });
});

describe('an option', () => {
  // Hull, Options, Futures, and Other Derivatives, example 15.6: six months, 42 against 40.
  const hull: OptionTerms = { kind: 'CE', spot: 42, strike: 40, years: 0.5, rate: 0.1, volatility: 0.2 };

  test('of Hull costs 4.76 as a call and 0.81 as a put', () => {
    expect(optionPrice(hull)).toBeCloseTo(4.759422, 6);
    expect(optionPrice({ ...hull, kind: 'PE' })).toBeCloseTo(0.808599, 6);
  });

  // Hull, chapter 19: 49 against 50, 20 weeks, 5 %, 20 %.
  test('of Hull has these sensitivities', () => {
    const greeks = optionGreeks({
      kind: 'CE',
      spot: 49,
      strike: 50,
      years: 0.3846,
      rate: 0.05,
      volatility: 0.2,
    });
    expect(greeks.delta).toBeCloseTo(0.522, 3);
    expect(greeks.gamma).toBeCloseTo(0.066, 3);
    expect(greeks.vega).toBeCloseTo(12.1, 1);
    expect(greeks.theta).toBeCloseTo(-4.31, 2);
    expect(greeks.rho).toBeCloseTo(8.91, 2);
  });

  test('at expiry is worth what it would pay', () => {
    const over = { ...hull, years: 0 };
    expect([optionPrice(over), optionPrice({ ...over, kind: 'PE' })]).toEqual([2, 0]);
    expect(optionGreeks(over)).toEqual({ delta: 1, gamma: 0, vega: 0, theta: 0, rho: 0 });
    expect(callOnForward(42, 40, 0)).toBe(2);
  });

  test('has no implied volatility at a price that no volatility gives', () => {
    expect(impliedVolatility(1, hull)).toBeNaN();
    expect(impliedVolatility(42, hull)).toBeNaN();
    expect(impliedVolatility(3, { ...hull, years: 0 })).toBeNaN();
  });

  const market = fc.record({
    spot: fc.double({ min: 50, max: 50_000, noNaN: true }),
    moneyness: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
    years: fc.double({ min: 1 / 365, max: 2, noNaN: true }),
    rate: fc.double({ min: 0, max: 0.12, noNaN: true }),
    volatility: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
  });
  const termsOf = (one: {
    spot: number;
    moneyness: number;
    years: number;
    rate: number;
    volatility: number;
  }) => ({
    ...one,
    strike: one.spot * one.moneyness,
  });

  test('keeps put-call parity and the bounds without arbitrage', () => {
    fc.assert(
      fc.property(market, (one) => {
        const terms = termsOf(one);
        const call = optionPrice({ ...terms, kind: 'CE' });
        const put = optionPrice({ ...terms, kind: 'PE' });
        const owed = terms.strike * Math.exp(-terms.rate * terms.years);
        expect(Math.abs(call - put - (terms.spot - owed))).toBeLessThan(1e-10 * terms.spot);
        expect(call).toBeGreaterThanOrEqual(Math.max(0, terms.spot - owed) - 1e-10 * terms.spot);
        expect(call).toBeLessThan(terms.spot);
        expect(put).toBeLessThan(owed);
      }),
    );
  });

  test('gives back the volatility that it was priced with', () => {
    fc.assert(
      fc.property(market, fc.constantFrom('CE' as const, 'PE' as const), (one, kind) => {
        const terms = { ...termsOf(one), kind };
        // Where a whole point of volatility is worth less than a millionth of the strike, the price has forgotten it.
        fc.pre(optionGreeks(terms).vega > 1e-4 * terms.strike);
        expect(Math.abs(impliedVolatility(optionPrice(terms), terms) - terms.volatility)).toBeLessThan(1e-7);
      }),
    );
  });

  test('has the slopes that its greeks say', () => {
    fc.assert(
      fc.property(market, fc.constantFrom('CE' as const, 'PE' as const), (one, kind) => {
        const terms = { ...termsOf(one), kind };
        const { delta, gamma, vega, theta, rho } = optionGreeks(terms);
        const slope = (key: 'spot' | 'volatility' | 'rate' | 'years', step: number) =>
          (optionPrice({ ...terms, [key]: terms[key] + step }) -
            optionPrice({ ...terms, [key]: terms[key] - step })) /
          (2 * step);
        const near = (measured: number, told: number, unit: number) =>
          expect(Math.abs(measured - told)).toBeLessThan(1e-4 * unit);
        near(slope('spot', terms.spot * 1e-5), delta, 1);
        near(slope('volatility', 1e-5), vega, terms.spot);
        near(slope('rate', 1e-6), rho, terms.spot);
        near(slope('years', terms.years * 1e-5), -theta, terms.spot * Math.max(1, -theta / terms.spot));
        expect(gamma).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

interface Published {
  readonly values: readonly {
    type: 'call' | 'put';
    strike: number;
    spot: number;
    q: number;
    r: number;
    t: number;
    vol: number;
    value: number;
    tol: number;
  }[];
}

testWithShared('expected/black-scholes/quantlib_european_values.json', 'QuantLib and Haug agree', (path) => {
  const { values }: Published = JSON.parse(readFileSync(path, 'utf8'));
  expect(values.length).toBeGreaterThan(20);
  for (const { type, strike, spot, q, r, t, vol, value, tol } of values) {
    const kind = type === 'call' ? 'CE' : 'PE';
    const price = optionPrice({ kind, strike, spot, yield: q, rate: r, years: t, volatility: vol });
    expect(Math.abs(price - value)).toBeLessThanOrEqual(tol);
  }
});

testWithShared(
  'expected/black-scholes/py_vollib_table.json',
  'py_vollib agrees in price and greeks',
  (path) => {
    const { columns, data }: { columns: string[]; data: number[][] } = JSON.parse(readFileSync(path, 'utf8'));
    expect(data.length).toBeGreaterThan(50);
    for (const row of data) {
      const [spot, strike, rate, years, volatility] = row;
      const told = (name: string) => row[columns.indexOf(name)];
      for (const [kind, prefix, price] of [
        ['CE', 'C', 'bs_call'],
        ['PE', 'P', 'bs_put'],
      ] as const) {
        const terms = { kind, spot, strike, rate, years, volatility };
        expect(Math.abs(optionPrice(terms) - told(price))).toBeLessThan(1e-6);
        const greeks = optionGreeks(terms);
        const near = (value: number, name: string) =>
          expect(Math.abs(value - told(`${prefix}${name}`))).toBeLessThan(
            1e-5 * Math.max(1, Math.abs(value)),
          );
        near(greeks.delta, 'D');
        near(greeks.gamma, 'G');
        near(greeks.vega, 'V');
        near(greeks.theta, 'T');
        near(greeks.rho, 'R');
      }
    }
  },
);
