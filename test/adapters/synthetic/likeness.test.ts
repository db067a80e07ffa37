import { describe, expect, test } from '@jest/globals';
import { generateMarket } from '../../../src/adapters/synthetic/generate-market.ts';
import { measureLikeness } from '../../../src/adapters/synthetic/likeness.ts';
import { defaultConfig } from '../../../src/config/schema.ts';
import { cashTicks, weekdayCalendar } from './weekday-calendar.ts';

describe('the default market resembles NSE', () => {
  const [index, ...stocks] = [
    ...generateMarket({ ...defaultConfig().synthetic, calendar: weekdayCalendar, contracts: cashTicks }),
  ];
  const likeness = new Map(
    measureLikeness(
      index.series,
      stocks.map(({ series }) => series),
    ).map(({ measure, measured }) => [measure, measured]),
  );

  // One year of a real market strays too, so each range is wider than the mean it was calibrated to.
  test.each([
    ['index: volatility, % a year', 9, 21],
    ['index: excess kurtosis of minutes', 8, 20],
    ['index: autocorrelation of |minute return|, 1 bar', 0.2, 0.32],
    ['index: autocorrelation of |minute return|, 5 bars', 0.15, 0.26],
    ['index: autocorrelation of |minute return|, 30 bars', 0.12, 0.22],
    ['index: first 15 minutes against the middle, moves', 2.2, 2.7],
    ['index: overnight share of variance', 0.25, 0.42],
    ['stocks: volatility, % a year', 26, 36],
    ['stocks: excess kurtosis of minutes', 3, 18],
    ['stocks: first 15 minutes against the middle, moves', 2.5, 3.1],
    ['stocks: first 15 minutes against the middle, volume', 3.5, 4.4],
    ['stocks: overnight share of variance', 0.12, 0.24],
    ['stocks: correlation of minutes with the index', 0.3, 0.45],
    ['stocks: share of minutes without a move', 0.03, 0.2],
  ])('%s lies between %d and %d', (measure, least, most) => {
    expect(likeness.get(measure)).toBeGreaterThanOrEqual(least);
    expect(likeness.get(measure)).toBeLessThanOrEqual(most);
  });
});
