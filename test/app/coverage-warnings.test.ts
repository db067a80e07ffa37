import { describe, expect, test } from '@jest/globals';
import { coverageWarnings } from '../../src/app/coverage-warnings.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { TradingCalendar } from '../../src/domain/rulebook.ts';
import { dayMs, startOfDay } from '../../src/domain/time.ts';

const instrument: Instrument = {
  key: 'TEST:X',
  exchange: 'TEST',
  tradingsymbol: 'X',
  kind: 'EQ',
  rules: 'none',
  tickSize: 0,
  lotSize: 1,
};
const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
// Nobody asks it: the market has no calendar.
const calendar = {} as TradingCalendar;

function daysAt(...closes: number[]): BarSeries {
  const bars = new BarSeries('TEST:X', 'day', closes.length);
  closes.forEach((price, day) => {
    bars.append(startOfDay(19_000) + day * dayMs, price, price, price, price, 1_000);
  });
  return bars;
}

const warningsOf = (bars: BarSeries) => coverageWarnings(instrument, bars, always, calendar);

describe('before a run, prices', () => {
  test('that halve overnight and stay there are named as an unrecorded split', () => {
    expect(warningsOf(daysAt(100, 100, 50, 51))).toEqual([
      'TEST:X jumps from 100 to 50 on 2022-01-10, like a split or bonus that its prices are not adjusted for; ' +
        'record it with algo data actions import.',
    ]);
    expect(warningsOf(daysAt(100, 50, 51, 25, 25))[0]).toContain(
      'on 2022-01-09, and 1 more such, like a split',
    );
  });

  test('that fall by a fifth, or come back the next day, are a market', () => {
    expect(warningsOf(daysAt(100, 80, 78))).toEqual([]);
    expect(warningsOf(daysAt(100, 50, 100))).toEqual([]);
  });

  test('of an option may do as they like', () => {
    const option: Instrument = { ...instrument, kind: 'CE' };
    expect(coverageWarnings(option, daysAt(100, 50, 51), always, calendar)).toEqual([]);
  });
});
