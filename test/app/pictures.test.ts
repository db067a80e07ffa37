import { describe, expect, test } from '@jest/globals';
import { picturesOf } from '../../src/app/pictures.ts';
import { protectionLevels } from '../../src/app/protection-levels.ts';
import type { OrderIntent } from '../../src/domain/order.ts';
import type { JournalEntry } from '../../src/engine/journal-entry.ts';
import { ema } from '../../src/indicators/ema.ts';
import { vwap } from '../../src/indicators/vwap.ts';
import { defineStrategy } from '../../src/strategy/define.ts';
import { int } from '../../src/strategy/params.ts';
import { india, share } from '../support/india.ts';
import { trade } from '../support/outcomes.ts';
import { minuteSeries } from '../support/pictured.ts';

const crossing = defineStrategy({
  name: 'crossing',
  about: 'Looks at two means and the price of the day.',
  timeframe: '1m',
  params: { fast: int(5) },
  setup({ close, ema: mean, vwap: ofDay }, { fast }) {
    mean(close, fast);
    mean(mean(close, fast), 3);
    ofDay();
    return { onBar() {} };
  },
});

function seriesOf(length: number, key = share.key) {
  const series = minuteSeries(key, length);
  return { instrument: { ...share, key }, series, strategies: [{ strategy: crossing, params: { fast: 5 } }] };
}

const noTrades = { trades: [], entries: [], calendar: india.calendar };

describe('pictures of a run', () => {
  test("draw the strategy's own lines, bar by bar", () => {
    const run = seriesOf(800);
    const { drawn, left } = picturesOf({ ...noTrades, series: [run] });
    expect(left).toBe(0);
    expect(drawn[0].candles.length).toBe(800);
    expect(drawn[0].lines.map(({ name }) => name)).toEqual([
      'ema(close, 5, sma)',
      'ema(ema(close, 5, sma), 3, sma)',
      'vwap()',
    ]);
    const fast = ema(5);
    const smooth = ema(3);
    const day = vwap();
    const { open, high, low, close, volume } = run.series;
    for (let row = 0; row < 800; row++) {
      if (row % 375 === 0) day.newSession?.();
      const mean = fast.next(close[row]);
      expect(drawn[0].lines[0].values[row]).toBe(mean);
      expect(drawn[0].lines[1].values[row]).toBe(smooth.next(mean));
      expect(drawn[0].lines[2].values[row]).toBe(
        day.next(open[row], high[row], low[row], close[row], volume[row]),
      );
    }
  });

  test('of a long run show each line as it stood at the last bar of a candle', () => {
    const run = seriesOf(120_000);
    const [{ candles, barsPerCandle, lines }] = picturesOf({ ...noTrades, series: [run] }).drawn;
    expect(barsPerCandle).toBe(2);
    expect(candles.length).toBe(60_160);
    const mean = ema(5);
    const means = run.series.close.map((close) => mean.next(close));
    expect(lines[0].values[100]).toBe(means[run.series.rowAt(candles.time[101]) - 1]);
    expect(lines[0].values[candles.length - 1]).toBe(means[119_999]);
  });

  test('draw the lines of slower bars as they stood, anchored to the session', () => {
    const run = seriesOf(375 * 3);
    const hourly = defineStrategy({
      name: 'hourly',
      about: 'Looks at the close of the hour.',
      timeframe: '1m',
      setup({ every }) {
        const hour = every('1h');
        hour.highest(hour.close, 1);
        return { onBar() {} };
      },
    });
    const [{ lines }] = picturesOf({
      ...noTrades,
      series: [{ ...run, strategies: [{ strategy: hourly, params: {} }] }],
    }).drawn;
    expect(lines.map(({ name }) => name)).toEqual(['1h highest(close, 1)']);
    const [{ values }] = lines;
    // The first hour of a session of 09:15 closes with the minute of 10:14.
    expect(values[58]).toBe(Number.NaN);
    expect(values[59]).toBe(run.series.close[59]);
    expect(values[118]).toBe(run.series.close[59]);
    expect(values[119]).toBe(run.series.close[119]);
  });

  test('are those of the instruments with the most trades where there are too many', () => {
    const all = Array.from({ length: 200 }, (_, at) => seriesOf(10, `NSE:S${at}`));
    const { drawn, left } = picturesOf({
      ...noTrades,
      series: all,
      trades: [trade({ key: 'NSE:S199' }), trade({ key: 'NSE:S198' })],
    });
    expect(drawn.length + left).toBe(200);
    expect(drawn).toHaveLength(133);
    expect(drawn.map(({ key }) => key).slice(-3)).toEqual(['NSE:S130', 'NSE:S198', 'NSE:S199']);
  });
});

describe('protective orders', () => {
  const intent = (differences: Partial<OrderIntent>): JournalEntry => ({
    type: 'intent',
    order: {
      id: 1,
      strategy: 'crossing',
      key: share.key,
      side: 'SELL',
      role: 'stop',
      type: 'SL-M',
      product: 'MIS',
      validity: 'DAY',
      quantity: 10,
      price: Number.NaN,
      trigger: 98,
      decided: Number.NaN,
      time: 1_000,
      ...differences,
    },
  });
  const whose = { key: share.key, strategy: 'crossing' };

  test('are drawn up to as many as a page holds, the latest of them', () => {
    const entries = Array.from({ length: 12_003 }, (_, at): JournalEntry[] => [
      intent({ id: at + 1, time: at * 10 }),
      { type: 'order', event: { type: 'cancelled', id: at + 1, time: at * 10 + 5, reason: 'closed' } },
    ]).flat();
    const [{ protections, protectionsLeft }] = picturesOf({
      ...noTrades,
      series: [seriesOf(5)],
      entries,
    }).drawn;
    expect(protections).toHaveLength(12_000);
    expect(protections[0].from).toBe(30);
    expect(protectionsLeft).toBe(3);
  });

  test('stand from their intent to their end, and a moved stop at each of its prices', () => {
    const levels = protectionLevels([
      intent({ id: 1, role: 'entry', type: 'MARKET' }),
      intent({ id: 2 }),
      intent({ id: 3, role: 'target', type: 'LIMIT', price: 104, trigger: Number.NaN }),
      { type: 'order', event: { type: 'accepted', id: 2, time: 1_000 } },
      { type: 'order', event: { type: 'modified', id: 2, time: 2_000, trigger: 99 } },
      { type: 'order', event: { type: 'modified', id: 2, time: 2_500 } },
      { type: 'order', event: { type: 'filled', id: 2, time: 3_000, quantity: 10, price: 99, tradeId: 'a' } },
      { type: 'order', event: { type: 'cancelled', id: 3, time: 3_000, reason: 'the trade is closed' } },
    ]);
    expect(levels).toEqual([
      { ...whose, role: 'stop', from: 1_000, to: 2_000, price: 98 },
      { ...whose, role: 'stop', from: 2_000, to: 3_000, price: 99 },
      { ...whose, role: 'target', from: 1_000, to: 3_000, price: 104 },
    ]);
  });
});
