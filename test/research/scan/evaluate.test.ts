import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rsi } from '../../../src/indicators/rsi.ts';
import { dayBars, holds, minuteBars, numbers } from './scanned.ts';

const { NaN: unknown } = Number;

describe('a condition', () => {
  const bars = dayBars([10, 11, 12, 11, 13]);

  test('holds, does not hold, or cannot be told', () => {
    expect(holds('close > 11', bars)).toEqual([0, 0, 1, 0, 1]);
    expect(holds('close > sma(close, 3)', bars)).toEqual([unknown, unknown, 1, 0, 1]);
  });

  test('is decided by one certain part even where another is unknown', () => {
    expect(holds('close > 100 and sma3 > 0', bars)).toEqual([0, 0, 0, 0, 0]);
    expect(holds('close > 0 or sma3 > 0', bars)).toEqual([1, 1, 1, 1, 1]);
    expect(holds('close > 0 and sma3 > 0', bars)).toEqual([unknown, unknown, 1, 1, 1]);
    expect(holds('close > 100 or sma3 > 100', bars)).toEqual([unknown, unknown, 0, 0, 0]);
    expect(holds('not sma3 > 11', bars)).toEqual([unknown, unknown, 1, 0, 0]);
  });

  test('looks back bar by bar', () => {
    expect(holds('close > close[1]', bars)).toEqual([unknown, 1, 1, 0, 1]);
    expect(numbers('count(close > 11, 3)', bars)).toEqual([unknown, unknown, 1, 1, 2]);
    expect(holds('any(close > 12, 2)', bars)).toEqual([unknown, 0, 0, 0, 1]);
    expect(holds('all(close > 10, 2)', bars)).toEqual([unknown, 0, 1, 1, 1]);
  });

  test('crosses on the bar on which the line comes to stand beyond', () => {
    expect(holds('close crosses above 11', bars)).toEqual([unknown, 0, 1, 0, 1]);
    expect(holds('close crosses below 12', bars)).toEqual([unknown, 0, 0, 1, 0]);
  });

  test('sees open interest, which is unknown where the bars have none', () => {
    expect(numbers('oi', bars)).toEqual([unknown, unknown, unknown, unknown, unknown]);
    const contract = dayBars([10, 11, 12]);
    contract.series.setOpenInterest(1, 500);
    contract.series.setOpenInterest(2, 700);
    expect(numbers('oi', contract)).toEqual([unknown, 500, 700]);
    expect(holds('oi > oi[1] and close > close[1]', contract)).toEqual([unknown, unknown, 1]);
  });

  test('does not divide by nothing', () => {
    expect(numbers('close / (close - 11)', bars)).toEqual([-10, unknown, 12, unknown, 6.5]);
  });
});

describe('figures of the day', () => {
  const bars = minuteBars([10, 12, 9, 11, 20, 25, 15, 22], 15, 4);

  test('begin anew each day', () => {
    expect(numbers('barOfDay', bars)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(numbers('dayOpen', bars)).toEqual([10, 10, 10, 10, 11, 11, 11, 11]);
    expect(numbers('openingHigh(2)', bars)).toEqual([unknown, 13, 13, 13, unknown, 26, 26, 26]);
    expect(numbers('openingLow(2)', bars)).toEqual([unknown, 9, 9, 9, unknown, 10, 10, 10]);
    expect(numbers('change', bars).slice(4)).toEqual([20, 25, 15, 22].map((close) => (close / 11 - 1) * 100));
  });

  test('VWAP begins anew too', () => {
    const [first] = numbers('vwap', bars);
    expect(first).toBeCloseTo((11 + 9 + 10) / 3, 9);
    expect(numbers('vwap', bars)[4]).toBeCloseTo((21 + 10 + 20) / 3, 9);
  });
});

describe('another timeframe', () => {
  const quarter = minuteBars([10, 12, 9, 11, 20, 25, 15, 22, 30, 31, 32, 33], 15, 4);
  const days = dayBars([11, 22, 33]);

  test('is seen at its last closed bar: today does not exist before it ends', () => {
    expect(numbers('day.close', quarter, [days])).toEqual([
      ...Array(4).fill(unknown),
      ...Array(4).fill(11),
      ...Array(4).fill(22),
    ]);
  });

  test('goes back by its own bars', () => {
    expect(numbers('day.close[1]', quarter, [days])).toEqual([
      ...Array(8).fill(unknown),
      ...Array(4).fill(11),
    ]);
    expect(numbers('day.sma(close, 2)', quarter, [days])).toEqual([
      ...Array(8).fill(unknown),
      ...Array(4).fill(16.5),
    ]);
  });

  test('may be finer than the one the scan runs on', () => {
    expect(numbers('15m.close', days, [quarter])).toEqual([11, 22, 33]);
  });
});

test('an indicator is the one that strategies use', () => {
  const closes = Array.from({ length: 60 }, (_, row) => 100 + 10 * Math.sin(row / 3) + row / 5);
  const kernel = rsi(14);
  expect(numbers('rsi14', dayBars(closes))).toEqual(closes.map((close) => kernel.next(close)));
});

test('the future never changes an answer', () => {
  const prices = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 12, maxLength: 80 });
  const conditions = fc.constantFrom(
    'rsi(close, 5) < 50 and close > ema5',
    'close crosses above sma5',
    'any(close > highest(high, 4)[1], 3)',
    'supertrend(3, 2).direction == 1 or gap > 1',
    'bollinger(close, 5, 2).percentB < 0.2',
  );
  fc.assert(
    fc.property(prices, conditions, fc.nat(), (closes, where, cut) => {
      const length = 1 + (cut % closes.length);
      expect(holds(where, dayBars(closes)).slice(0, length)).toEqual(
        holds(where, dayBars(closes.slice(0, length))),
      );
    }),
    { numRuns: 200 },
  );
});
