import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { closeOfBar, resample } from '../../src/domain/resample.ts';
import { instantOf, minuteMs, startOfDay } from '../../src/domain/time.ts';
import { type Timeframe, timeframeMs } from '../../src/domain/timeframe.ts';
import { ema } from '../../src/indicators/ema.ts';
import { IndicatorSet } from '../../src/indicators/indicator-set.ts';
import type { SlowerView } from '../../src/indicators/market-view.ts';
import type { Series } from '../../src/indicators/series.ts';
import { stepped } from '../contracts/indicator-contract.ts';
import { madeBars } from '../support/made-bars.ts';

const firstDay = 20_000;

/** 09:15 to 15:30 every day, as on NSE. */
const sessions = (dayNumber: number) => {
  const window = { from: instantOf(dayNumber, 555), to: instantOf(dayNumber, 930) };
  return { dayNumber, open: window.from, close: window.to, windows: [window] };
};

/** Session minutes of a few days, some of them missing. */
function sessionBars(
  days: number,
  timeframe: Timeframe = '5m',
  missing: (row: number) => boolean = () => false,
) {
  const perDay = (375 * minuteMs) / timeframeMs(timeframe);
  const made = madeBars(days * perDay);
  const bars = new BarSeries('TEST:X', timeframe);
  for (let row = 0; row < made.length; row++) {
    if (missing(row)) continue;
    const time =
      instantOf(firstDay + Math.floor(row / perDay), 555) + (row % perDay) * timeframeMs(timeframe);
    bars.append(time, made.open[row], made.high[row], made.low[row], made.close[row], made.volume[row]);
  }
  return bars;
}

/** Reads a slower line on every bar. */
function slowLine(
  bars: BarSeries,
  timeframe: Timeframe,
  ask: (view: SlowerView) => Series,
  read = (line: Series, _view: SlowerView) => line.now,
): number[] {
  const cursor = { series: bars, row: -1 };
  const set = new IndicatorSet(cursor, sessions);
  const view = set.view.every(timeframe);
  const line = ask(view);
  set.seal();
  const seen: number[] = [];
  for (cursor.row = 0; cursor.row < bars.length; cursor.row++) {
    if (cursor.row === 0 || bars.time[cursor.row] - bars.time[cursor.row - 1] > 6 * 3_600_000)
      set.newSession();
    set.advance();
    seen.push(read(line, view));
  }
  return seen;
}

/** The same from the finished slower series: at each bar, the value of the last slower bar that has ended by its close. */
function known(
  bars: BarSeries,
  timeframe: Timeframe,
  lineOf: (slow: BarSeries) => readonly number[],
): number[] {
  const { series } = resample(bars, timeframe, sessions);
  const line = lineOf(series);
  return Array.from({ length: bars.length }, (_, row) => {
    const now = bars.time[row] + timeframeMs(bars.timeframe);
    let last = -1;
    while (
      last + 1 < series.length &&
      (closeOfBar(series.time[last + 1], timeframe, sessions) ?? Number.NaN) <= now
    )
      last += 1;
    return last < 0 ? Number.NaN : line[last];
  });
}

describe('slower bars', () => {
  test.each<Timeframe>(['15m', '1h', '2h', 'day', 'week'])(
    'a line of %s bars is the one of the resampled series at the moment each bar has closed',
    (timeframe) => {
      const bars = sessionBars(20);
      const closes = (slow: BarSeries) => [...slow.close.subarray(0, slow.length)];
      expect(slowLine(bars, timeframe, ({ close }) => close)).toEqual(known(bars, timeframe, closes));
      const seen = slowLine(bars, timeframe, ({ ema, close }) => ema(close, 3));
      expect(seen).toEqual(known(bars, timeframe, (slow) => stepped(ema(3), closes(slow))));
      expect(seen.some((value) => !Number.isNaN(value))).toBe(true);
    },
  );

  test('holes in the bars delay a slower bar to the next bar there is, and lose none', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(224), { maxLength: 120 }), (holes) => {
        const bars = sessionBars(3, '5m', (row) => row > 0 && holes.includes(row));
        const closes = (slow: BarSeries) => [...slow.close.subarray(0, slow.length)];
        const seen = slowLine(bars, '1h', ({ close }) => close);
        // A bar that was missing may have been the one to complete an hour: then the next one does.
        const later = known(bars, '1h', closes);
        for (const [row, value] of seen.entries()) {
          if (bars.time[row + 1] === bars.time[row] + 5 * minuteMs) expect(value).toBe(later[row]);
        }
        expect(new Set(seen.filter((value) => !Number.isNaN(value))).size).toBeGreaterThan(0);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  test('the future never changes the past', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (cut) => {
        const bars = sessionBars(5);
        const other = sessionBars(5);
        for (let row = cut; row < other.length; row++) other.close[row] += 100;
        const line = (series: BarSeries) => slowLine(series, '1h', ({ ema, hlc3 }) => ema(hlc3, 2));
        expect(line(other).slice(0, cut)).toEqual(line(bars).slice(0, cut));
        expect(line(bars.slice(0, cut))).toEqual(line(bars).slice(0, cut));
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  test('an hour is told on the bar that completes it, the short one at the close of trading', () => {
    const bars = sessionBars(1, '15m');
    const closed = slowLine(
      bars,
      '1h',
      ({ close }) => close,
      (_, { justClosed }) => Number(justClosed),
    );
    const minutes = closed.flatMap((just, row) =>
      just ? [(bars.time[row] - startOfDay(firstDay)) / minuteMs + 15] : [],
    );
    expect(minutes).toEqual([615, 675, 735, 795, 855, 915, 930]);
  });

  test('lines that begin with a session begin anew on slower bars too', () => {
    const bars = sessionBars(3);
    const seen = slowLine(bars, '1h', ({ vwap }) => vwap());
    const firstHour = resample(bars, '1h', sessions).series;
    const at = 7;
    const typical = (firstHour.high[at] + firstHour.low[at] + firstHour.close[at]) / 3;
    expect(seen[75 + 11]).toBeCloseTo(typical, 9);
  });

  test('prev is the slower bar before', () => {
    const bars = sessionBars(2);
    const now = slowLine(bars, '1h', ({ close }) => close);
    const prev = slowLine(
      bars,
      '1h',
      ({ close }) => close,
      (line) => line.prev,
    );
    expect(prev[23]).toBe(now[22]);
    expect(prev[30]).toBe(now[22]);
  });

  test('bars that cannot be made of the ones at hand are refused in words', () => {
    const { view } = new IndicatorSet({ series: sessionBars(1, '15m'), row: -1 });
    expect(() => view.every('5m')).toThrow(
      expect.objectContaining({
        code: 'STRATEGY_TIMEFRAME',
        message: 'every("5m") was asked for on 15m bars, of which 5m bars cannot be made.',
      }),
    );
    expect(() => view.every(JSON.parse('"1hr"'))).toThrow(
      expect.objectContaining({
        message: 'every received "1hr", which is no timeframe. Did you mean "1h"?',
      }),
    );
  });

  test('slower bars are asked for in set-up, and a line of theirs is no source of the faster market', () => {
    const set = new IndicatorSet({ series: sessionBars(1), row: -1 });
    const hour = set.view.every('1h');
    expect(set.view.every('1h')).toBe(hour);
    expect(() => set.view.ema(hour.close, 5)).toThrow(expect.objectContaining({ code: 'STRATEGY_SOURCE' }));
    set.seal();
    expect(() => hour.ema(hour.close, 5)).toThrow(
      expect.objectContaining({ code: 'STRATEGY_LATE_INDICATOR' }),
    );
    expect(() => set.view.every('2h')).toThrow(expect.objectContaining({ code: 'STRATEGY_LATE_INDICATOR' }));
  });
});
