import { describe, expect, test } from '@jest/globals';
import { istMinuteOfDay } from '../../src/domain/time.ts';
import { candleRows, candlesOf } from '../../src/research/picture.ts';
import { minuteSeries } from '../support/pictured.ts';

describe('candles of a long series', () => {
  test('are the bars themselves where they fit', () => {
    const series = minuteSeries('NSE:INFY', 400);
    const { rows, barsPerCandle } = candleRows(series, 400);
    expect(barsPerCandle).toBe(1);
    expect(rows).toHaveLength(401);
  });

  test('hold whole parts of a session and begin where it does', () => {
    const series = minuteSeries('NSE:INFY', 375 * 8);
    const { rows, barsPerCandle } = candleRows(series, 210);
    expect(barsPerCandle).toBe(15);
    const candles = candlesOf(series, rows);
    expect(candles.length).toBe(200);
    expect(istMinuteOfDay(candles.time[25])).toBe(555);
    expect(istMinuteOfDay(candles.time[26])).toBe(570);
  });

  test('keep every open, extreme, close and all volume', () => {
    const series = minuteSeries('NSE:INFY', 1_000);
    const { rows } = candleRows(series, 100);
    const candles = candlesOf(series, rows);
    for (let at = 0; at < candles.length; at++) {
      const bars = series.slice(rows[at], rows[at + 1]);
      expect(candles.open[at]).toBe(bars.open[0]);
      expect(candles.high[at]).toBe(Math.max(...bars.high));
      expect(candles.low[at]).toBe(Math.min(...bars.low));
      expect(candles.close[at]).toBe(bars.close[bars.length - 1]);
      expect(candles.volume[at]).toBe(100 * bars.length);
    }
    expect(rows[rows.length - 1]).toBe(1_000);
  });

  test('hold several days when a day is too short a candle', () => {
    const series = minuteSeries('NSE:INFY', 375 * 100);
    const { rows, barsPerCandle } = candleRows(series, 30);
    expect(rows.length - 1).toBe(25);
    expect(barsPerCandle).toBe(375 * 4);
  });
});
