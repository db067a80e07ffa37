import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { meanRange } from '../../src/engine/mean-range.ts';
import type { SizingRequest } from '../../src/engine/ports.ts';
import {
  fixedLots,
  fixedQuantity,
  fixedRupees,
  percentOfEquity,
  riskPerTrade,
  smallerInDrawdown,
  volatilityTarget,
} from '../../src/engine/sizing.ts';
import { share } from '../support/india.ts';
import { play } from '../support/tape.ts';

const request = (more: Partial<SizingRequest> = {}): SizingRequest => ({
  instrument: share,
  price: 100,
  stopDistance: Number.NaN,
  lotSize: 1,
  equityPaise: 100_000_00,
  peakEquityPaise: 100_000_00,
  meanRange: () => Number.NaN,
  charges: () => 0,
  ...more,
});

describe('sizing', () => {
  test('a fixed quantity is what it says, lots are lots of the contract', () => {
    expect(fixedQuantity(7).quantity(request())).toBe(7);
    expect(fixedLots(2).quantity(request({ lotSize: 65 }))).toBe(130);
  });

  test('percent of equity buys whole units with their charges', () => {
    const tenth = percentOfEquity(10);
    expect(tenth.quantity(request())).toBe(100);
    expect(tenth.quantity(request({ price: 101 }))).toBe(99);
    expect(tenth.quantity(request({ charges: () => 1 }))).toBe(99); // one paisa too much for the hundredth
    expect(tenth.quantity(request({ charges: (quantity) => quantity * 1_000 }))).toBe(90);
  });

  test('rupees buy the same amount whatever the account is worth, or nothing and say why', () => {
    const three = fixedRupees(3_000);
    expect(three.quantity(request())).toBe(30);
    expect(three.quantity(request({ equityPaise: 1, charges: () => 1 }))).toBe(29);
    const dear = request({ price: 3_000.05 });
    expect(three.quantity(dear)).toBe(0);
    expect(three.whyNothing(dear)).toBe('₹3,000.00 do not buy one unit of NSE:INFY at 3000.05 (₹3,000.05).');
  });

  test('percent of equity buys whole lots, or nothing and says why', () => {
    const tenth = percentOfEquity(10);
    expect(tenth.quantity(request({ lotSize: 30 }))).toBe(90);
    const small = request({ lotSize: 101 });
    expect(tenth.quantity(small)).toBe(0);
    expect(tenth.whyNothing(small)).toBe(
      '10 % of ₹1,00,000.00 does not buy a lot of 101 of NSE:INFY at 100 (₹10,100.00).',
    );
  });

  test('risk per trade divides the risk by the way to the stop', () => {
    const one = riskPerTrade(1);
    expect(one.quantity(request({ stopDistance: 2 }))).toBe(500);
    expect(one.quantity(request({ stopDistance: 3, lotSize: 50 }))).toBe(300);
    expect(one.quantity(request({ stopDistance: 0.1 }))).toBe(10_000); // noise of 0.1 does not lose a unit
  });

  test('risk per trade without a stop has no size and says so', () => {
    const one = riskPerTrade(1);
    expect(one.quantity(request())).toBe(0);
    expect(one.whyNothing(request())).toBe(
      'risk-per-trade sizing needs a stopLoss, and the entry in NSE:INFY has none.',
    );
    expect(one.whyNothing(request({ stopDistance: 2_000 }))).toBe(
      '1 % of ₹1,00,000.00 at risk over 2000.00 a unit is less than one unit of NSE:INFY.',
    );
  });

  test('a volatility target gives each mean range the same cost', () => {
    const half = volatilityTarget(0.5, 20);
    expect(half.quantity(request({ meanRange: () => 2 }))).toBe(250);
    expect(half.quantity(request({ meanRange: () => 4, lotSize: 50 }))).toBe(100);
    expect(half.quantity(request())).toBe(0);
    expect(half.whyNothing(request())).toBe(
      'volatility sizing needs 21 bars of NSE:INFY, and fewer have closed or they did not move.',
    );
    expect(half.whyNothing(request({ meanRange: () => 1_000 }))).toBe(
      '0.5 % of ₹1,00,000.00 over a mean range of 1000.00 is less than one unit of NSE:INFY.',
    );
  });

  test('in a drawdown entries shrink evenly from whole to nothing', () => {
    const rule = smallerInDrawdown(fixedLots(4), 10, 20);
    const below = (percent: number) => request({ lotSize: 25, equityPaise: 100_000_00 - percent * 1_000_00 });
    expect([0, 10, 12.5, 15, 17.5, 20, 30].map((percent) => rule.quantity(below(percent)))).toEqual([
      100, 100, 75, 50, 25, 0, 0,
    ]);
    expect(rule.whyNothing(below(19))).toBe(
      '10 % of 100 units of NSE:INFY is what the drawdown leaves (sizing.drawdownFromPercent, sizing.drawdownToPercent).',
    );
    expect(rule.needsPeak).toBe(true);
  });

  test('the mean range is that of the newest closed bars, gaps included', () => {
    const series = new BarSeries('NSE:INFY', 'day');
    for (const [at, high, low, close] of [
      [0, 101, 99, 100],
      [1, 103, 101, 102], // opened above the close before: 3
      [2, 103, 98, 99], // 5
    ])
      series.append(at * 86_400_000, close, high, low, close, 1);
    expect(meanRange({ series, row: 2 }, 2)).toBe(4);
    expect(meanRange({ series, row: 1 }, 1)).toBe(3);
    expect(meanRange({ series, row: 1 }, 2)).toBeNaN();
  });

  test('a run keeps the peak for a rule that needs it', () => {
    const { orders } = play({
      ...{
        bars: [
          [100, 101, 99, 100],
          [100, 101, 99, 100],
          [90, 90, 90, 90],
          [90, 90, 90, 90],
        ],
        capital: 10_000,
      },
      sizing: smallerInDrawdown(fixedQuantity(50), 0, 10),
      deeds: { 0: ({ buy }) => buy(), 2: ({ buy }) => buy({ add: true }) },
    });
    expect(orders.filter(({ role }) => role === 'entry').map(({ quantity }) => quantity)).toEqual([50, 25]);
  });
});
