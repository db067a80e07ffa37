import { expect, test } from '@jest/globals';
import { closedBars } from '#src/app/closed-bars.ts';
import { BarSeries } from '#src/domain/bar-series.ts';
import { dayMs, type Interval, istDayNumber, minuteMs, startOfDay } from '#src/domain/time.ts';
import type { Timeframe } from '#src/domain/timeframe.ts';
import type { HistoryStore, StoredSeries } from '#src/engine/ports.ts';
import { india, share as instrument } from '../support/india.ts';

const { calendar } = india;
const firstDay = istDayNumber(Date.UTC(2026, 0, 5));

/** Bars of so many minutes on 120 trading days; `every` leaves out all but each n-th. */
function minutes(length: 5 | 15, every = 1): BarSeries {
  const series = new BarSeries(instrument.key, `${length}m`);
  for (let day = firstDay, count = 0; count < 120; day++) {
    if (!calendar.session(instrument, day)) continue;
    count += 1;
    for (let bar = 0; bar < 375 / length; bar += every) {
      const price = 100 + ((bar * 7 + count * 13) % 50);
      const time = startOfDay(day) + (555 + bar * length) * minuteMs;
      series.append(time, price, price + 2, price - 1, price + 1, 10 + bar);
    }
  }
  return series;
}

/** A store of these series that counts what is read of it. */
function shelf(...all: readonly BarSeries[]) {
  const reads: string[] = [];
  const store = {
    list: async () =>
      all.map((series) => ({
        ...{ key: series.key, timeframe: series.timeframe, bars: series.length, first: series.time[0] },
        last: series.time[series.length - 1],
      })) as unknown as readonly StoredSeries[],
    actions: async () => [],
    async load(key: string, timeframe: Timeframe, span: Interval) {
      const series = all.find((each) => each.timeframe === timeframe) ?? new BarSeries(key, timeframe);
      reads.push(timeframe);
      return series.slice(series.rowAt(span.from), Math.max(series.rowAt(span.from), series.rowAt(span.to)));
    },
  } as unknown as HistoryStore;
  return { store, reads };
}

const whole = { from: undefined, everything: true };
const rows = ({ series }: { series: BarSeries }, count: number) =>
  [series.time, series.open, series.high, series.low, series.close, series.volume].map((column) => [
    ...column.subarray(Math.max(0, series.length - count), series.length),
  ]);

test('longer bars are made of the shorter ones that were read, and are the same', async () => {
  const { store, reads } = shelf(minutes(5));
  const until = startOfDay(firstDay + 100) + 12 * 60 * minuteMs;
  const reach = new Map<Timeframe, { bars: number; back: number }>([
    ['15m', { bars: 40, back: 0 }],
    ['1h', { bars: 60, back: 3 }],
    ['day', { bars: 20, back: 3 }],
  ]);
  const { base, others } = await (await closedBars(store, { calendar, until, reach })).all(
    instrument,
    '15m',
    ['1h', 'day'],
  );
  expect(reads).toEqual(['5m']);
  const alone = await closedBars(store, { calendar, until, ...whole });
  for (const [frame, bars, count] of [
    ['15m', base, 40],
    ['1h', others.get('1h'), 60],
    ['day', others.get('day'), 20],
  ] as const) {
    expect(bars?.series.length).toBeGreaterThanOrEqual(count);
    if (bars) expect(rows(bars, count)).toEqual(rows(await alone.of(instrument, frame), count));
  }
});

test('where trades are rare it looks further back until the bars suffice', async () => {
  const { store } = shelf(minutes(15, 12));
  const reach = new Map([['15m', { bars: 200, back: 0 }]] as const);
  const { base } = await (await closedBars(store, { calendar, until: Number.POSITIVE_INFINITY, reach })).all(
    instrument,
    '15m',
    [],
  );
  expect(base.series.length).toBeGreaterThanOrEqual(200);
  expect(base.series.time[0]).toBeGreaterThan(startOfDay(firstDay) + dayMs);
});

test('a first day that is asked for is kept to, also by what ended before it', async () => {
  const { store, reads } = shelf(minutes(15));
  const from = '2027-01-04';
  const bars = await closedBars(store, { calendar, until: Number.POSITIVE_INFINITY, from });
  await expect(bars.all(instrument, '15m', ['day'])).rejects.toMatchObject({ code: 'DATA_MISSING' });
  expect(reads.length).toBeLessThan(4);
});

test('what had not closed is not seen, and where nothing had it says so', async () => {
  const { store } = shelf(minutes(15));
  const reach = new Map([['15m', { bars: 5, back: 0 }]] as const);
  const at = async (until: number) =>
    (await closedBars(store, { calendar, until, reach })).all(instrument, '15m', []);
  const noon = startOfDay(firstDay + 1) + 12 * 60 * minuteMs + 1;
  expect((await at(noon)).base.closes.at(-1)).toBe(noon - 1);
  await expect(at(startOfDay(firstDay))).rejects.toMatchObject({ code: 'DATA_MISSING' });
});
