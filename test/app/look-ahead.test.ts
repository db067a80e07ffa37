import { describe, expect, test } from '@jest/globals';
import { lookAhead } from '../../src/app/look-ahead.ts';
import { defineStrategy } from '../../src/strategy/index.ts';
import ema20_50 from '../../strategies/ema20_50.ts';
import openingRangeBreakout from '../../strategies/opening_range_breakout.ts';
import rsiPullback from '../../strategies/rsi_pullback.ts';
import { rulebook } from '../support/tape.ts';

describe('look-ahead', () => {
  test.each([ema20_50, openingRangeBreakout, rsiPullback])(
    '$name orders the same whatever comes later',
    (strategy) => {
      const { orders, fault } = lookAhead(strategy, rulebook);
      expect(fault).toBeUndefined();
      expect(orders).toBeGreaterThan(5);
    },
  );

  test('a strategy that remembers the prices of an earlier run is found', () => {
    const remembered: number[] = [];
    const seer = defineStrategy({
      name: 'seer',
      about: 'Buys when the next close is known to be higher.',
      timeframe: '15m',
      setup: () => ({
        onBar({ bar, position, buy, exit }) {
          const next = remembered[bar.index + 1];
          if (position.flat && next > bar.close) buy();
          if (position.long && next < bar.close) exit();
          remembered[bar.index] = bar.close;
        },
      }),
    });
    expect(lookAhead(seer, rulebook).fault).toMatch(
      /^with the bars after .* left out, order 1 is BUY \d+ \(entry\) at .* instead of none$/,
    );
  });

  test('a strategy that counts its runs is found', () => {
    let runs = 0;
    const counting = defineStrategy({
      name: 'counting',
      about: 'Sells every other run.',
      timeframe: '15m',
      setup() {
        runs += 1;
        const enough = runs % 2 === 0;
        return {
          onBar({ bar, buy }) {
            if (bar.index === 3 && !enough) buy();
          },
        };
      },
    });
    expect(lookAhead(counting, rulebook).fault).toMatch(/order 1 is missing instead of BUY/);
  });
});
