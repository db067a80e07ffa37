import { describe, expect, test } from '@jest/globals';
import type { BarSeries } from '../../src/domain/bar-series.ts';
import { atr } from '../../src/indicators/atr.ts';
import { catalogue } from '../../src/indicators/catalogue.ts';
import { ema } from '../../src/indicators/ema.ts';
import { highest } from '../../src/indicators/highest.ts';
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

  const indicatorNames = Object.keys(new IndicatorSet({ series: bars, row: -1 }).view).filter(
    (name) => name !== 'every' && !prices.some((price) => price === name),
  );

  test('the catalogue lists every indicator of the market and nothing else', () => {
    expect(Object.keys(catalogue).sort()).toEqual([...indicatorNames].sort());
  });

  /** What the set answers to a request by name: its lines by theirs, `value` for a single one. */
  function asked(view: IndicatorSet['view'], name: string, ...inputs: unknown[]): Record<string, Series> {
    const { sources } = catalogue[name];
    const given = [view.close, view.high].slice(0, sources.length);
    const answer = Reflect.get(view, name)(...given, ...inputs);
    return 'ago' in answer ? { value: answer } : answer;
  }

  test.each(indicatorNames)('%s has the lines and the defaults that the catalogue says', (name) => {
    const { defaults, warmUp } = catalogue[name];
    const { view } = new IndicatorSet({ series: bars, row: -1 });
    const bare = asked(view, name);
    const { seed, ...numbers } = defaults;
    const inputs = [...Object.values(numbers), ...(seed === undefined ? [] : [{ seed }])];
    expect(Object.keys(bare)).toEqual(Object.keys(warmUp));
    for (const [line, series] of Object.entries(asked(view, name, ...inputs)))
      expect(series).toBe(bare[line]);
  });

  test.each(indicatorNames)('%s warms up in the bars that the catalogue says', (name) => {
    for (const [line, warmUp] of Object.entries(catalogue[name].warmUp)) {
      const answers = lineOver(bars, (view) => asked(view, name)[line]);
      const first = warmUp === 'a session' ? sessionLength : warmUp;
      expect([line, answers.findIndex((answer) => !Number.isNaN(answer))]).toEqual([line, first]);
    }
  });

  test('the lines of one indicator are series on which others are drawn', () => {
    const highestIndex = lineOver(bars, ({ adx, highest }) => highest(adx(14).line, 10));
    const index = lineOver(bars, ({ adx }) => adx(14).line);
    expect(highestIndex).toEqual(stepped(highest(10), index));
    expect(lineOver(bars, ({ hl2, macd }) => macd(hl2, 12, 26, 9).line)).toEqual(
      lineOver(bars, ({ hl2, sma, macd }) => macd(sma(hl2, 1), 12, 26, 9).line),
    );
  });

  test('a line of two series follows both, the later of them made before it', () => {
    const own = lineOver(bars, ({ close, roc, correlation }) =>
      correlation(roc(close, 1), roc(close, 1), 20),
    );
    expect(own.slice(20).every((value) => Math.abs(value - 1) < 1e-12)).toBe(true);
    const withVwap = lineOver(bars, ({ close, vwap, correlation }) => correlation(close, vwap(), 20));
    expect(withVwap.slice(19).every((value) => value >= -1 && value <= 1)).toBe(true);
  });

  test('pivots come from the session before and stay all day', () => {
    const first = bars.slice(0, sessionLength);
    const high = Math.max(...first.high.subarray(0, sessionLength));
    const low = Math.min(...first.low.subarray(0, sessionLength));
    const pivot = (high + low + first.close[sessionLength - 1]) / 3;
    const r1 = lineOver(bars, ({ pivots }) => pivots().r1);
    expect(r1.slice(0, sessionLength).every(Number.isNaN)).toBe(true);
    expect(new Set(r1.slice(sessionLength, 2 * sessionLength))).toEqual(new Set([2 * pivot - low]));
    const s3 = lineOver(bars, ({ pivots }) => pivots().s3);
    expect(s3[sessionLength]).toBe(low - 2 * (high - pivot));
  });
});
