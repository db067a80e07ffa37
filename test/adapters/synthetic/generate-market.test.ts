import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { generateMarket, type MarketPlan } from '../../../src/adapters/synthetic/generate-market.ts';
import { defaultConfig } from '../../../src/config/schema.ts';
import type { BarSeries } from '../../../src/domain/bar-series.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { istDate, istDayNumber, istText } from '../../../src/domain/time.ts';
import { cashTicks, weekdayCalendar } from './weekday-calendar.ts';

const base: MarketPlan = {
  ...defaultConfig().synthetic,
  days: 40,
  calendar: weekdayCalendar,
  contracts: cashTicks,
};
const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

interface Made {
  instrument: Instrument;
  series: BarSeries;
}

function make(change: Partial<MarketPlan> = {}): Made[] {
  return [...generateMarket({ ...base, ...change })];
}

function checksum(series: BarSeries): string {
  const hash = createHash('sha256');
  for (const column of columns) hash.update(new Uint8Array(series[column].slice(0, series.length).buffer));
  return hash.digest('hex').slice(0, 16);
}

function rowsOn({ series }: Made, date: string): number[] {
  return Array.from({ length: series.length }, (_, row) => row).filter(
    (row) => istDate(series.time[row]) === date,
  );
}

describe('a seed is a market', () => {
  test('seed 2020 gives these very bars on every machine and in every time zone', () => {
    const sums = make().map(({ instrument, series }) => [instrument.key, series.length, checksum(series)]);
    expect(sums).toEqual([
      ['SYN:INDEX', 14_415, '528f19e68c71e531'],
      ['SYN:ZAVORI', 14_415, 'eb84ee0b55a53aa7'],
      ['SYN:KENDRUM', 14_415, 'b084ccc110caeb4e'],
      ['SYN:PALVEX', 14_415, '114f36d6ccde956e'],
      ['SYN:TIRAMAX', 14_415, 'b553bbb9cf16e6af'],
      ['SYN:OSHVIN', 14_415, '4f30b89657632b74'],
    ]);
  });

  test('another seed gives other prices', () => {
    const [, first] = make();
    const [, other] = make({ seed: 2021 });
    expect(checksum(other.series)).not.toBe(checksum(first.series));
  });

  test('prices do not depend on how many symbols there are', () => {
    const few = make({ symbols: 2 });
    const many = make({ symbols: 20 });
    expect(many).toHaveLength(21);
    expect(many.slice(0, 3).map((one) => checksum(one.series))).toEqual(
      few.map((one) => checksum(one.series)),
    );
  });

  test('a longer market begins with the shorter one', () => {
    const long = make({ days: 60 });
    for (const [position, { series }] of make().entries()) {
      expect(long[position].series.length).toBeGreaterThan(series.length);
      expect(checksum(long[position].series.slice(0, series.length))).toBe(checksum(series));
    }
  });

  test.each([
    [{ seed: -1 }, 'Seed of the synthetic market was -1.'],
    [{ seed: 1.5 }, 'Seed of the synthetic market was 1.5.'],
    [{ days: 0 }, 'Number of trading days of the synthetic market was 0.'],
    [{ symbols: 21 }, 'Number of stocks of the synthetic market was 21.'],
  ])('%p is refused', (change, message) => {
    expect(() => make(change)).toThrow(expect.objectContaining({ code: 'USAGE_SYNTHETIC', message }));
  });
});

describe('the instruments', () => {
  test('are an index without volume and stocks on the exchange SYN under the rules of NSE', () => {
    const [index, ...stocks] = make({ symbols: 20, days: 1 }).map(({ instrument }) => instrument);
    expect(index).toMatchObject({ key: 'SYN:INDEX', kind: 'INDEX', rules: 'NSE', synthetic: true });
    for (const stock of stocks) {
      expect(stock).toMatchObject({ exchange: 'SYN', kind: 'EQ', rules: 'NSE', lotSize: 1, synthetic: true });
    }
    expect(new Set(stocks.map(({ key }) => key)).size).toBe(20);
    expect(stocks.filter(({ hasDerivatives }) => hasDerivatives)).toHaveLength(12);
  });
});

describe('every bar', () => {
  const market = make({ symbols: 20 });

  test('holds its open and close between low and high', () => {
    for (const { instrument, series } of market) {
      expect(series.length).toBeGreaterThan(14_000);
      for (let row = 0; row < series.length; row++) {
        const { open, high, low, close } = series;
        const valid =
          high[row] >= Math.max(open[row], close[row]) &&
          low[row] <= Math.min(open[row], close[row]) &&
          low[row] > 0;
        if (!valid) throw new Error(`${instrument.key} at ${istText(series.time[row])} is not a bar`);
      }
    }
  });

  test('lies on the tick grid that its own price asks for', () => {
    expect(market.length).toBe(21);
    for (const { instrument, series } of market) {
      for (const column of ['open', 'high', 'low', 'close'] as const) {
        for (let row = 0; row < series.length; row++) {
          const price = series[column][row];
          const tick = cashTicks.tickSize(instrument, 0, price);
          const paise = Math.round(price * 100);
          if (price !== paise / 100 || paise % Math.round(tick * 100) !== 0) {
            throw new Error(`${instrument.key}: ${price} is off the grid of ${tick}`);
          }
        }
      }
    }
  });

  test('stays inside the band around the close before: 10 % with derivatives, 20 % without', () => {
    for (const { instrument, series } of market) {
      const band = instrument.kind === 'INDEX' || instrument.hasDerivatives ? 0.1 : 0.2;
      let reference = Number.NaN;
      let outside = 0;
      for (let row = 1; row < series.length; row++) {
        if (istDayNumber(series.time[row]) !== istDayNumber(series.time[row - 1]))
          reference = series.close[row - 1];
        if (
          series.high[row] > reference * (1 + band) + 1e-9 ||
          series.low[row] < reference * (1 - band) - 1e-9
        )
          outside++;
      }
      expect([instrument.key, outside]).toEqual([instrument.key, 0]);
    }
  });

  test('has a volume of whole units, at least one for a stock and none for the index', () => {
    for (const { instrument, series } of market) {
      const units = series.volume.slice(0, series.length);
      const right = (volume: number) =>
        instrument.kind === 'INDEX' ? volume === 0 : Number.isInteger(volume) && volume >= 1;
      expect([instrument.key, units.every(right)]).toEqual([instrument.key, true]);
    }
  });
});

describe('the trading day', () => {
  test('has 375 minutes from 09:15 to 15:29', () => {
    const [index] = make({ days: 2, symbols: 0 });
    expect(index.series.length).toBe(750);
    expect(istText(index.series.time[0])).toBe('2025-10-01 09:15');
    expect(istText(index.series.time[374])).toBe('2025-10-01 15:29');
    expect(istText(index.series.time[375])).toBe('2025-10-02 09:15');
  });

  test('of Muhurat is one hour, a disaster-recovery Saturday has two sittings', () => {
    const [, stock] = make();
    const muhurat = rowsOn(stock, '2025-10-21');
    expect(muhurat).toHaveLength(60);
    expect(istText(stock.series.time[muhurat[0]])).toBe('2025-10-21 13:45');
    const recovery = rowsOn(stock, '2025-11-15');
    expect(recovery).toHaveLength(105);
    expect(istText(stock.series.time[recovery[45]])).toBe('2025-11-15 11:30');
  });

  test('of a stock with derivatives ends at 15:15 since 2026-08-03, while the index and the others go on', () => {
    const [index, withDerivatives, , without] = make({ from: '2026-07-31', days: 2, symbols: 3 });
    expect(withDerivatives.instrument.hasDerivatives).toBe(true);
    expect(without.instrument.hasDerivatives).toBe(false);
    expect(rowsOn(withDerivatives, '2026-07-31')).toHaveLength(375);
    expect(rowsOn(withDerivatives, '2026-08-03')).toHaveLength(360);
    expect(rowsOn(without, '2026-08-03')).toHaveLength(375);
    expect(rowsOn(index, '2026-08-03')).toHaveLength(375);
  });
});
