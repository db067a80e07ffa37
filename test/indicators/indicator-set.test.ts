import { describe, expect, test } from '@jest/globals';
import type { BarSeries } from '../../src/domain/bar-series.ts';
import { atr } from '../../src/indicators/atr.ts';
import { catalogue } from '../../src/indicators/catalogue.ts';
import { ema } from '../../src/indicators/ema.ts';
import { IndicatorSet } from '../../src/indicators/indicator-set.ts';
import { prices, type Series } from '../../src/indicators/series.ts';
import { sma } from '../../src/indicators/sma.ts';
import { vwap } from '../../src/indicators/vwap.ts';
import { stepped, steppedOverBars } from '../contracts/indicator-contract.ts';
import { madeBars } from '../support/made-bars.ts';

const sessionLength = 375;

/** Runs over all bars, a session every 375, and reads a line on each. */
function lineOver(
  bars: BarSeries,
  ask: (view: IndicatorSet['view']) => Series,
  read = (line: Series) => line.now,
): number[] {
  const cursor = { series: bars, row: -1 };
  const set = new IndicatorSet(cursor);
  const line = ask(set.view);
  const seen: number[] = [];
  for (let row = 0; row < bars.length; row++) {
    cursor.row = row;
    if (row % sessionLength === 0) set.newSession();
    set.advance();
    seen.push(read(line));
  }
  return seen;
}

describe('indicator set', () => {
  const bars = madeBars(3_000);

  test("a line has its kernel's value on every bar", () => {
    expect(lineOver(bars, ({ close, ema }) => ema(close, 20))).toEqual(stepped(ema(20), [...bars.close]));
    expect(lineOver(bars, ({ atr }) => atr(14))).toEqual(steppedOverBars(atr(14), bars));
  });

  test('prev and ago are the values of earlier bars, NaN before the first', () => {
    const now = lineOver(bars, ({ close, sma }) => sma(close, 3));
    const prev = lineOver(
      bars,
      ({ close, sma }) => sma(close, 3),
      (line) => line.prev,
    );
    const far = lineOver(
      bars,
      ({ close, sma }) => sma(close, 3),
      (line) => line.ago(1_023),
    );
    expect(prev).toEqual([Number.NaN, ...now.slice(0, -1)]);
    expect(far).toEqual([...new Array<number>(1_023).fill(Number.NaN), ...now.slice(0, -1_023)]);
  });

  test('a line can be drawn on a line, and on prices made of others', () => {
    const middle = Array.from(bars.high, (high, row) => (high + bars.low[row]) / 2);
    expect(lineOver(bars, ({ hl2, ema, sma }) => sma(ema(hl2, 10), 5))).toEqual(
      stepped(sma(5), stepped(ema(10), middle)),
    );
  });

  test('vwap and a line on it begin anew with each session', () => {
    const whole: number[] = [];
    for (let from = 0; from < bars.length; from += sessionLength) {
      whole.push(...steppedOverBars(vwap(), bars.slice(from, from + sessionLength)));
    }
    expect(lineOver(bars, ({ vwap }) => vwap())).toEqual(whole);
    expect(lineOver(bars, ({ vwap, sma }) => sma(vwap(), 4))).toEqual(stepped(sma(4), whole));
  });

  test('bars that arrive one at a time give the values of bars that were all there', () => {
    const cursor = { series: madeBars(0), row: -1 };
    const set = new IndicatorSet(cursor);
    const line = set.view.rsi(set.view.close, 14);
    const seen: number[] = [];
    for (let row = 0; row < bars.length; row++) {
      cursor.series.append(
        row,
        bars.open[row],
        bars.high[row],
        bars.low[row],
        bars.close[row],
        bars.volume[row],
      );
      cursor.row = row;
      set.advance();
      seen.push(line.now);
    }
    expect(seen).toEqual(lineOver(bars, ({ close, rsi }) => rsi(close, 14)));
  });

  test('a cut tape gives the values of the whole one up to the cut', () => {
    const ask = ({ close, high, ema, highest, atr }: IndicatorSet['view']) => [
      ema(close, 9),
      highest(high, 20),
      atr(5),
    ];
    for (const [at] of ask(new IndicatorSet({ series: bars, row: -1 }).view).entries()) {
      expect(lineOver(bars.slice(0, 1_234), (view) => ask(view)[at])).toEqual(
        lineOver(bars, (view) => ask(view)[at]).slice(0, 1_234),
      );
    }
  });

  test('a run may begin in the middle of the bars', () => {
    const cursor = { series: bars, row: -1 };
    const set = new IndicatorSet(cursor);
    const line = set.view.sma(set.view.close, 2);
    const seen: number[] = [];
    for (cursor.row = 700; cursor.row < 710; cursor.row++) {
      set.advance();
      seen.push(line.now);
    }
    expect(seen).toEqual(stepped(sma(2), [...bars.close.subarray(700, 710)]));
  });

  test('a row that is left out breaks the run', () => {
    const cursor = { series: bars.slice(0, 100), row: 0 };
    const set = new IndicatorSet(cursor);
    set.advance();
    cursor.row = 101;
    expect(() => set.advance()).toThrow(expect.objectContaining({ code: 'BUG_ASSERTION' }));
  });

  test('the same request is the same line', () => {
    const { view } = new IndicatorSet({ series: bars, row: -1 });
    expect(view.ema(view.close, 20)).toBe(view.ema(view.close, 20));
    expect(view.ema(view.close, 20)).not.toBe(view.ema(view.close, 20, { seed: 'first' }));
    expect(view.ema(view.close, 20)).not.toBe(view.ema(view.open, 20));
    expect(view.atr(14)).toBe(view.atr(14));
  });

  test('prices are read where the cursor stands, back to the first bar', () => {
    const cursor = { series: bars, row: 2 };
    const { view } = new IndicatorSet(cursor);
    expect([view.close.now, view.close.prev, view.close.ago(2), view.close.ago(3)]).toEqual([
      bars.close[2],
      bars.close[1],
      bars.close[0],
      Number.NaN,
    ]);
    expect(view.hlc3.now).toBe((bars.high[2] + bars.low[2] + bars.close[2]) / 3);
    cursor.row = -1;
    expect([view.close.now, view.close.prev, view.close.ago(0)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });

  test('the future and history that is not kept cannot be asked for', () => {
    const { view } = new IndicatorSet({ series: bars, row: 10 });
    const line = view.sma(view.close, 3);
    expect(() => view.close.ago(-1)).toThrow(expect.objectContaining({ code: 'STRATEGY_FUTURE' }));
    expect(() => line.ago(-1)).toThrow(expect.objectContaining({ code: 'STRATEGY_FUTURE' }));
    expect(() => line.ago(1_024)).toThrow(
      expect.objectContaining({
        code: 'STRATEGY_HISTORY',
        message: 'ago(1024) of an indicator is out of reach: its last 1024 values are kept.',
      }),
    );
  });

  test('an indicator created after set-up is refused by name', () => {
    const set = new IndicatorSet({ series: bars, row: 0 });
    const { close, ema } = set.view;
    const known = ema(close, 20);
    set.seal();
    expect(ema(close, 20)).toBe(known);
    expect(() => ema(close, 21)).toThrow(
      expect.objectContaining({
        code: 'STRATEGY_LATE_INDICATOR',
        message: expect.stringContaining('asked for ema(close, 21, sma) after its set-up'),
      }),
    );
  });

  test('a source that is not a series of this market is refused', () => {
    const { view } = new IndicatorSet({ series: bars, row: 0 });
    const other = new IndicatorSet({ series: bars, row: 0 });
    expect(() => view.ema(JSON.parse('20'), 20)).toThrow(
      expect.objectContaining({
        message: 'ema received 20 as its source, expected a series of this market.',
      }),
    );
    expect(() => view.ema(other.view.close, 20)).toThrow(
      expect.objectContaining({ code: 'STRATEGY_SOURCE' }),
    );
  });

  test('the catalogue lists every indicator of the market and nothing else', () => {
    const { view } = new IndicatorSet({ series: bars, row: -1 });
    const asked = Object.keys(view).filter((name) => !prices.some((price) => price === name));
    expect(Object.keys(catalogue).sort()).toEqual(asked.sort());
  });
});
