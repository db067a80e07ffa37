import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openParquet } from '../../src/adapters/duckdb/parquet-reader.ts';
import { dataList } from '../../src/app/data-list.ts';
import { loadBars, storedInstrument } from '../../src/app/history.ts';
import { loadRulebook } from '../../src/config/rulebook.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { InvariantError } from '../../src/domain/errors.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { TradingCalendar, TradingSession } from '../../src/domain/rulebook.ts';
import {
  dayMs,
  dayNumberOf,
  instantOf,
  istOffsetMs,
  istText,
  startOfDay,
  weekdayOf,
} from '../../src/domain/time.ts';
import {
  allTime,
  type Bar,
  barsOf,
  infy,
  minuteBars,
  seriesOf,
  temporaryHistory,
} from '../adapters/duckdb/history-support.ts';
import { projectRoot } from '../support/project-root.ts';
import { testWithShared } from '../support/shared-data.ts';

const thursday = 19_005;

/** Monday to Friday, 09:15 to 15:30. */
const calendar: TradingCalendar = {
  session: (_, dayNumber): TradingSession | undefined => {
    if (weekdayOf(dayNumber) % 6 === 0) return undefined;
    const window = { from: instantOf(dayNumber, 555), to: instantOf(dayNumber, 930) };
    return { dayNumber, windows: [window], open: window.from, close: window.to };
  },
  sessionFrom: unasked,
  sessionUntil: unasked,
  squareOffMinute: unasked,
};

function unasked(): never {
  throw new InvariantError('BUG_TEST', 'Loading bars asks for sessions only.');
}

let home: ReturnType<typeof temporaryHistory>;
beforeEach(() => {
  home = temporaryHistory();
});
afterEach(() => home.remove());

const load = (timeframe: '1m' | '5m' | '15m' | '1h' | 'day' | 'week', span = allTime, instrument = infy) =>
  loadBars(home.store, calendar, { instrument, timeframe, span });
const opens = (series: BarSeries) =>
  Array.from({ length: series.length }, (_, row) => istText(series.time[row]).slice(11));

describe('bars for a run', () => {
  test('come as stored where the timeframe is stored, without those outside the trading hours', async () => {
    const closingPrint: Bar = [instantOf(thursday, 930), 1, 1, 1, 1, 1];
    await home.store.save(infy, seriesOf([...minuteBars(375, thursday), closingPrint]));
    const { series, storedAs, dropped } = await load('1m');
    expect({ bars: series.length, storedAs, dropped }).toEqual({ bars: 375, storedAs: '1m', dropped: 1 });
  });

  test('are made from the coarsest stored timeframe that divides the one asked for', async () => {
    await home.store.save(infy, seriesOf(minuteBars(375, thursday)));
    await home.store.save(infy, seriesOf([[instantOf(thursday, 555), 7, 7, 7, 7, 7]], infy.key, '5m'));
    await home.store.save(infy, seriesOf([[instantOf(thursday, 555), 8, 8, 8, 8, 8]], infy.key, '10m'));
    const { series, storedAs } = await load('15m');
    expect({ storedAs, open: series.open[0] }).toEqual({ storedAs: '5m', open: 7 });
  });

  test('count the bars that the end of trading cut short', async () => {
    await home.store.save(infy, seriesOf(minuteBars(375, thursday)));
    const { series, shortBars, storedAs } = await load('1h');
    expect(opens(series)).toEqual(['09:15', '10:15', '11:15', '12:15', '13:15', '14:15', '15:15']);
    expect({ shortBars, storedAs }).toEqual({ shortBars: 1, storedAs: '1m' });
  });

  test('fall back on a finer timeframe where the stored one has nothing in the span', async () => {
    await home.store.save(infy, seriesOf(minuteBars(375, thursday)));
    await home.store.save(infy, seriesOf([[instantOf(thursday - 7, 0), 1, 1, 1, 1, 1]], infy.key, 'day'));
    const span = { from: instantOf(thursday, 0), to: instantOf(thursday + 1, 0) };
    expect((await load('day', span)).storedAs).toBe('1m');
  });

  test('leave out a bar that began before the span', async () => {
    await home.store.save(infy, seriesOf(minuteBars(375, thursday)));
    const { series } = await load('15m', { from: instantOf(thursday, 560), to: instantOf(thursday, 600) });
    expect(opens(series)).toEqual(['09:30', '09:45']);
  });

  test('of a market without a calendar are all taken', async () => {
    const goog = {
      ...infy,
      key: 'TEST:GOOG',
      exchange: 'TEST',
      tradingsymbol: 'GOOG',
      rules: 'none' as const,
    };
    await home.store.save(goog, seriesOf([[instantOf(thursday + 5, 1_200), 1, 1, 1, 1, 1]], goog.key));
    expect((await load('1m', allTime, goog)).series.length).toBe(1);
  });
});

describe('missing bars', () => {
  test('outside the stored days are named with what is stored and how to ask for it', async () => {
    await home.store.save(infy, seriesOf(minuteBars(375, thursday)));
    const span = { from: instantOf(thursday + 30, 0), to: instantOf(thursday + 32, 0) };
    await expect(load('5m', span)).rejects.toMatchObject({
      code: 'DATA_MISSING',
      exitCode: 5,
      message:
        'No 5m bars of NSE:INFY between 2022-02-12 and 2022-02-13; stored: 1m from 2022-01-13 to 2022-01-13.',
      fix: 'Use --from 2022-01-13 --to 2022-01-13, or run: algo data import <file> --as NSE:INFY',
    });
  });

  test('of a timeframe finer than what is stored say so', async () => {
    await home.store.save(infy, seriesOf([[instantOf(thursday, 0), 1, 1, 1, 1, 1]], infy.key, 'day'));
    await expect(load('5m')).rejects.toMatchObject({
      message: 'No 5m bars of NSE:INFY; stored: day from 2022-01-13 to 2022-01-13.',
      fix: 'Run: algo data import <file> --as NSE:INFY --timeframe 5m',
    });
  });

  test('of an unknown symbol name the nearest stored one', async () => {
    await home.store.save(infy, seriesOf(minuteBars(1)));
    expect(await storedInstrument(home.store, 'NSE:INFY')).toEqual(infy);
    await expect(storedInstrument(home.store, 'NSE:INFI')).rejects.toThrow('Did you mean NSE:INFY?');
  });

  test('of an empty history say how to begin', async () => {
    await expect(storedInstrument(home.store, 'NSE:INFY')).rejects.toMatchObject({
      message: 'No bars of NSE:INFY are stored: the history is empty.',
      fix: expect.stringContaining('algo data generate'),
    });
  });
});

describe('the list of what is stored', () => {
  test('is empty for an empty store', async () => {
    expect(await dataList(home.store)).toEqual({ series: [] });
  });

  test('names kind, span, days and price step, and what is invented', async () => {
    await home.store.save({ ...infy, synthetic: true }, seriesOf(minuteBars(376, thursday)));
    await home.store.save(
      { ...infy, synthetic: true },
      seriesOf([[dayMs, Math.PI, 4, 3, 3, 1]], infy.key, 'day'),
    );
    await home.store.save(
      { ...infy, synthetic: true },
      seriesOf([[0, 1.0025, 2, 1, 1, 1]], infy.key, 'week'),
    );
    const { series } = await dataList(home.store);
    expect(series.map(({ checksum, ...row }) => row)).toEqual([
      {
        symbol: 'NSE:INFY',
        kind: 'EQ',
        timeframe: '1m',
        bars: 376,
        from: '2022-01-13T09:15:00+05:30',
        to: '2022-01-14T09:15:00+05:30',
        days: 2,
        synthetic: true,
        priceStep: '0.05',
        openInterest: false,
      },
      expect.objectContaining({ timeframe: 'day', priceStep: null }),
      expect.objectContaining({ timeframe: 'week', priceStep: '0.0001' }),
    ]);
  });
});

describe('real bars', () => {
  const banknifty: Instrument = {
    ...infy,
    key: 'NSE:NIFTY BANK',
    tradingsymbol: 'NIFTY BANK',
    kind: 'INDEX',
  };
  const rulebook = () => loadRulebook(projectRoot);

  testWithShared(
    'minute/index_1m_BANKNIFTY_2024-01_08.parquet',
    'a Saturday in two windows has 105 minutes and 7 bars of 15m, and an evening of bogus bars is left out',
    async (path) => {
      const stored = await minutesOf(path, banknifty.key);
      await home.store.save(banknifty, stored);
      expect(barsOf(await home.reopened().load(banknifty.key, '1m', allTime))).toEqual(barsOf(stored));
      const { calendar: real } = rulebook();
      const on = (date: string, timeframe: '1m' | '15m') => {
        const from = startOfDay(dayNumberOf(date));
        return loadBars(home.store, real, {
          instrument: banknifty,
          timeframe,
          span: { from, to: from + dayMs },
        });
      };
      expect((await on('2024-03-02', '1m')).series.length).toBe(105);
      expect(opens((await on('2024-03-02', '15m')).series)).toEqual([
        '09:15',
        '09:30',
        '09:45',
        '11:30',
        '11:45',
        '12:00',
        '12:15',
      ]);
      const saturday = await on('2024-01-20', '1m');
      expect(istText(saturday.series.time[saturday.series.length - 1])).toBe('2024-01-20 15:29');
      expect(saturday.dropped).toBeGreaterThan(0);
    },
  );
});

async function minutesOf(path: string, key: string): Promise<BarSeries> {
  const file = await openParquet(path, 'minutes');
  const series = new BarSeries(key, '1m');
  const prices = {
    time: 'ts',
    open: 'open',
    high: 'high',
    low: 'low',
    close: 'close',
    numbers: [],
    texts: [],
  };
  await file.read(prices, ({ length, time, open, high, low, close }) => {
    for (let row = 0; row < length; row++) {
      series.append(time[row] - istOffsetMs, open[row], high[row], low[row], close[row], 0);
    }
  });
  file.close();
  return series;
}
