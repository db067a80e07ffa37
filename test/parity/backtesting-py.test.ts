import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { openParquet } from '../../src/adapters/duckdb/parquet-reader.ts';
import { runBacktest } from '../../src/app/backtest-run.ts';
import { BarSeries } from '../../src/domain/bar-series.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import { dayNumberOf, startOfDay } from '../../src/domain/time.ts';
import { fixedQuantity } from '../../src/engine/sizing.ts';
import { crossesAbove, crossesBelow, defineStrategy, type Strategy } from '../../src/strategy/index.ts';
import { defaultFillRules, noRiskLimits } from '../support/plain-rules.ts';
import { testWithShared } from '../support/shared-data.ts';
import { rulebook } from '../support/tape.ts';

/** A round trip as that engine wrote it down: bars counted from 0, negative sizes are short. */
interface Expected {
  readonly size: number;
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly profit: number;
  readonly commission: number;
}

const instrument: Instrument = {
  ...{ key: 'TEST:PARITY', exchange: 'TEST', tradingsymbol: 'PARITY', rules: 'none', kind: 'EQ' },
  ...{ tickSize: 0, lotSize: 1 },
};

/** Our engine over the same bars, each entry as large as theirs was. */
function run(series: BarSeries, strategy: Strategy, charges: string) {
  const { engine } = runBacktest({
    plan: {
      capitalPaise: 1_000_000_000_00,
      limits: noRiskLimits,
      sizing: fixedQuantity(1),
      charges: rulebook.charges(charges),
      rulebook,
      product: 'auto',
      squareOff: 'auto',
      entryCutOff: 'auto',
    },
    fill: { ...defaultFillRules, limitTouch: true }, // their limits fill at a touch; ours ask for more unless told
    series: [{ instrument, series, strategies: [{ strategy, params: {} }] }],
  });
  return engine.trades();
}

function compare(series: BarSeries, expected: readonly Expected[], trades: ReturnType<typeof run>): void {
  expect(
    trades.map(({ direction, quantity, entryTime, exitTime, exitReason }) => ({
      size: direction === 'LONG' ? quantity : -quantity,
      entryBar: series.rowAt(entryTime),
      // Ours ends with the last bar's close, at which the next bar would open.
      exitBar: exitReason === 'end-of-data' ? series.length - 1 : series.rowAt(exitTime),
    })),
  ).toEqual(expected.map(({ size, entryBar, exitBar }) => ({ size, entryBar, exitBar })));
  expected.forEach(({ entryPrice, exitPrice, profit, commission }, at) => {
    const trade = trades[at];
    // Their files hold ten digits.
    expect(Math.abs(trade.entryPrice - entryPrice)).toBeLessThan(1e-5);
    if (trade.exitReason === 'end-of-data') {
      // They value what is still open at the last bar's open, we at its close, which is what the account is worth then.
      expect(Math.abs(series.open[series.length - 1] - exitPrice)).toBeLessThan(1e-5);
      expect(trade.exitPrice).toBe(series.close[series.length - 1]);
      return;
    }
    expect(Math.abs(trade.exitPrice - exitPrice)).toBeLessThan(1e-5);
    // They keep fractions of a paisa; we round each order's value and its charge to whole ones.
    expect(Math.abs((trade.grossPaise - trade.chargesPaise) / 100 - profit)).toBeLessThan(0.03);
    expect(Math.abs(trade.chargesPaise / 100 - commission)).toBeLessThan(0.02);
  });
}

/** Sizes by the number of the entry, as theirs followed from all the cash there was. */
function sizes(expected: readonly Expected[]): () => number {
  let next = 0;
  return () => Math.abs(expected[next++]?.size ?? 1);
}

/** EMA 20 over EMA 50, seeded with the first close, from the 50th bar on. */
function emaCross(size: () => number): Strategy {
  return defineStrategy({
    name: 'ema_cross',
    about: 'Long while the EMA of 20 is above that of 50.',
    timeframe: 'day',
    setup({ close, ema }) {
      const quick = ema(close, 20, { seed: 'first' });
      const steady = ema(close, 50, { seed: 'first' });
      return {
        onBar({ bar, position, buy, exit }) {
          if (bar.index < 50) return;
          if (position.flat && crossesAbove(quick, steady)) buy({ quantity: size() });
          else if (position.long && crossesBelow(quick, steady)) exit();
        },
      };
    },
  });
}

function smaReversal(size: () => number): Strategy {
  return defineStrategy({
    name: 'sma_reversal',
    about: 'Long when the average of 10 crosses above that of 20, short when below.',
    timeframe: 'day',
    setup({ close, sma }) {
      const quick = sma(close, 10);
      const steady = sma(close, 20);
      return {
        onBar({ buy, sell }) {
          if (crossesAbove(quick, steady)) buy({ quantity: size() });
          else if (crossesBelow(quick, steady)) sell({ quantity: size() });
        },
      };
    },
  });
}

function rsiBounce(size: () => number): Strategy {
  return defineStrategy({
    name: 'rsi_bounce',
    about: 'Long below an RSI of 30, out above 70, stop 5 and target 10 percent from the close.',
    timeframe: 'day',
    setup({ close, rsi }) {
      const strength = rsi(close, 14);
      return {
        onBar({ bar, position, buy, exit }) {
          // They decide from the bar after the indicator's first value on.
          if (bar.index < 15) return;
          if (position.flat && strength.now < 30)
            buy({
              quantity: size(),
              stopLoss: { price: bar.close * 0.95 },
              target: { price: bar.close * 1.1 },
            });
          else if (position.long && strength.now > 70) exit();
        },
      };
    },
  });
}

function expectedOf(path: string): Expected[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(',').map(Number))
    .map(([size, entryBar, exitBar, entryPrice, exitPrice, , , profit, commission]) => ({
      ...{ size, entryBar, exitBar, entryPrice, exitPrice, profit, commission },
    }));
}

function niftyOf(path: string): BarSeries {
  const series = new BarSeries(instrument.key, 'day');
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1)) {
    const [date, close, high, low, open] = line.split(',');
    if (date < '2010-01-01') continue;
    series.append(startOfDay(dayNumberOf(date)), Number(open), Number(high), Number(low), Number(close), 0);
  }
  return series;
}

async function relianceOf(path: string): Promise<BarSeries> {
  const series = new BarSeries(instrument.key, 'day');
  const file = await openParquet(path, 'adjusted');
  const symbol = file.columns.find((name) => name.toLowerCase() === 'symbol') ?? '';
  const time = file.columns.find((name) => /date|time|^ts$/i.test(name)) ?? '';
  await file.read(
    { time, open: 'open', high: 'high', low: 'low', close: 'close', numbers: [], texts: [symbol] },
    (chunk) => {
      for (let row = 0; row < chunk.length; row++) {
        if (chunk.texts[0]?.[row] !== 'RELIANCE') continue;
        const day = Math.floor(chunk.time[row] / 86_400_000);
        if (day < dayNumberOf('2010-01-01') || day > dayNumberOf('2023-12-31')) continue;
        series.append(startOfDay(day), chunk.open[row], chunk.high[row], chunk.low[row], chunk.close[row], 0);
      }
    },
  );
  file.close();
  return series;
}

describe('trade for trade with backtesting.py', () => {
  const folder = 'expected/backtesting-py/expected.json';
  const beside = (path: string, name: string) => expectedOf(join(dirname(path), `${name}_trades.csv`));
  const nifty = (path: string) =>
    niftyOf(join(dirname(path), '../../daily/nifty50_index_yahoo_2007-09_2024-12.csv.gz'));

  testWithShared(folder, 'EMA 20/50 over 15 years of NIFTY', (path) => {
    const expected = beside(path, 'NIFTY_ema20_50_long');
    const series = nifty(path);
    compare(series, expected, run(series, emaCross(sizes(expected)), 'none'));
  });

  testWithShared(folder, 'SMA 10/20 long and short with 0.1 % commission', (path) => {
    const expected = beside(path, 'NIFTY_sma10_20_longshort_comm001');
    const series = nifty(path);
    compare(series, expected, run(series, smaReversal(sizes(expected)), 'flat:0.1%'));
  });

  testWithShared(folder, 'RSI with stop and target', (path) => {
    const expected = beside(path, 'NIFTY_rsi14_sltp');
    const series = nifty(path);
    compare(series, expected, run(series, rsiBounce(sizes(expected)), 'none'));
  });

  testWithShared(folder, 'EMA 20/50 over 14 years of RELIANCE', async (path) => {
    const expected = beside(path, 'RELIANCE_ema20_50_long');
    const series = await relianceOf(
      join(dirname(path), '../../daily/nse_stocks_adjusted_2000-01_2024-04.parquet'),
    );
    compare(series, expected, run(series, emaCross(sizes(expected)), 'none'));
  });
});

describe('the same rules on bars made here', () => {
  /** Falls, rises and falls again by one a day, opening where the day before closed. */
  const turning = () => {
    const series = new BarSeries(instrument.key, 'day');
    let close = 200;
    for (let day = 0; day < 180; day++) {
      const open = close;
      close += day < 60 || day >= 120 ? -1 : 1;
      series.append(startOfDay(20_000 + day), open, Math.max(open, close), Math.min(open, close), close, 0);
    }
    return series;
  };

  /** Bars at whose close an EMA of 20 goes above and below one of 50, both begun with the first close. */
  const crossings = ({ close, length }: BarSeries): readonly number[] => {
    const found: number[] = [];
    let [quick, steady] = [close[0], close[0]];
    for (let row = 1; row < length; row++) {
      const above = quick > steady;
      quick += ((close[row] - quick) * 2) / 21;
      steady += ((close[row] - steady) * 2) / 51;
      if (quick > steady !== above) found.push(row);
    }
    return found;
  };

  test('a decision on a close fills at the next open', () => {
    const series = turning();
    const trades = run(
      series,
      emaCross(() => 3),
      'none',
    );
    expect(trades).toHaveLength(1);
    const [{ entryTime, exitTime, entryPrice, exitPrice, grossPaise }] = trades;
    const [up, down] = crossings(series);
    expect([series.rowAt(entryTime), series.rowAt(exitTime)]).toEqual([up + 1, down + 1]);
    expect([entryPrice, exitPrice]).toEqual([series.open[up + 1], series.open[down + 1]]);
    expect(grossPaise).toBe(300 * (exitPrice - entryPrice));
  });

  test('long and short with a commission of each side', () => {
    const series = turning();
    const trades = run(
      series,
      smaReversal(() => 5),
      'flat:0.1%',
    );
    expect(trades.map(({ direction, exitReason }) => [direction, exitReason])).toEqual([
      ['LONG', 'reversal'],
      ['SHORT', 'end-of-data'],
    ]);
    for (const { entryPrice, exitPrice, chargesPaise } of trades)
      expect(chargesPaise).toBe(Math.round(entryPrice * 0.5) + Math.round(exitPrice * 0.5));
  });
});
