import { describe, expect, test } from '@jest/globals';
import {
  generateMarket,
  type MarketPlan,
  marketEvents,
} from '../../../src/adapters/synthetic/generate-market.ts';
import type { BarSeries } from '../../../src/domain/bar-series.ts';
import { istDate, istDayNumber, istText, startOfDay } from '../../../src/domain/time.ts';
import { checksum, indianPlan } from './made-derivatives.ts';
import { cashTicks } from './weekday-calendar.ts';

const plan: MarketPlan = { ...indianPlan, days: 52, symbols: 10 };
const make = (change: Partial<MarketPlan>) => [...generateMarket({ ...plan, ...change })];
const plain = new Map(make({}).map(({ instrument, series }) => [instrument.key, series]));

function seriesOf(made: ReturnType<typeof make>, key: string): BarSeries {
  const one = made.find(({ instrument }) => instrument.key === key);
  if (!one) throw new Error(`${key} was not made`);
  return one.series;
}

function untouched(key: string): BarSeries {
  const series = plain.get(key);
  if (!series) throw new Error(`${key} was not made`);
  return series;
}

describe('corporate actions', () => {
  const made = make({ actions: true });
  const { actions, circuits } = marketEvents({ ...plan, actions: true });

  test('are splits and bonus issues of stocks without derivatives, with their factor', () => {
    expect(circuits).toEqual([]);
    expect(actions.map(({ key, kind, ratio, factor }) => [key, kind, ratio, factor])).toEqual([
      ['SYN:PALVEX', 'split', '1:2', 0.5],
      ['SYN:OSHVIN', 'bonus', '1:1', 0.5],
      ['SYN:CHALDEX', 'split', '1:2', 0.5],
      ['SYN:GOLVARA', 'bonus', '1:1', 0.5],
    ]);
  });

  test('halve raw prices and double volumes from the ex-date on, and change nothing before', () => {
    for (const { key, exDate } of actions) {
      const series = seriesOf(made, key);
      const before = untouched(key);
      const ex = series.rowAt(startOfDay(Math.floor(Date.parse(exDate) / 86_400_000)));
      expect(istDate(series.time[ex])).toBe(exDate);
      expect(checksum(series.slice(0, ex))).toBe(checksum(before.slice(0, ex)));
      for (let row = ex; row < series.length; row++) {
        const halved = Math.abs(series.close[row] - before.close[row] / 2) < 0.0501;
        if (!halved || series.volume[row] !== before.volume[row] * 2)
          throw new Error(`${key} is not halved at ${istText(series.time[row])}`);
      }
    }
  });

  test('leave every other instrument alone', () => {
    const changed = made.filter(({ series }) => checksum(series) !== checksum(untouched(series.key)));
    expect(changed.map(({ series }) => series.key).sort()).toEqual(actions.map(({ key }) => key).sort());
  });
});

describe('circuit days', () => {
  const made = make({ circuits: true });
  const { circuits } = marketEvents({ ...plan, circuits: true });

  test('lock a stock at the band of its last close, in every minute from first to last', () => {
    expect(circuits.length).toBeGreaterThanOrEqual(4);
    for (const { key, date, side, band, from, to } of circuits) {
      const { time, open, high, low, close } = seriesOf(made, key);
      const { instrument } = made.find((one) => one.instrument.key === key) ?? made[0];
      const day = istDayNumber(from);
      const first = seriesOf(made, key).rowAt(startOfDay(day));
      const limit = close[first - 1] * (side === 'upper' ? 1 + band : 1 - band);
      const rows = Array.from(time, (_, row) => row).filter((row) => time[row] >= from && time[row] <= to);
      expect([date, rows.length]).toEqual([istDate(from), (to - from) / 60_000 + 1]);
      for (const row of rows) {
        expect([open[row], high[row], low[row]]).toEqual([close[row], close[row], close[row]]);
        expect(Math.abs(close[row] - limit)).toBeLessThanOrEqual(
          cashTicks.tickSize(instrument, day, close[row]),
        );
      }
    }
  });

  test('stay inside that band all day, and the days after inside the widest', () => {
    expect(made.length).toBeGreaterThan(0);
    expect(circuits.length).toBeGreaterThan(0);
    for (const { series, instrument } of made) {
      let reference = Number.NaN;
      for (let row = 1; row < series.length; row++) {
        const day = istDayNumber(series.time[row]);
        if (day !== istDayNumber(series.time[row - 1])) reference = series.close[row - 1];
        const circuit = circuits.find((one) => one.key === instrument.key && istDayNumber(one.from) === day);
        const band = circuit?.band ?? 0.2;
        if (
          series.high[row] > reference * (1 + band) + 1e-9 ||
          series.low[row] < reference * (1 - band) - 1e-9
        )
          throw new Error(`${instrument.key} left its band at ${istText(series.time[row])}`);
      }
    }
  });

  test('come at the same time in a longer market', () => {
    const longer = marketEvents({ ...plan, circuits: true, days: 70 }).circuits;
    expect(longer.filter(({ from }) => from <= (circuits.at(-1)?.from ?? 0))).toEqual(
      expect.arrayContaining([...circuits]),
    );
  });
});
