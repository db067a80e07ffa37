import { afterEach, describe, expect, test } from '@jest/globals';
import { BarSeries } from '#src/domain/bar-series.ts';
import type { Instrument } from '#src/domain/instrument.ts';
import { resample } from '#src/domain/resample.ts';
import { instantOf, minuteMs, startOfDay } from '#src/domain/time.ts';
import type { Timeframe } from '#src/domain/timeframe.ts';
import type { HistoryStore } from '#src/engine/ports.ts';
import { storedDays } from '#src/sandbox/market/stored-days.ts';
import { wireNames } from '#src/sandbox/market/wire-names.ts';
import { temporaryHistory } from '../../adapters/duckdb/history-support.ts';
import { day, future, india, share } from '../../support/india.ts';

const homes: ReturnType<typeof temporaryHistory>[] = [];

afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

function emptyStore(): HistoryStore {
  const home = temporaryHistory();
  homes.push(home);
  return home.store;
}

/** One bar for each start, closing at its own price. */
function bars(
  instrument: Instrument,
  timeframe: Timeframe,
  rows: readonly (readonly [number, number])[],
): BarSeries {
  const series = new BarSeries(instrument.key, timeframe);
  for (const [time, close] of rows) series.append(time, close - 1, close + 2, close - 3, close, 1_000);
  return series;
}

const monday = day('2026-06-01');
const tuesday = monday + 1;
const opening = (dayNumber: number) => instantOf(dayNumber, 555);

describe('stored days', () => {
  test('a day has what is stored of it, and its previous close from the day before', async () => {
    const store = emptyStore();
    await store.save(
      share,
      bars(share, '1m', [
        [opening(monday), 100],
        [opening(tuesday), 110],
      ]),
    );
    const days = await storedDays({ store, rulebook: india, seed: 1 });
    const tape = await days.day(tuesday);
    expect(tape).toMatchObject({
      dayNumber: tuesday,
      open: opening(tuesday),
      close: instantOf(tuesday, 930),
    });
    expect(tape?.tracks).toMatchObject([
      { previousClose: 100, tick: expect.any(Number), minutes: { length: 1 } },
    ]);
    expect((await days.day(monday))?.tracks[0].previousClose).toBeNaN();
    expect(await days.day(tuesday + 1)).toBeUndefined();
  });

  test('tokens are those of the list of the day that is played, and nothing is looked up for invented ones', async () => {
    const store = emptyStore();
    const asked: number[] = [];
    const listingsOf = async (newest: number) => {
      asked.push(newest);
      const { listing } = wireNames([share])[0].listed;
      return new Map([[share.key, { ...listing, exchangeToken: 77, token: 77 * 256 + 1 }]]);
    };
    const invented = {
      ...share,
      key: 'SYN:ZAVORI',
      exchange: 'SYN',
      tradingsymbol: 'ZAVORI',
      synthetic: true,
    };
    await store.save(invented, bars(invented, '5m', [[opening(tuesday), 100]]));
    await storedDays({ store, rulebook: india, seed: 1, listingsOf });
    expect(asked).toEqual([]);
    await store.save(share, bars(share, '1m', [[opening(monday), 100]]));
    const days = await storedDays({ store, rulebook: india, seed: 1, listingsOf });
    expect(asked).toEqual([tuesday]);
    const tokens = (await days.day(monday))?.tracks.map(({ listed }) => listed.listing.token);
    expect(tokens).toContain(77 * 256 + 1);
  });

  test('a day without a bar is passed over', async () => {
    const store = emptyStore();
    await store.save(
      share,
      bars(share, '1m', [
        [opening(monday), 100],
        [opening(monday + 3), 110],
      ]),
    );
    const days = await storedDays({ store, rulebook: india, seed: 1 });
    expect((await days.day(tuesday))?.dayNumber).toBe(monday + 3);
    expect(days.newestDay).toBe(monday + 3);
  });

  test('on the ex-day of a split the previous close is on the scale of the new price', async () => {
    const store = emptyStore();
    await store.save(
      share,
      bars(share, '1m', [
        [opening(monday), 1_000],
        [opening(tuesday), 201],
      ]),
    );
    await store.saveActions([{ key: share.key, exDay: tuesday, kind: 'split', factor: 0.2 }]);
    const days = await storedDays({ store, rulebook: india, seed: 1 });
    expect((await days.day(tuesday))?.tracks[0].previousClose).toBeCloseTo(200, 9);
    expect((await days.day(monday))?.tracks[0].minutes.close[0]).toBe(1_000);
  });

  test.each(['5m', 'day'] as const)(
    'where only %s bars are stored, minutes are made that give them',
    async (timeframe) => {
      const store = emptyStore();
      const first = timeframe === 'day' ? startOfDay(tuesday) : opening(tuesday);
      const stored = bars(share, timeframe, [[first, 110]]);
      await store.save(share, stored);
      const days = await storedDays({ store, rulebook: india, seed: 1 });
      const minutes = (await days.day(tuesday))?.tracks[0].minutes ?? new BarSeries('', '1m');
      expect(minutes.length).toBe(timeframe === 'day' ? 375 : 5);
      const sessions = (dayNumber: number) => india.calendar.session(share, dayNumber);
      const { series } = resample(minutes, timeframe, sessions);
      expect([series.open[0], series.high[0], series.low[0], series.close[0], series.volume[0]]).toEqual([
        109, 112, 107, 110, 1_000,
      ]);
    },
  );

  test('contracts are listed until their expiry and chained by it', async () => {
    const store = emptyStore();
    const contract = (month: string, expiry: string): Instrument =>
      future('NIFTY', expiry, {
        key: `NFO:NIFTY26${month}FUT`,
        tradingsymbol: `NIFTY26${month}FUT`,
        lotSize: 75,
      });
    const near = contract('JUN', '2026-06-02');
    const far = contract('JUL', '2026-07-28');
    for (const each of [near, far]) {
      const rows = [monday, tuesday, tuesday + 1].map(
        (one) => [opening(one), each === near ? 100 : 200] as const,
      );
      await store.save(each, bars(each, '1m', each === near ? rows.slice(0, 2) : rows));
    }
    const days = await storedDays({ store, rulebook: india, seed: 1 });
    const keysOn = async (dayNumber: number) =>
      (await days.day(dayNumber))?.tracks.map(({ listed }) => listed.instrument.key);
    expect(await keysOn(tuesday)).toEqual([far.key, near.key]);
    expect(await keysOn(tuesday + 1)).toEqual([far.key]);
    const [listed] = (await days.day(tuesday + 1))?.tracks.map((track) => track.listed) ?? [];
    const chain = await days.futures(listed);
    expect(chain.map(({ instrument }) => instrument.key)).toEqual([near.key, far.key]);
    const span = { from: startOfDay(monday), to: startOfDay(monday + 9) };
    expect((await days.bars(listed, '15m', span)).length).toBe(3);
  });

  test('minutes outside the trading hours are not played', async () => {
    const store = emptyStore();
    const times = [opening(monday) - 8 * minuteMs, opening(monday), instantOf(monday, 940)];
    await store.save(
      share,
      bars(
        share,
        '1m',
        times.map((time) => [time, 100]),
      ),
    );
    const days = await storedDays({ store, rulebook: india, seed: 1 });
    expect((await days.day(monday))?.tracks[0].minutes.length).toBe(1);
  });
});
