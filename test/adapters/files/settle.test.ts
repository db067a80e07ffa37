import { describe, expect, test } from '@jest/globals';
import { RawSeries } from '../../../src/adapters/files/raw-series.ts';
import {
  dropRepeats,
  inferTimeframe,
  keepSpan,
  sortByTime,
  stampBars,
} from '../../../src/adapters/files/settle.ts';
import {
  dayMs,
  dayNumberOf,
  hourMs,
  instantOf,
  istOffsetMs,
  istText,
  minuteMs,
  startOfDay,
} from '../../../src/domain/time.ts';

function seriesOf(times: readonly number[], closes: readonly number[] = []): RawSeries {
  const series = new RawSeries();
  for (const [at, time] of times.entries()) {
    const row = series.next();
    series.time[row] = time;
    series.offset[row] = istOffsetMs;
    series.close[row] = closes[at] ?? 1;
    series.line[row] = at + 2;
  }
  return series;
}
const times = (series: RawSeries) => Array.from(series.time.subarray(0, series.length), istText);
const opening = instantOf(dayNumberOf('2024-01-02'), 555);
const every = (ms: number, count: number) => Array.from({ length: count }, (_, at) => opening + at * ms);

test('rows come into order, equal ones keep theirs', () => {
  const series = seriesOf([3, 1, 2, 1], [30, 10, 20, 11]);
  sortByTime(series);
  expect([...series.close.subarray(0, 4)]).toEqual([10, 11, 20, 30]);
});

test('repeats are dropped and counted, contradictions are told and the first stays', () => {
  const series = seriesOf([1, 1, 2, 2, 3], [10, 10, 20, 21, 30]);
  const told: number[][] = [];
  expect(dropRepeats(series, (first, second) => told.push([series.line[first], series.line[second]]))).toBe(
    1,
  );
  expect(told).toEqual([[4, 5]]);
  expect([...series.close.subarray(0, series.length)]).toEqual([10, 20, 30]);
});

test('a span keeps its first instant and not its last', () => {
  const series = seriesOf([1, 2, 3, 4]);
  expect(keepSpan(series, 2, 4)).toBe(2);
  expect([...series.time]).toEqual([2, 3]);
});

describe('the timeframe is the distance that occurs most', () => {
  test.each([
    ['1m', minuteMs],
    ['15m', 15 * minuteMs],
    ['1h', hourMs],
  ] as const)('%s', (timeframe, spacing) => {
    const gap = every(spacing, 5);
    expect(inferTimeframe([seriesOf([...gap, gap[4] + dayMs, gap[4] + dayMs + spacing])], true)).toBe(
      timeframe,
    );
  });

  test('4h with two bars a day', () => {
    expect(
      inferTimeframe(
        [seriesOf([opening, opening + 4 * hourMs, opening + dayMs, opening + dayMs + 4 * hourMs])],
        true,
      ),
    ).toBe('4h');
  });

  test('days, weeks and months, also when they carry one time of day', () => {
    const days = (gap: number, count = 6) => seriesOf(every(gap * dayMs, count));
    expect(inferTimeframe([days(1)], true)).toBe('day');
    expect(inferTimeframe([days(7)], true)).toBe('week');
    expect(
      inferTimeframe(
        [
          seriesOf(
            ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01'].map((day) =>
              startOfDay(dayNumberOf(day)),
            ),
          ),
        ],
        false,
      ),
    ).toBe('month');
  });

  test('a single date is a day, a single moment is anything', () => {
    expect(inferTimeframe([seriesOf([startOfDay(20_000)])], false)).toBe('day');
    expect(inferTimeframe([seriesOf([opening])], true)).toBeUndefined();
  });
});

describe('stamps become opening instants', () => {
  test('end stamps go back by one bar, also those a second before the full minute', () => {
    const series = seriesOf([opening + minuteMs, opening + 2 * minuteMs - 1_000]);
    stampBars(series, '1m', 'end', true);
    expect(times(series)).toEqual(['2024-01-02 09:15', '2024-01-02 09:16']);
  });

  test('day bars are midnight in India of the day that was written', () => {
    const series = seriesOf([opening]);
    series.offset[0] = -5 * hourMs;
    stampBars(series, 'day', 'start', true);
    expect(times(series)).toEqual(['2024-01-01 00:00']);
  });

  test('midnight at the end of a day bar is the day before, a bare date is itself', () => {
    const midnight = startOfDay(dayNumberOf('2024-01-02'));
    const clocked = seriesOf([midnight]);
    stampBars(clocked, 'day', 'end', true);
    expect(times(clocked)).toEqual(['2024-01-01 00:00']);
    const dated = seriesOf([midnight]);
    stampBars(dated, 'day', 'end', false);
    expect(times(dated)).toEqual(['2024-01-02 00:00']);
  });
});
