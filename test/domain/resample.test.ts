import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BarSeries, interestAt } from '../../src/domain/bar-series.ts';
import { DataError } from '../../src/domain/errors.ts';
import {
  canResample,
  closeOfBar,
  insideSessions,
  Resampler,
  resample,
  type SessionsByDay,
} from '../../src/domain/resample.ts';
import { dayNumberOf, instantOf, istText, minuteOfClock, weekdayOf } from '../../src/domain/time.ts';
import type { Timeframe } from '../../src/domain/timeframe.ts';

const at = (text: string) => instantOf(dayNumberOf(text.slice(0, 10)), minuteOfClock(text.slice(11)));

/** Weekdays 09:15 to 15:30, but for a Thursday holiday and a Saturday in two windows. */
const sessions: SessionsByDay = (dayNumber) => {
  const window = (from: string, to: string) => ({
    from: instantOf(dayNumber, minuteOfClock(from)),
    to: instantOf(dayNumber, minuteOfClock(to)),
  });
  const special = dayNumber === dayNumberOf('2024-03-02');
  if (dayNumber === dayNumberOf('2024-02-29')) return undefined;
  if (!special && (weekdayOf(dayNumber) === 0 || weekdayOf(dayNumber) === 6)) return undefined;
  const windows = special ? [window('09:15', '10:00'), window('11:30', '12:30')] : [window('09:15', '15:30')];
  return { dayNumber, windows, open: windows[0].from, close: windows[windows.length - 1].to };
};

/** Bars at these times; prices tell the row: open n, high n + 0.5, low n - 0.5, close n + 0.25, volume 10. */
function barsAt(times: readonly number[], timeframe: Timeframe = '1m'): BarSeries {
  const series = new BarSeries('NSE:INFY', timeframe);
  times.forEach((time, n) => {
    series.append(time, n, n + 0.5, n - 0.5, n + 0.25, 10);
  });
  return series;
}

function minutes(from: string, count: number): number[] {
  return Array.from({ length: count }, (_, n) => at(from) + n * 60_000);
}

const opens = (series: BarSeries) =>
  Array.from({ length: series.length }, (_, row) => istText(series.time[row]));
const wholeDay = minutes('2024-02-27 09:15', 375);

describe('intraday bars', () => {
  test('are anchored to the opening of the session', () => {
    const { series, shortBars, dropped } = resample(barsAt(wholeDay), '15m', sessions);
    expect(series.length).toBe(25);
    expect(opens(series).slice(0, 3)).toEqual(['2024-02-27 09:15', '2024-02-27 09:30', '2024-02-27 09:45']);
    expect(opens(series).at(-1)).toBe('2024-02-27 15:15');
    expect({ shortBars, dropped }).toEqual({ shortBars: 0, dropped: 0 });
  });

  test('take first open, highest high, lowest low, last close and all volume', () => {
    const { series } = resample(barsAt(wholeDay), '15m', sessions);
    expect([series.open[1], series.high[1], series.low[1], series.close[1], series.volume[1]]).toEqual([
      15, 29.5, 14.5, 29.25, 150,
    ]);
  });

  test('that the end of trading cuts short are counted as short', () => {
    const { series, shortBars, unfinished } = resample(barsAt(wholeDay), '1h', sessions);
    expect(opens(series)).toEqual(
      ['09:15', '10:15', '11:15', '12:15', '13:15', '14:15', '15:15'].map((t) => `2024-02-27 ${t}`),
    );
    expect({ shortBars, unfinished }).toEqual({ shortBars: 1, unfinished: false });
    expect(series.volume[6]).toBe(150);
  });

  test('never span two windows of a day', () => {
    const times = [...minutes('2024-03-02 09:15', 45), ...minutes('2024-03-02 11:30', 60)];
    const { series, shortBars } = resample(barsAt(times), '30m', sessions);
    expect(opens(series)).toEqual(['09:15', '09:45', '11:30', '12:00'].map((t) => `2024-03-02 ${t}`));
    expect(Array.from(series.volume.subarray(0, 4))).toEqual([300, 150, 300, 300]);
    expect(shortBars).toBe(1);
  });

  test('leave out pre-open, closing prints and days without trading, and count them', () => {
    const outside = [
      '2024-02-27 09:08',
      '2024-02-27 15:30',
      '2024-02-27 15:31',
      '2024-02-29 10:00',
      '2024-03-03 10:00',
    ];
    const times = [...outside.map(at), ...minutes('2024-02-27 09:15', 2)].sort((a, b) => a - b);
    const { series, dropped } = resample(barsAt(times), '5m', sessions);
    expect(opens(series)).toEqual(['2024-02-27 09:15']);
    expect(dropped).toBe(5);
  });

  test('whose source ends before they do are unfinished', () => {
    const { series, unfinished } = resample(barsAt(minutes('2024-02-27 09:15', 16)), '15m', sessions);
    expect(series.length).toBe(2);
    expect(unfinished).toBe(true);
  });

  test('of a market without a calendar are anchored to midnight in India', () => {
    const { series } = resample(barsAt(minutes('2024-03-03 23:50', 20)), '15m');
    expect(opens(series)).toEqual(['2024-03-03 23:45', '2024-03-04 00:00']);
  });
});

describe('longer bars', () => {
  const days = ['2024-02-26', '2024-02-27', '2024-02-28', '2024-03-01', '2024-03-02', '2024-03-04'];
  const dayBars = barsAt(
    days.map((day) => at(`${day} 00:00`)),
    'day',
  );

  test('of a day are stamped with midnight and leave closing prints out', () => {
    const times = [...wholeDay, at('2024-02-27 15:30'), at('2024-02-28 09:15')];
    const { series, dropped, unfinished } = resample(barsAt(times), 'day', sessions);
    expect(opens(series)).toEqual(['2024-02-27 00:00', '2024-02-28 00:00']);
    expect([series.close[0], series.volume[0]]).toEqual([374.25, 3_750]);
    expect({ dropped, unfinished }).toEqual({ dropped: 1, unfinished: true });
  });

  test('of a day hold both windows', () => {
    const times = [...minutes('2024-03-02 09:15', 45), ...minutes('2024-03-02 11:30', 60)];
    const { series } = resample(barsAt(times), 'day', sessions);
    expect(series.length).toBe(1);
    expect(series.volume[0]).toBe(1_050);
  });

  test('of a week are stamped with Monday', () => {
    const { series } = resample(dayBars, 'week', sessions);
    expect(opens(series)).toEqual(['2024-02-26 00:00', '2024-03-04 00:00']);
    expect([series.open[0], series.close[0], series.volume[0]]).toEqual([0, 4.25, 50]);
  });

  test('of a month are stamped with the first', () => {
    const { series } = resample(dayBars, 'month', sessions);
    expect(opens(series)).toEqual(['2024-02-01 00:00', '2024-03-01 00:00']);
    expect(Array.from(series.volume.subarray(0, 2))).toEqual([30, 30]);
  });

  test('leave out a day bar of a day without trading', () => {
    const times = ['2024-02-28 00:00', '2024-02-29 00:00', '2024-03-03 00:00'].map(at);
    expect(resample(barsAt(times, 'day'), 'week', sessions).dropped).toBe(2);
  });

  test('stay open when the calendar ends inside their week', () => {
    const ending: SessionsByDay = (day) => {
      if (day > dayNumberOf('2024-02-28')) throw new DataError('RULE_CALENDAR', 'no table');
      return sessions(day);
    };
    const resampler = new Resampler(dayBars, 'week', ending);
    expect(resampler.next(dayBars, 0)).toBe(0);
    expect(resampler.finish()).toBe(true);
    expect(opens(resampler.series)).toEqual(['2024-02-26 00:00']);
  });
});

describe('bar by bar', () => {
  test('a bar closes with the source bar that reaches its end', () => {
    const source = barsAt(wholeDay);
    const resampler = new Resampler(source, '15m', sessions);
    const closed = Array.from({ length: 30 }, (_, row) => resampler.next(source, row));
    expect(closed.flatMap((count, row) => (count > 0 ? [row] : []))).toEqual([14, 29]);
  });

  test('a short bar closes with the last bar of the session', () => {
    const source = barsAt(wholeDay);
    const resampler = new Resampler(source, '1h', sessions);
    const closed = wholeDay.map((_, row) => resampler.next(source, row));
    expect(closed[374]).toBe(1);
  });

  test('a week closes on its last trading day, a Saturday session included', () => {
    const source = barsAt(['2024-02-28 00:00', '2024-03-01 00:00', '2024-03-02 00:00'].map(at), 'day');
    const resampler = new Resampler(source, 'week', sessions);
    expect([0, 1, 2].map((row) => resampler.next(source, row))).toEqual([0, 0, 1]);
  });

  test('a bar whose end is missing closes with the next source bar, which may close one as well', () => {
    const source = barsAt([at('2024-02-27 09:15'), at('2024-02-27 09:34'), at('2024-02-27 09:35')]);
    const resampler = new Resampler(source, '5m', sessions);
    expect([0, 1, 2].map((row) => resampler.next(source, row))).toEqual([0, 2, 0]);
  });

  test('what is closed never changes, however the source goes on', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 120 });
    fc.assert(
      fc.property(
        gaps,
        fc.nat(119),
        fc.constantFrom<Timeframe>('3m', '15m', '1h', 'day', 'week'),
        (steps, cut, timeframe) => {
          let time = at('2024-02-27 09:00');
          const source = barsAt(steps.map((step) => (time += step * 60_000)));
          const resampler = new Resampler(source, timeframe, sessions);
          for (let row = 0; row < Math.min(cut, source.length); row++) resampler.next(source, row);
          const seen = opens(resampler.series).length;
          const closes = Array.from(resampler.series.close.subarray(0, seen));
          const whole = resample(source, timeframe, sessions).series;
          expect(Array.from(whole.close.subarray(0, seen))).toEqual(closes);
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });
});

test('resampling in two steps gives the same bars as in one', () => {
  const source = barsAt([...wholeDay, ...minutes('2024-02-28 09:15', 375)]);
  const direct = resample(source, '1h', sessions).series;
  const stepped = resample(resample(source, '15m', sessions).series, '1h', sessions).series;
  for (const field of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
    expect(Array.from(stepped[field].subarray(0, stepped.length))).toEqual(
      Array.from(direct[field].subarray(0, direct.length)),
    );
  }
});

test('a bar has the open interest that was known last in it', () => {
  const source = barsAt(minutes('2024-02-27 09:15', 15));
  const known = [0, 1, 2, 3, 9];
  for (const row of known) source.setOpenInterest(row, 1_000 + row);
  const { series } = resample(source, '5m', sessions);
  expect([0, 1, 2].map((row) => interestAt(series, row))).toEqual([1_003, 1_009, Number.NaN]);
  expect(
    resample(barsAt(minutes('2024-02-27 09:15', 15)), '5m', sessions).series.openInterest,
  ).toBeUndefined();
});

test.each<[Timeframe, Timeframe, boolean]>([
  ['5m', '15m', true],
  ['2m', '15m', false],
  ['15m', '5m', false],
  ['15m', 'month', true],
  ['day', 'week', true],
  ['week', 'month', false],
  ['day', '1h', false],
])('%s bars make %s bars: %s', (source, timeframe, possible) => {
  expect(canResample(source, timeframe)).toBe(possible);
});

test('a bar closes at its nominal end or with the end of trading', () => {
  expect(closeOfBar(at('2024-02-27 09:15'), '15m', sessions)).toBe(at('2024-02-27 09:30'));
  expect(closeOfBar(at('2024-02-27 15:15'), '1h', sessions)).toBe(at('2024-02-27 15:30'));
  expect(closeOfBar(at('2024-02-27 00:00'), 'day', sessions)).toBe(at('2024-02-27 15:30'));
  expect(closeOfBar(at('2024-02-26 00:00'), 'week', sessions)).toBe(at('2024-03-02 12:30'));
  expect(closeOfBar(at('2024-02-27 15:30'), '1m', sessions)).toBeUndefined();
  expect(closeOfBar(at('2024-02-27 00:00'), 'day')).toBe(at('2024-02-28 00:00'));
});

test('bars outside the trading hours are taken out, and a series without any is returned as it is', () => {
  const clean = barsAt(wholeDay);
  expect(insideSessions(clean, sessions).series).toBe(clean);
  const dirty = barsAt([at('2024-02-27 09:08'), ...wholeDay, at('2024-02-27 15:31')]);
  const { series, dropped } = insideSessions(dirty, sessions);
  expect([series.length, dropped, istText(series.time[0])]).toEqual([375, 2, '2024-02-27 09:15']);
  expect(insideSessions(dirty).series).toBe(dirty);
  dirty.setOpenInterest(1, 500);
  dirty.setOpenInterest(3, 700);
  const kept = insideSessions(dirty, sessions).series;
  expect([0, 1, 2].map((row) => interestAt(kept, row))).toEqual([500, Number.NaN, 700]);
});
