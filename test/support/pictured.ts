import { BarSeries } from '../../src/domain/bar-series.ts';
import type { ClosedTrade } from '../../src/domain/run-result.ts';
import { dayNumberOf, instantOf, minuteMs } from '../../src/domain/time.ts';
import type { BacktestOutcome } from '../../src/research/backtest-outcome.ts';
import type { Picture } from '../../src/research/picture.ts';
import { outcome, seeded, trade } from './outcomes.ts';

/** Weekday sessions of 375 one-minute bars from 09:15, prices in whole paise, the same on every machine. */
export function minuteSeries(key: string, length: number, seed = 11): BarSeries {
  const random = seeded(seed);
  const series = new BarSeries(key, '1m', length);
  let close = 1_000;
  for (let day = dayNumberOf('2020-01-01'); series.length < length; day++) {
    if ((day + 4) % 7 === 0 || (day + 4) % 7 === 6) continue;
    for (let minute = 0; minute < 375 && series.length < length; minute++) {
      const open = close;
      close = Math.round((open + (random() - 0.5) * 2) * 100) / 100;
      const high = Math.round((Math.max(open, close) + random()) * 100) / 100;
      const low = Math.round((Math.min(open, close) - random()) * 100) / 100;
      series.append(instantOf(day, 555) + minute * minuteMs, open, high, low, close, 100);
    }
  }
  return series;
}

/** A picture of a whole series: every bar a candle, one line twenty paise above the close after three bars. */
export function pictureOf(series: BarSeries, differences: Partial<Picture> = {}): Picture {
  return {
    key: series.key,
    timeframe: series.timeframe,
    strategies: ['ema20_50'],
    barsPerCandle: 1,
    candles: series,
    lines: [
      {
        name: 'ema(close, 20, sma)',
        values: series.close
          .slice(0, series.length)
          .map((close, row) => (row < 3 ? Number.NaN : close + 0.2)),
      },
    ],
    protections: [],
    protectionsLeft: 0,
    ...differences,
  };
}

/** A run over one instrument with an equity mark after every bar and a trade every so many bars. */
export function picturedRun({
  bars,
  tradeEvery,
  differences = {},
}: {
  readonly bars: number;
  readonly tradeEvery: number;
  readonly differences?: Partial<ClosedTrade>;
}): BacktestOutcome {
  const series = minuteSeries('NSE:INFY', bars);
  const random = seeded(3);
  const trades: ClosedTrade[] = [];
  const equity = new Float64Array(bars);
  let paise = 100_000_000;
  for (let row = 0; row < bars; row++) {
    if (row % tradeEvery === tradeEvery - 1) {
      const entry = row - Math.floor(tradeEvery / 2);
      const grossPaise = Math.round((random() - 0.5) * 400_000);
      trades.push(
        trade({
          id: trades.length + 1,
          entryTime: series.time[entry],
          exitTime: series.time[row],
          entryPrice: series.open[entry],
          exitPrice: series.open[row],
          grossPaise,
          chargesPaise: 4_512,
          bars: row - entry,
          ...differences,
        }),
      );
      paise += grossPaise - 4_512;
    }
    equity[row] = paise + Math.round((random() - 0.5) * 100_000);
  }
  equity[bars - 1] = paise;
  return outcome({
    trades,
    equity: {
      time: series.time.map((time) => time + minuteMs),
      equityPaise: equity,
      exposed: new Uint8Array(bars),
      length: bars,
    },
    pictures: { drawn: [pictureOf(series)], left: 0 },
  });
}
