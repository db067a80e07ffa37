import { describe, expect, test } from '@jest/globals';
import type { SizingRequest } from '../../src/engine/ports.ts';
import {
  fixedLots,
  fixedQuantity,
  fixedRupees,
  percentOfEquity,
  riskPerTrade,
} from '../../src/engine/sizing.ts';
import { share } from '../support/india.ts';

const request = (more: Partial<SizingRequest> = {}): SizingRequest => ({
  instrument: share,
  price: 100,
  stopDistance: Number.NaN,
  lotSize: 1,
  equityPaise: 100_000_00,
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
});
