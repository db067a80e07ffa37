import { expect, test } from '@jest/globals';
import { allowedAt, isAllowed } from '../../../src/research/market/allowed-regimes.ts';
import type { RegimeDay, Trend, Volatility } from '../../../src/research/market/regime.ts';

const day = (trend: Trend | undefined, volatility: Volatility | undefined, dayNumber = 0): RegimeDay => ({
  ...{ dayNumber, trend, volatility, label: trend && volatility ? `${trend} ${volatility}` : 'unknown' },
  ...{ close: 1, emaFast: 1, emaSlow: 1, adx: 1, realisedVolatility: 1, volatilityPercentile: 1 },
});

test.each([
  [day('up', 'calm'), ['up'], true],
  [day('up', 'calm'), ['calm'], true],
  [day('up', 'calm'), ['up calm'], true],
  [day('up', 'calm'), ['down', 'up volatile'], false],
  [day('up', undefined), ['up'], true],
  [day('up', undefined), ['up calm'], undefined],
  [day('up', undefined), ['down calm'], false],
  [day(undefined, 'calm'), ['up'], undefined],
  [day(undefined, undefined), ['up'], undefined],
])('%j among %j is %p', (regime, wanted, allowed) => {
  expect(isAllowed(regime, wanted)).toBe(allowed);
});

test('an instant sees the newest day of the index that had closed', () => {
  const days = [day('up', 'calm', 1), day('down', 'calm', 2)];
  const closes = Float64Array.of(100, 200);
  const seen = allowedAt(Float64Array.of(99, 100, 150, 200, 250), days, { closes, wanted: ['up'] });
  expect([...seen]).toEqual([Number.NaN, 1, 1, 0, 0]);
});
