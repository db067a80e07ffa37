import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openParquet } from '../../src/adapters/duckdb/parquet-reader.ts';
import { runBacktest } from '../../src/app/backtest-run.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { insideSessions } from '../../src/domain/resample.ts';
import { clockOf, dayNumberOf, instantOf, istDate, istMinuteOfDay } from '../../src/domain/time.ts';
import { fixedQuantity } from '../../src/engine/sizing.ts';
import { defineStrategy } from '../../src/strategy/index.ts';
import { defaultFillRules, noRiskLimits } from '../support/plain-rules.ts';
import { testWithShared } from '../support/shared-data.ts';
import { rulebook } from '../support/tape.ts';

const instrument: Instrument = {
  ...{ key: 'NSE:NIFTY BANK', exchange: 'NSE', tradingsymbol: 'NIFTY BANK', rules: 'NSE', kind: 'INDEX' },
  ...{ tickSize: 0.05, lotSize: 1 },
};

interface Range {
  high: number;
  low: number;
  highAt: string;
  lowAt: string;
  highBreak: string;
  lowBreak: string;
}

/** Each day's range of the first `minutes` and the first bars beyond it, as a strategy sees them through its session. */
function rangesOf(series: BarSeries, minutes: number): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  const strategy = defineStrategy({
    name: 'range_writer',
    about: 'Writes down the opening range.',
    timeframe: '1m',
    setup() {
      let range: Range | undefined;
      return {
        onBar({ bar, session }) {
          const at = clockOf(istMinuteOfDay(bar.time));
          if (session.bar === 0) {
            range = {
              high: bar.high,
              low: bar.low,
              highAt: at,
              lowAt: at,
              highBreak: 'N/A',
              lowBreak: 'N/A',
            };
            ranges.set(istDate(bar.time), range);
          }
          if (range === undefined) return;
          if (session.elapsed <= minutes) {
            if (bar.high > range.high) [range.high, range.highAt] = [bar.high, at];
            if (bar.low < range.low) [range.low, range.lowAt] = [bar.low, at];
          } else {
            if (bar.high > range.high && range.highBreak === 'N/A') range.highBreak = at;
            if (bar.low < range.low && range.lowBreak === 'N/A') range.lowBreak = at;
          }
        },
      };
    },
  });
  runBacktest({
    plan: {
      capitalPaise: 100_000_000,
      limits: noRiskLimits,
      sizing: fixedQuantity(1),
      charges: rulebook.charges('none'),
      rulebook,
      product: 'auto',
      squareOff: 'auto',
      entryCutOff: 'auto',
    },
    fill: defaultFillRules,
    series: [{ instrument, series, strategies: [{ strategy, params: {} }] }],
  });
  return ranges;
}

async function bankNifty(path: string): Promise<BarSeries> {
  const series = new BarSeries(instrument.key, '1m');
  const file = await openParquet(path, 'minutes');
  const time = file.columns.find((name) => /^(ts|time|date)/i.test(name)) ?? '';
  await file.read(
    { time, open: 'open', high: 'high', low: 'low', close: 'close', numbers: [], texts: [] },
    (chunk) => {
      for (let row = 0; row < chunk.length; row++) {
        // Wall clocks come as if they were UTC.
        const day = Math.floor(chunk.time[row] / 86_400_000);
        const minute = Math.floor((chunk.time[row] % 86_400_000) / 60_000);
        series.append(
          instantOf(day, minute),
          chunk.open[row],
          chunk.high[row],
          chunk.low[row],
          chunk.close[row],
          0,
        );
      }
    },
  );
  file.close();
  return insideSessions(series, (day) => rulebook.calendar.session(instrument, day)).series;
}

describe('opening ranges', () => {
  testWithShared(
    'expected/orb/README.txt',
    'agree with a published table of 154 days of BANKNIFTY',
    async (path) => {
      const series = await bankNifty(
        join(dirname(path), '../../minute/index_1m_BANKNIFTY_2024-01_08.parquet'),
      );
      // Days of disaster-recovery sessions, where the table counts bars of another grid.
      const skipped = new Set(['2024-03-02', '2024-05-18', '2024-01-20']);
      for (const [file, minutes] of [
        ['09_30', 16],
        ['10_00', 46],
        ['12_00', 166],
      ] as const) {
        const ranges = rangesOf(series, minutes);
        const expected = readFileSync(join(dirname(path), `BANKNIFTY_2024_${file}.csv`), 'utf8')
          .trim()
          .split('\n')
          .slice(1);
        let compared = 0;
        for (const line of expected) {
          const [date, , high, highAt, low, lowAt, , highBreak, , lowBreak] = line.split(',');
          const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
          if (skipped.has(day)) continue;
          expect({ day, ...ranges.get(day) }).toEqual({
            ...{ day, high: Number(high), low: Number(low), highAt, lowAt, highBreak, lowBreak },
          });
          compared += 1;
        }
        expect(compared).toBeGreaterThan(150);
      }
    },
  );

  test('count from the session’s own opening, on an evening session too', () => {
    const bars = (date: string, minute: number) => (place: number, high: number, low: number) =>
      [instantOf(dayNumberOf(date), minute + place), high - 1, high, low, low + 1] as const;
    const ordinary = bars('2024-10-31', 555);
    const muhurat = bars('2024-11-01', 1_080); // 18:00
    const series = new BarSeries(instrument.key, '1m');
    for (const [time, open, high, low, close] of [
      ordinary(0, 110, 100),
      ordinary(1, 112, 101),
      ordinary(2, 111, 99), // after two minutes
      ordinary(3, 113, 98),
      muhurat(0, 120, 115),
      muhurat(1, 119, 110),
      muhurat(2, 121, 111),
    ])
      series.append(time, open, high, low, close, 0);
    expect(Object.fromEntries(rangesOf(series, 2))).toEqual({
      '2024-10-31': {
        high: 112,
        low: 100,
        highAt: '09:16',
        lowAt: '09:15',
        highBreak: '09:18',
        lowBreak: '09:17',
      },
      '2024-11-01': {
        high: 120,
        low: 110,
        highAt: '18:00',
        lowAt: '18:01',
        highBreak: '18:02',
        lowBreak: 'N/A',
      },
    });
  });
});
