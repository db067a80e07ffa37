import { describe, expect, test } from '@jest/globals';
import { type CountedRequest, createLimits } from '#src/sandbox/http/limits.ts';
import { HeldClock } from '../../support/scripted-market.ts';

const caller = { userId: 'AB1234', apiKey: 'one' };
const order: CountedRequest = { caller, limit: 'order', places: true };

function limits() {
  const base = new HeldClock();
  const day = { number: 1 };
  const count = createLimits({ base, dayNumber: () => day.number });
  const passes = (request: CountedRequest): boolean => {
    try {
      count(request);
      return true;
    } catch {
      return false;
    }
  };
  /** Ten orders in each of so many seconds; answers how many passed. */
  const tenASecond = (seconds: number): number => {
    let passed = 0;
    for (let second = 0; second < seconds; second++) {
      for (let row = 0; row < 10; row++) if (passes(order)) passed++;
      base.step(1_000);
    }
    return passed;
  };
  const nextMinute = () => base.step(60_000 - (base.now() % 60_000));
  return { base, day, count, passes, tenASecond, nextMinute };
}

describe('limits', () => {
  test('candles three a second, everything else ten', () => {
    const { base, passes } = limits();
    const asked = (limit: 'historical' | 'other') =>
      Array.from({ length: 12 }, () => passes({ caller, limit, places: false })).filter(Boolean).length;
    expect(asked('historical')).toBe(3);
    expect(asked('other')).toBe(10);
    base.step(1_000);
    expect(asked('historical')).toBe(3);
  });

  test('orders are counted by account, whichever app places them, and reads by app', () => {
    const { passes } = limits();
    const other = { userId: 'AB1234', apiKey: 'two' };
    const ten = Array.from({ length: 10 }, (_, at) => passes({ ...order, caller: at % 2 ? caller : other }));
    expect(ten.every(Boolean)).toBe(true);
    expect(passes({ ...order, caller: other })).toBe(false);
    expect(passes({ caller, limit: 'quote', places: false })).toBe(true);
    expect(passes({ caller: other, limit: 'quote', places: false })).toBe(true);
  });

  test('400 orders a minute; changes of orders do not count for it', () => {
    const { count, tenASecond, nextMinute } = limits();
    nextMinute();
    expect(tenASecond(50)).toBe(400);
    expect(() => count(order)).toThrow('Maximum allowed order requests exceeded');
    expect(() => count({ ...order, places: false })).not.toThrow();
    nextMinute();
    expect(() => count(order)).not.toThrow();
  });

  test('5,000 orders a day of the sandbox, refused ones included', () => {
    const { day, count, tenASecond, nextMinute } = limits();
    let passed = 0;
    for (let minute = 0; minute < 10; minute++) {
      nextMinute();
      passed += tenASecond(50);
    }
    expect(passed).toBe(4_000);
    nextMinute();
    expect(() => count(order)).toThrow('Maximum allowed order requests exceeded');
    day.number = 2;
    expect(() => count(order)).not.toThrow();
  });
});
