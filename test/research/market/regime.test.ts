import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../../src/domain/bar-series.ts';
import { dayNumberOf, istDayNumber, startOfDay } from '../../../src/domain/time.ts';
import { percentiles } from '../../../src/research/market/percentile.ts';
import {
  realisedVolatility,
  regimeBefore,
  regimeLabels,
  regimesOf,
} from '../../../src/research/market/regime.ts';
import { testWithShared } from '../../support/shared-data.ts';

/** Day bars that open at the close before and reach half the day's move beyond it. */
function daysOf(closes: readonly number[]): BarSeries {
  const bars = new BarSeries('TEST:INDEX', 'day');
  closes.forEach((close, row) => {
    const open = row > 0 ? closes[row - 1] : close;
    const reach = Math.abs(close - open) / 2 + 0.01;
    bars.append(
      startOfDay(20_000 + row),
      open,
      Math.max(open, close) + reach,
      Math.min(open, close) - reach,
      close,
      0,
    );
  });
  return bars;
}

/** Closes that move by `percent` a day, with a swing on top that changes sides every day. */
function walk(
  from: number,
  days: number,
  { percent, swing }: { readonly percent: number; readonly swing: number },
): number[] {
  const closes: number[] = [];
  let level = from;
  for (let day = 0; day < days; day++) {
    level *= 1 + percent / 100;
    closes.push(level * (1 + (day % 2 === 0 ? swing : -swing) / 100));
  }
  return closes;
}

describe('the regime of an index', () => {
  test('a steady rise is an uptrend and a steady fall a downtrend, once 200 days are known', () => {
    const rise = regimesOf(daysOf(walk(10_000, 320, { percent: 0.4, swing: 0.1 })));
    const fall = regimesOf(daysOf(walk(10_000, 320, { percent: -0.4, swing: 0.1 })));
    expect(rise.findIndex(({ trend }) => trend !== undefined)).toBe(199);
    expect(new Set(rise.slice(199).map(({ trend }) => trend))).toEqual(new Set(['up']));
    expect(new Set(fall.slice(199).map(({ trend }) => trend))).toEqual(new Set(['down']));
  });

  test('waves of a week go nowhere', () => {
    const waves = Array.from(
      { length: 320 },
      (_, day) => 10_000 * (1 + 0.01 * Math.sin((day * Math.PI) / 3)),
    );
    const trends = regimesOf(daysOf(waves)).map(({ trend }) => trend);
    expect(new Set(trends.slice(199))).toEqual(new Set(['sideways']));
  });

  test('swings that grow are volatile and swings that fade are calm, among those of the year', () => {
    const growing = walk(10_000, 320, { percent: 0.1, swing: 0.2 }).map((close, day) =>
      day < 290 ? close : close * (day % 2 === 0 ? 1.02 : 0.98),
    );
    const fading = walk(10_000, 320, { percent: 0.1, swing: 1 }).map((close, day) =>
      day < 290 ? close : 10_000 * 1.001 ** day,
    );
    expect(regimesOf(daysOf(growing)).at(-1)).toMatchObject({
      volatility: 'volatile',
      volatilityPercentile: expect.any(Number),
    });
    expect(regimesOf(daysOf(fading)).at(-1)).toMatchObject({ volatility: 'calm' });
    // 20 returns, and half a year of their deviations.
    expect(regimesOf(daysOf(growing)).findIndex(({ volatility }) => volatility !== undefined)).toBe(145);
  });

  test('a label never depends on what came later', () => {
    const closes = [
      ...walk(10_000, 260, { percent: 0.3, swing: 0.4 }),
      ...walk(9_000, 60, { percent: -0.5, swing: 1 }),
    ];
    const whole = regimesOf(daysOf(closes));
    const cut = regimesOf(daysOf(closes.slice(0, 260)));
    expect(cut).toEqual(whole.slice(0, 260));
    expect(new Set(whole.map(({ label }) => label)).size).toBeGreaterThan(2);
  });

  test('a trade belongs to the regime of the last close before its day', () => {
    const days = regimesOf(daysOf(walk(10_000, 5, { percent: 1, swing: 0 })));
    expect(regimeBefore(days, 20_000)).toBeUndefined();
    expect(regimeBefore(days, 20_001)?.dayNumber).toBe(20_000);
    expect(regimeBefore(days, 20_900)?.dayNumber).toBe(20_004);
    expect(regimesOf(new BarSeries('TEST:INDEX', 'day'))).toEqual([]);
  });

  test('realised volatility is the deviation of daily returns times the root of 252', () => {
    // Returns of ±1 % in turn deviate by 0.01 times the root of 20/19.
    const closes = Array.from({ length: 21 }, (_, day) => 100 * Math.exp(day % 2 === 0 ? 0 : 0.01));
    const volatility = realisedVolatility(daysOf(closes));
    expect(volatility.slice(0, 20).every(Number.isNaN)).toBe(true);
    expect(volatility[20]).toBeCloseTo(100 * 0.01 * Math.sqrt((252 * 20) / 19), 10);
  });

  testWithShared(
    'daily/nifty50_index_yahoo_2007-09_2024-12.csv.gz',
    'NIFTY knew every regime from 2008 to 2024, and the crash of March 2020 was down and volatile',
    (path) => {
      const days = regimesOf(niftyOf(path));
      const known = days.filter(({ label }) => label !== 'unknown');
      const shares = regimeLabels.slice(0, -1).map((label) => {
        const there = known.filter((day) => day.label === label);
        return `${label} ${((100 * there.length) / known.length).toFixed(1)}`;
      });
      expect(shares).toEqual([
        'up calm 17.3',
        'up normal 14.4',
        'up volatile 3.2',
        'sideways calm 11.7',
        'sideways normal 29.3',
        'sideways volatile 15.4',
        'down calm 1.3',
        'down normal 2.5',
        'down volatile 4.9',
      ]);
      expect(regimeBefore(days, dayNumberOf('2020-03-24'))).toMatchObject({ label: 'down volatile' });
    },
  );
});

describe('the place of a value among those of a year', () => {
  test('counts the other values that are lower, and waits until there are enough', () => {
    const window = { values: 4, least: 3 };
    const places = percentiles(Float64Array.of(1, 3, 2, Number.NaN, 9, 0, 0), window);
    expect([...places]).toEqual([Number.NaN, Number.NaN, 50, Number.NaN, 100, 0, 0]);
  });
});

function niftyOf(path: string): BarSeries {
  const bars = new BarSeries('NSE:NIFTY 50', 'day');
  const rows = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1);
  for (const row of rows) {
    const [date, close, high, low, open] = row.split(',');
    const time = startOfDay(dayNumberOf(date));
    if (
      Number(close) > 0 &&
      (bars.length === 0 || istDayNumber(time) > istDayNumber(bars.time[bars.length - 1]))
    )
      bars.append(time, Number(open), Number(high), Number(low), Number(close), 0);
  }
  return bars;
}
