import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HistoryOptions, openHistory } from '../../../src/adapters/duckdb/history.ts';
import { BarSeries } from '../../../src/domain/bar-series.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { instantOf, minuteMs } from '../../../src/domain/time.ts';
import type { Timeframe } from '../../../src/domain/timeframe.ts';

export const allTime = { from: -Infinity, to: Infinity };

export const infy: Instrument = {
  key: 'NSE:INFY',
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  rules: 'NSE',
  kind: 'EQ',
  tickSize: 0.05,
  lotSize: 1,
};

export type Bar = readonly [
  time: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
];

export function seriesOf(bars: readonly Bar[], key = infy.key, timeframe: Timeframe = '1m'): BarSeries {
  const series = new BarSeries(key, timeframe);
  for (const bar of bars) series.append(...bar);
  return series;
}

export function barsOf(series: BarSeries): Bar[] {
  const { time, open, high, low, close, volume } = series;
  return Array.from({ length: series.length }, (_, row) => [
    time[row],
    open[row],
    high[row],
    low[row],
    close[row],
    volume[row],
  ]);
}

/** Minute bars on the 0.05 grid from 09:15 of a day, a new day after every 375. */
export function minuteBars(count: number, firstDay = 19_000): Bar[] {
  return Array.from({ length: count }, (_, at) => {
    const step = 30_000 + ((at * 37) % 400);
    const time = instantOf(firstDay + Math.floor(at / 375), 555) + (at % 375) * minuteMs;
    return [time, step / 20, (step + 9) / 20, (step - 7) / 20, (step + 2) / 20, (at * 13) % 5_000];
  });
}

/** A store in a folder of its own; waiting is counted, not done. */
export function temporaryHistory() {
  const folder = mkdtempSync(join(tmpdir(), 'algo-history-'));
  const options: HistoryOptions = {
    file: join(folder, 'history.duckdb'),
    cacheFolder: join(folder, 'cache'),
    waiting: { sleep: () => new Promise((resolve) => setImmediate(resolve)), random: () => 0.5 },
  };
  return {
    folder,
    options,
    store: openHistory(options),
    /** A second store on the same files, as another command would open it. */
    reopened: () => openHistory(options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
