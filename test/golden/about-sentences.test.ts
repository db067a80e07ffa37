import { describe, expect, test } from '@jest/globals';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { clockOf, dayNumberOf, instantOf, istMinuteOfDay } from '../../src/domain/time.ts';
import ema20_50 from '../../strategies/ema20_50.ts';
import ladder from '../../strategies/ladder.ts';
import openingRangeBreakout from '../../strategies/opening_range_breakout.ts';
import rsiPullback from '../../strategies/rsi_pullback.ts';
import { runShipped, storedTape } from '../support/shipped.ts';

/** Means of the newest `count` closes by row. */
function averages(close: Float64Array, length: number, count: number): number[] {
  return Array.from({ length }, (_, row) => {
    if (row < count - 1) return Number.NaN;
    let sum = 0;
    for (let i = row - count + 1; i <= row; i++) sum += close[i];
    return sum / count;
  });
}

/** Exponential averages that begin with the mean of the first `count` closes. */
function exponential(close: Float64Array, length: number, count: number): number[] {
  const line = averages(close, length, count);
  for (let row = count; row < length; row++)
    line[row] = line[row - 1] + ((close[row] - line[row - 1]) * 2) / (count + 1);
  return line;
}

/** Wilder's index, from the means of the first fourteen gains and losses. */
function wilder(close: Float64Array, length: number): number[] {
  const line = [Number.NaN];
  let [gain, loss] = [0, 0];
  for (let row = 1; row < length; row++) {
    const change = close[row] - close[row - 1];
    const [up, down] = [Math.max(change, 0), Math.max(-change, 0)];
    if (row <= 14) [gain, loss] = [gain + up / 14, loss + down / 14];
    else [gain, loss] = [(gain * 13 + up) / 14, (loss * 13 + down) / 14];
    line.push(row < 14 ? Number.NaN : 100 - 100 / (1 + gain / loss));
  }
  return line;
}

/** Bars on whose close orders of a role were decided. */
function decidedOn({ orders, series }: ReturnType<typeof runShipped>, role: string): number[] {
  return orders.filter((order) => order.role === role).map(({ time }) => rowClosingAt(series, time));
}

function rowClosingAt(series: BarSeries, time: number): number {
  return series.rowAt(time) - 1;
}

describe('a strategy does what its sentence says', () => {
  test('ema20_50 buys where EMA 20 crosses above EMA 50 and leaves where it crosses back', () => {
    const run = runShipped(ema20_50);
    const { close, length } = run.series;
    const [quick, steady] = [exponential(close, length, 20), exponential(close, length, 50)];
    const crosses = (row: number, sign: 1 | -1) =>
      (quick[row - 1] - steady[row - 1]) * sign <= 0 && (quick[row] - steady[row]) * sign > 0;
    const [entries, exits] = [decidedOn(run, 'entry'), decidedOn(run, 'signal')];
    expect(entries.length).toBeGreaterThan(5);
    expect(exits.length).toBeGreaterThan(3);
    expect(entries.every((row) => crosses(row, 1))).toBe(true);
    expect(exits.every((row) => crosses(row, -1))).toBe(true);
    expect(run.trades.every(({ direction }) => direction === 'LONG')).toBe(true);
    const upward = Array.from({ length }, (_, row) => row).filter((row) => crosses(row, 1));
    expect(entries).toEqual(upward);
  });

  test('rsi_pullback buys a recovery from below 30 in a rising market and leaves above 55 or 2 percent down', () => {
    const run = runShipped(rsiPullback, storedTape('5m'));
    const { close, length } = run.series;
    const [strength, average] = [wilder(close, length), averages(close, length, 200)];
    const entries = decidedOn(run, 'entry');
    expect(entries.length).toBeGreaterThan(1);
    for (const row of entries) {
      expect(strength[row - 1]).toBeLessThanOrEqual(30);
      expect(strength[row]).toBeGreaterThan(30);
      expect(close[row]).toBeGreaterThan(average[row]);
    }
    for (const row of decidedOn(run, 'signal')) expect(strength[row]).toBeGreaterThan(55);
    for (const { trigger, id } of run.orders.filter(({ role }) => role === 'stop')) {
      const trade = run.trades.find(({ entryOrder }) => entryOrder === id - 1);
      expect(Math.abs(trigger / ((trade?.entryPrice ?? 0) * 0.98) - 1)).toBeLessThan(0.0002);
    }
  });

  describe('ladder', () => {
    /** Fifteen-minute bars: sixty that rise a little and dip, then those of the test, each opening where the one before closed. */
    const climb = (...closes: readonly number[]) => {
      const series = new BarSeries('NSE:INFY', '15m');
      const lead = Array.from({ length: 60 }, (_, row) => 90 + row / 6);
      let open = lead[0];
      for (const [row, close] of [...lead, 98, ...closes].entries()) {
        const day = dayNumberOf('2026-06-01') + Math.floor(row / 25);
        const opens = instantOf(day, 555) + (row % 25) * 900_000;
        series.append(opens, open, Math.max(open, close), Math.min(open, close), close, 1_000_000);
        open = close;
      }
      const { instrument } = storedTape('15m');
      const { trades } = runShipped(ladder, { instrument, series });
      return trades.map(({ exitReason, entryPrice, exitPrice, note }) => ({
        note,
        exitReason,
        entry: Math.round(entryPrice),
        lead: Number(((exitPrice / entryPrice - 1) * 100).toFixed(1)),
      }));
    };

    test('takes the second a quarter of a percent ahead and the third one percent ahead, and lets both run after the target', () => {
      // The close crosses above the average at 100; the first fills at 100, the second at 101, the third at 102.
      const trades = climb(100, 100, 101, 102, 102, 104, 106, 110, 115, 111, 111);
      expect(trades).toEqual([
        { note: 'P1', exitReason: 'target', entry: 100, lead: 5 },
        { note: 'P2', exitReason: 'stop', entry: 101, lead: 11 },
        { note: 'P3', exitReason: 'stop', entry: 102, lead: 9.9 },
      ]);
    });

    test('closes the first 2.5 percent down when nothing joined it', () => {
      expect(climb(100, 100, 100, 97, 96)).toEqual([
        { note: 'P1', exitReason: 'stop', entry: 100, lead: -2.5 },
      ]);
    });

    test('gives the third 5 percent where the first two have 2.5', () => {
      expect(climb(100, 100, 101, 102, 102, 102, 98, 97.8, 96, 96).map(({ lead }) => lead)).toEqual([
        -2.5, -2.5, -5,
      ]);
    });
  });

  describe('opening_range_breakout', () => {
    /** Five-minute bars of one day from 09:15; the first three make the range 99 to 102. */
    const day = (rest: readonly (readonly [number, number, number, number])[]) => {
      const series = new BarSeries('NSE:INFY', '5m');
      const bars = [[100, 101, 99, 100], [100, 102, 100, 101], [101, 102, 100, 101], ...rest] as const;
      for (const [row, [open, high, low, close]] of bars.entries())
        series.append(
          instantOf(dayNumberOf('2026-06-01'), 555) + row * 300_000,
          open,
          high,
          low,
          close,
          1_000_000,
        );
      return series;
    };
    const { instrument } = storedTape('5m');
    const orb = (rest: Parameters<typeof day>[0]) =>
      runShipped(openingRangeBreakout, { instrument, series: day(rest) });
    const quiet = [101, 101.5, 100, 101] as const;

    test('buys when a bar closes above the range, with its stop at the low of the range', () => {
      const { orders, trades } = orb([quiet, [101, 103, 101, 102.5], [102.5, 104, 98, 99], quiet]);
      expect(
        orders.map(({ side, role, trigger, time }) => [side, role, trigger, clockOf(istMinuteOfDay(time))]),
      ).toEqual([
        ['BUY', 'entry', Number.NaN, '09:40'],
        ['SELL', 'stop', 99, '09:40'],
      ]);
      expect(trades).toMatchObject([{ direction: 'LONG', exitReason: 'stop' }]);
    });

    test('does not follow a high that no bar closed above', () => {
      expect(orb([[101, 105, 101, 102], quiet, quiet]).orders).toEqual([]);
    });

    test('goes short below the range, and once a day each way', () => {
      const { trades } = orb([
        [101, 101, 98, 98.5], // closes below 99
        [98.5, 99, 98, 98.5], // short at the open, stop at 102
        [98.5, 103, 98, 100], // stopped out
        [100, 100, 97, 98], // below again: not a second time
        quiet,
        [101, 104, 101, 103], // above: the day's long
        [103, 104, 103, 104],
      ]);
      expect(trades.map(({ direction, exitReason }) => [direction, exitReason])).toEqual([
        ['SHORT', 'stop'],
        ['LONG', 'end-of-data'],
      ]);
    });

    test('is flat by the end of the day', () => {
      const { trades } = orb(Array.from({ length: 72 }, () => [103, 104, 102.5, 103] as const));
      expect(trades).toMatchObject([{ direction: 'LONG', exitReason: 'square-off', product: 'MIS' }]);
      expect(clockOf(istMinuteOfDay(trades[0].exitTime))).toBe('15:20');
    });
  });
});
