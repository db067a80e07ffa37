import { describe, expect, test } from '@jest/globals';
import type { BarSeries } from '../../src/domain/bar-series.ts';
import { closeOfBar, resample } from '../../src/domain/resample.ts';
import { istDayNumber, istMinuteOfDay } from '../../src/domain/time.ts';
import { timeframeMs } from '../../src/domain/timeframe.ts';
import type { Strategy, Timeframe } from '../../src/strategy/index.ts';
import ema20_50Intraday from '../../strategies/ema20_50_intraday.ts';
import equityIntradaySimple from '../../strategies/equity_intraday_simple.ts';
import gapFade from '../../strategies/gap_fade.ts';
import htfTrend from '../../strategies/htf_trend.ts';
import meanReversionIntraday from '../../strategies/mean_reversion_intraday.ts';
import supertrend from '../../strategies/supertrend.ts';
import trendStrategy from '../../strategies/trend_strategy.ts';
import volRegime from '../../strategies/vol_regime.ts';
import vwapFilter from '../../strategies/vwap_filter.ts';
import {
  column,
  deviationOf,
  emaOf,
  highestOf,
  lowestOf,
  smaOf,
  trendOf,
  typicalOf,
} from '../indicators/plain-formulas.ts';
import { runShipped, storedTape } from '../support/shipped.ts';
import { rulebook } from '../support/tape.ts';

/** A run, and on which rows it decided to enter and to leave. */
function watched(strategy: Strategy, timeframe: Timeframe = strategy.timeframe) {
  const tape = storedTape(timeframe);
  const run = runShipped(strategy, tape);
  const decided = (role: string) =>
    run.orders
      .filter((order) => order.role === role)
      .map(({ time, side }) => ({
        row: run.series.rowAt(time) - 1,
        long: (side === 'BUY') === (role === 'entry'),
      }));
  const { instrument } = tape;
  return {
    ...run,
    instrument,
    close: column(run.series, 'close'),
    entries: decided('entry'),
    exits: decided('signal'),
  };
}

/** Crossed with this row: 1 up, −1 down, 0 neither. */
function crossed(line: readonly number[], level: readonly number[], row: number): number {
  if (line[row - 1] <= level[row - 1] && line[row] > level[row]) return 1;
  return line[row - 1] >= level[row - 1] && line[row] < level[row] ? -1 : 0;
}

/** Session VWAP, and the row on which each bar's day began. */
function sessionLines(series: BarSeries): { fair: number[]; dawn: number[] } {
  const typical = typicalOf(series);
  const dawn: number[] = [];
  const fair: number[] = [];
  let [value, volume] = [0, 0];
  for (let row = 0; row < series.length; row++) {
    const first = row === 0 || istDayNumber(series.time[row]) !== istDayNumber(series.time[row - 1]);
    dawn.push(first ? row : dawn[row - 1]);
    if (first) [value, volume] = [0, 0];
    value += typical[row] * series.volume[row];
    volume += series.volume[row];
    fair.push(value / volume);
  }
  return { fair, dawn };
}

const minuteAt = (series: BarSeries, row: number) =>
  istMinuteOfDay(series.time[row] + timeframeMs(series.timeframe));

describe('a strategy does what its sentence says', () => {
  test('supertrend buys every turn up and leaves on a turn down', () => {
    const { series, entries, exits } = watched(supertrend);
    const { direction } = trendOf(series);
    const turned = (row: number) => direction[row] - direction[row - 1];
    const up = direction.flatMap((_, row) => (turned(row) === 2 ? [row] : []));
    expect(up.length).toBeGreaterThan(5);
    expect(entries.map(({ row }) => row)).toEqual(up);
    expect(exits.every(({ row }) => turned(row) === -2)).toBe(true);
  });

  test('htf_trend enters above its average in a rising hour only, the hour being one that has closed', () => {
    const { series, instrument, close, entries, exits } = watched(htfTrend);
    const sessions = (day: number) => rulebook.calendar.session(instrument, day);
    const hours = resample(series, '1h', sessions).series;
    const slow = emaOf(column(hours, 'close'), 50);
    const ends = [...hours.time.subarray(0, hours.length)].map(
      (time) => closeOfBar(time, '1h', sessions) ?? 0,
    );
    const rising = (row: number) => {
      const now = series.time[row] + timeframeMs('15m');
      const hour = ends.findLastIndex((end) => end <= now);
      return hour >= 0 && hours.close[hour] > slow[hour];
    };
    const average = emaOf(close, 20);
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.every(({ row }) => rising(row) && crossed(close, average, row) === 1)).toBe(true);
    expect(exits.every(({ row }) => !rising(row) || crossed(close, average, row) === -1)).toBe(true);
  });

  test('vwap_filter follows a cross on the right side of the VWAP and leaves on the wrong one', () => {
    const { series, close, entries, exits } = watched(vwapFilter);
    const { fair } = sessionLines(series);
    const [quick, steady] = [emaOf(close, 9), emaOf(close, 21)];
    expect(new Set(entries.map(({ long }) => long)).size).toBe(2);
    for (const { row, long } of entries) {
      expect(crossed(quick, steady, row)).toBe(long ? 1 : -1);
      expect(close[row] > fair[row]).toBe(long);
    }
    expect(exits.length).toBeGreaterThan(0);
    expect(exits.every(({ row }) => close[row] !== fair[row])).toBe(true);
  });

  test('mean_reversion_intraday enters two deviations away, within its hours', () => {
    const { series, close, entries } = watched(meanReversionIntraday);
    const [middle, deviation] = [smaOf(close, 20), deviationOf(close, 20)];
    expect(new Set(entries.map(({ long }) => long)).size).toBe(2);
    for (const { row, long } of entries) {
      const score = (close[row] - middle[row]) / deviation[row];
      expect(long ? -score : score).toBeGreaterThanOrEqual(2);
      expect(minuteAt(series, row)).toBeGreaterThanOrEqual(585);
      expect(minuteAt(series, row)).toBeLessThanOrEqual(885);
    }
  });

  test('trend_strategy buys above the 55 bars before and leaves below the 20 before', () => {
    const { series, close, entries, exits } = watched(trendStrategy, '1h');
    const [ceiling, floor] = [highestOf(column(series, 'high'), 55), lowestOf(column(series, 'low'), 20)];
    expect(entries.length).toBeGreaterThan(2);
    expect(entries.every(({ row }) => close[row] > ceiling[row - 1])).toBe(true);
    expect(exits.every(({ row }) => close[row] < floor[row - 1])).toBe(true);
  });

  test('vol_regime holds a rising and calm market', () => {
    const { close, entries, exits } = watched(volRegime, '1h');
    const [quick, steady] = [emaOf(close, 20), emaOf(close, 100)];
    const middle = smaOf(close, 20);
    const width = deviationOf(close, 20).map((deviation, row) => (4 * deviation) / middle[row]);
    const usual = smaOf(width, 100);
    expect(entries.length).toBeGreaterThan(1);
    expect(entries.every(({ row }) => quick[row] > steady[row] && width[row] < usual[row])).toBe(true);
    expect(exits.every(({ row }) => quick[row] <= steady[row] || width[row] > 1.5 * usual[row])).toBe(true);
  });

  test('ema20_50_intraday trades crosses both ways until 14:30', () => {
    const { series, close, entries } = watched(ema20_50Intraday);
    const [quick, steady] = [emaOf(close, 20), emaOf(close, 50)];
    expect(new Set(entries.map(({ long }) => long)).size).toBe(2);
    for (const { row, long } of entries) {
      expect(crossed(quick, steady, row)).toBe(long ? 1 : -1);
      expect(minuteAt(series, row)).toBeLessThanOrEqual(870);
    }
  });

  test("equity_intraday_simple decides once a day, at 09:45, by the day's open and the VWAP", () => {
    const { series, close, entries } = watched(equityIntradaySimple);
    const { fair, dawn } = sessionLines(series);
    expect(new Set(entries.map(({ long }) => long)).size).toBe(2);
    for (const { row, long } of entries) {
      expect(minuteAt(series, row)).toBe(585);
      expect(Math.sign(close[row] - series.open[dawn[row]])).toBe(long ? 1 : -1);
      expect(Math.sign(close[row] - fair[row])).toBe(long ? 1 : -1);
    }
  });

  test("gap_fade trades against the gap on the day's first bar, towards the last close", () => {
    const { series, close, entries, orders } = watched(gapFade);
    const { dawn } = sessionLines(series);
    expect(entries.length).toBeGreaterThan(3);
    for (const { row, long } of entries) {
      const gap = (series.open[row] / close[row - 1] - 1) * 100;
      expect(dawn[row]).toBe(row);
      expect(long ? -gap : gap).toBeGreaterThanOrEqual(0.75);
      expect(long ? -gap : gap).toBeLessThanOrEqual(3);
    }
    const lastCloses = entries.map(({ row }) => close[row - 1]);
    const targets = orders.filter(({ role }) => role === 'target').map(({ price }) => price);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.every((price) => lastCloses.some((last) => Math.abs(last - price) < 0.051))).toBe(true);
  });
});
