import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BarSeries, interestAt } from '#src/domain/bar-series.ts';
import { resample } from '#src/domain/resample.ts';
import { instantOf, minuteMs } from '#src/domain/time.ts';
import type { DayTape } from '#src/sandbox/market/day-tape.ts';
import { minutesOf } from '#src/sandbox/market/minutes-of.ts';
import { PlayedDay } from '#src/sandbox/market/played-day.ts';
import { wireNames } from '#src/sandbox/market/wire-names.ts';
import { future, india, share, shareWithDerivatives } from '../../support/india.ts';

const dayNumber = 20_700;
const opens = instantOf(dayNumber, 555);

/** Minutes with gaps between them, prices on a grid of 0.05, volumes from nothing to plenty. */
const bars = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 3 }),
      prices: fc.array(fc.integer({ min: 1_900, max: 2_100 }), { minLength: 4, maxLength: 4 }),
      volume: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 5_000_000 })),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((rows) => {
    const series = new BarSeries(share.key, '1m');
    let minute = 0;
    for (const { gap, prices, volume } of rows) {
      const [open, close] = prices;
      minute += gap;
      series.append(
        opens + minute * minuteMs,
        open / 20,
        Math.max(...prices) / 20,
        Math.min(...prices) / 20,
        close / 20,
        volume,
      );
    }
    return series;
  });

function tapeOf(...all: BarSeries[]): DayTape {
  const names = wireNames([share, { ...shareWithDerivatives, key: 'NSE:TCS', tradingsymbol: 'TCS' }]);
  const tracks = all.map((minutes, place) => ({
    listed: names[place].listed,
    minutes,
    previousClose: 100,
    previousOpenInterest: 0,
    tick: 0.05,
  }));
  return { dayNumber, open: opens, close: instantOf(dayNumber, 930), tracks };
}

interface Print {
  readonly time: number;
  readonly key: string;
  readonly price: number;
  readonly quantity: number;
}

function played(tape: DayTape, seed: number): Print[] {
  const day = new PlayedDay(tape, seed);
  const prints: Print[] = [];
  for (let time = day.nextTime; time !== undefined; time = day.nextTime) {
    const { listed, lastPrice } = day.print();
    prints.push({ time, key: listed.instrument.key, price: lastPrice, quantity: day.tradedLast });
  }
  return prints;
}

function rebuilt(prints: readonly Print[], key: string): number[][] {
  const rows = new Map<number, number[]>();
  for (const { time, price, quantity } of prints.filter((print) => print.key === key)) {
    const minute = Math.floor(time / minuteMs) * minuteMs;
    const [, open, high, low, , volume] = rows.get(minute) ?? [minute, price, price, price, price, 0];
    rows.set(minute, [minute, open, Math.max(high, price), Math.min(low, price), price, volume + quantity]);
  }
  return [...rows.values()];
}

function rowsOf({ time, open, high, low, close, volume, length }: BarSeries): number[][] {
  return Array.from({ length }, (_, row) => [
    time[row],
    open[row],
    high[row],
    low[row],
    close[row],
    volume[row],
  ]);
}

describe('a day that plays', () => {
  test('bars built from the prints are the stored bars', () => {
    fc.assert(
      fc.property(bars, bars, fc.integer(), (one, other, seed) => {
        const prints = played(tapeOf(one, other), seed);
        expect(rebuilt(prints, 'NSE:INFY')).toEqual(rowsOf(one));
        expect(rebuilt(prints, 'NSE:TCS')).toEqual(rowsOf(other));
        expect(prints.every(({ time }, at) => at === 0 || time >= prints[at - 1].time)).toBe(true);
        expect(prints.every(({ price }) => Math.abs(price * 20 - Math.round(price * 20)) < 1e-9)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('the same seed prints the same day, another seed another one, and other instruments change nothing', () => {
    const [one] = fc.sample(bars, { numRuns: 1, seed: 3 });
    const alone = played(tapeOf(one), 5);
    expect(played(tapeOf(one), 5)).toEqual(alone);
    expect(played(tapeOf(one), 6)).not.toEqual(alone);
    const [other] = fc.sample(bars, { numRuns: 1, seed: 4 });
    expect(played(tapeOf(one, other), 5).filter(({ key }) => key === 'NSE:INFY')).toEqual(alone);
  });

  test('prints of a contract are whole lots', () => {
    const contract = future('NIFTY', '2026-09-29', { lotSize: 75 });
    const series = new BarSeries(contract.key, '1m');
    series.append(opens, 100, 101, 99, 100.5, 75 * 40);
    const [name] = wireNames([contract]);
    const track = {
      listed: name.listed,
      minutes: series,
      previousClose: 100,
      previousOpenInterest: 0,
      tick: 0.05,
    };
    const prints = played({ ...tapeOf(), tracks: [track] }, 1);
    expect(prints.length).toBeGreaterThan(3);
    expect(prints.every(({ quantity }) => quantity % 75 === 0)).toBe(true);
  });

  test('the last print of a minute brings its open interest, the first ones have that of the evening before', () => {
    const contract = future('NIFTY', '2026-09-29', { lotSize: 75 });
    const series = new BarSeries(contract.key, '1m');
    for (let minute = 0; minute < 3; minute++)
      series.append(opens + minute * minuteMs, 100, 101, 99, 100.5, 75 * 40);
    [9_000, 6_000, 7_500].forEach((units, row) => {
      series.setOpenInterest(row, units);
    });
    const [name] = wireNames([contract]);
    const track = { listed: name.listed, minutes: series, previousClose: 100, tick: 0.05 };
    const day = new PlayedDay({ ...tapeOf(), tracks: [{ ...track, previousOpenInterest: 7_000 }] }, 1);
    const seen = new Map<number, number[]>();
    for (let time = day.nextTime; time !== undefined; time = day.nextTime) {
      const minute = Math.floor((time - opens) / minuteMs);
      seen.set(minute, [...(seen.get(minute) ?? []), day.print().openInterest]);
    }
    expect([0, 1, 2].map((minute) => seen.get(minute)?.[0])).toEqual([7_000, 9_000, 6_000]);
    expect([0, 1, 2].map((minute) => seen.get(minute)?.at(-1))).toEqual([9_000, 6_000, 7_500]);
    expect(day.quote(0)).toMatchObject({
      openInterest: 7_500,
      openInterestHigh: 9_000,
      openInterestLow: 6_000,
    });
    const until = day.minutesUntil(0, opens + 2 * minuteMs);
    expect([0, 1].map((row) => interestAt(until, row))).toEqual([9_000, 6_000]);
  });

  test('a minute without a range at the edge of a band is locked, and nobody stands on the other side', () => {
    const series = new BarSeries(share.key, '1m');
    series.append(opens, 104, 105, 104, 105, 1_000);
    series.append(opens + minuteMs, 105, 105, 105, 105, 1_000);
    series.append(opens + 2 * minuteMs, 95, 95, 95, 95, 1_000);
    series.append(opens + 3 * minuteMs, 96, 97, 95, 96, 1_000);
    series.append(opens + 4 * minuteMs, 119, 120, 119, 120, 1_000);
    const day = new PlayedDay(tapeOf(series), 1);
    const seen = new Map<number, Set<string>>();
    while (day.nextTime !== undefined) {
      const { time, lastPrice, locked, bids, asks, buyQuantity, sellQuantity } = day.print();
      const minute = Math.floor((time - opens) / minuteMs);
      const sides = `${bids.some(({ quantity }) => quantity > 0) ? 'bids' : ''} ${asks.some(({ quantity }) => quantity > 0) ? 'asks' : ''}`;
      seen.set(minute, (seen.get(minute) ?? new Set()).add(`${locked} ${sides.trim()}`));
      expect([buyQuantity > 0, sellQuantity > 0]).toEqual([locked !== -1, locked !== 1]);
      // 120 is the limit that the sandbox itself announces, a fifth above the close before.
      expect(lastPrice === 120).toBe(minute === 4 && locked === 1);
    }
    expect([...seen].slice(0, 4).map(([, sides]) => [...sides])).toEqual([
      ['0 bids asks'],
      ['1 bids'],
      ['-1 asks'],
      ['0 bids asks'],
    ]);
    expect([...(seen.get(4) ?? [])].sort()).toEqual(['0 bids asks', '1 bids']);
  });

  test('the book stands around the last price, inside the limits', () => {
    const [one] = fc.sample(bars, { numRuns: 1, seed: 9 });
    const day = new PlayedDay(tapeOf(one), 5);
    while (day.nextTime !== undefined) {
      const { bids, asks, lastPrice, lowerCircuit, upperCircuit } = day.print();
      expect(bids[0].price).toBeLessThan(asks[0].price);
      expect([bids[0].price, asks[0].price]).toContain(lastPrice);
      for (let row = 1; row < 5; row++) {
        expect(bids[row].price).toBeLessThan(bids[row - 1].price);
        expect(asks[row].price).toBeGreaterThan(asks[row - 1].price);
      }
      expect(bids[4].price).toBeGreaterThanOrEqual(lowerCircuit);
      expect(asks[4].price).toBeLessThanOrEqual(upperCircuit);
    }
  });

  test.each(['5m', '15m', '1h', 'day'] as const)(
    'minutes made for stored %s bars make those bars',
    (timeframe) => {
      const sessions = (day: number) => india.calendar.session(share, day);
      const four = fc.array(fc.integer({ min: 1_900, max: 2_100 }), { minLength: 4, maxLength: 4 });
      fc.assert(
        fc.property(four, (prices) => {
          const stored = new BarSeries(share.key, timeframe);
          const [open, close] = prices;
          const time = timeframe === 'day' ? instantOf(dayNumber, 0) : opens;
          const [high, low] = [Math.max(...prices) / 20, Math.min(...prices) / 20];
          stored.append(time, open / 20, high, low, close / 20, 12_345);
          const minutes = minutesOf(stored, 0.05, 1, sessions);
          expect(rowsOf(resample(minutes, timeframe, sessions).series)).toEqual(rowsOf(stored));
        }),
      );
    },
  );
});
