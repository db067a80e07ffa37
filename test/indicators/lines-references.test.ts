import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import technical from 'technicalindicators';
import { CCI as SignalsCci, MFI as SignalsMfi, ROC as SignalsRoc, WMA as SignalsWma } from 'trading-signals';
import { BarSeries } from '../../src/domain/bar-series.ts';
import { adl } from '../../src/indicators/adl.ts';
import { adx } from '../../src/indicators/adx.ts';
import { aroon } from '../../src/indicators/aroon.ts';
import { bollinger } from '../../src/indicators/bollinger.ts';
import { cci } from '../../src/indicators/cci.ts';
import { hma } from '../../src/indicators/hma.ts';
import { ichimoku } from '../../src/indicators/ichimoku.ts';
import { macd } from '../../src/indicators/macd.ts';
import { mfi } from '../../src/indicators/mfi.ts';
import { obv } from '../../src/indicators/obv.ts';
import { psar } from '../../src/indicators/psar.ts';
import { roc } from '../../src/indicators/roc.ts';
import { stdev } from '../../src/indicators/stdev.ts';
import { stochRsi } from '../../src/indicators/stoch-rsi.ts';
import { stochastic } from '../../src/indicators/stochastic.ts';
import { williamsR } from '../../src/indicators/williams-r.ts';
import { wma } from '../../src/indicators/wma.ts';
import {
  type BarsFiller,
  filled,
  largestDifference,
  ofBars,
  onCloses,
  oneLine,
  stepped,
} from '../contracts/indicator-contract.ts';
import { madeBars } from '../support/made-bars.ts';
import { testWithShared } from '../support/shared-data.ts';
import { column } from './plain-formulas.ts';
import { backtraderCases, checkPoints, vectorsOf } from './reference-files.ts';

const bars = madeBars(1_500);
const [high, low, close, volume] = (['high', 'low', 'close', 'volume'] as const).map((price) =>
  column(bars, price),
);
const linesOf = (fill: BarsFiller, count: number, over = bars) => filled(fill, over, count, [over.length]);
const tail = (values: readonly number[], count: number) => values.slice(-count);
const difference = (ours: readonly number[], theirs: readonly (number | undefined)[], skip = 0) => {
  const there = theirs.map((value) => value ?? Number.NaN).slice(skip);
  return largestDifference(tail(ours, there.length), there);
};

describe('technicalindicators 3.1.0 reads the same', () => {
  test('wma, bollinger, cci, williamsR, roc and psar to nine digits', () => {
    const bands = technical.BollingerBands.calculate({ period: 20, stdDev: 2, values: close });
    const [upper, middle, lower] = linesOf(onCloses(bollinger(20, 2)), 5);
    expect(
      difference(stepped(wma(20), close), technical.WMA.calculate({ period: 20, values: close })),
    ).toBeLessThan(1e-9);
    expect(
      difference(
        upper,
        bands.map((each) => each.upper),
      ),
    ).toBeLessThan(1e-9);
    expect(
      difference(
        middle,
        bands.map((each) => each.middle),
      ),
    ).toBeLessThan(1e-9);
    expect(
      difference(
        lower,
        bands.map((each) => each.lower),
      ),
    ).toBeLessThan(1e-9);
    const cciOf = technical.CCI.calculate({ period: 20, high, low, close });
    expect(difference(linesOf(oneLine(cci(20)), 1)[0], cciOf)).toBeLessThan(1e-9);
    const williams = technical.WilliamsR.calculate({ period: 14, high, low, close });
    expect(difference(linesOf(oneLine(williamsR(14)), 1)[0], williams)).toBeLessThan(1e-9);
    const change = technical.ROC.calculate({ period: 10, values: close });
    expect(difference(stepped(roc(10), close), change)).toBeLessThan(1e-9);
  });

  test('macd once its own seeds, each average by itself, have faded', () => {
    const theirs = technical.MACD.calculate({
      values: close,
      fastPeriod: 12,
      slowPeriod: 26,
      signalPeriod: 9,
      SimpleMAOscillator: false,
      SimpleMASignal: false,
    });
    const [line, signal, histogram] = linesOf(onCloses(macd(12, 26, 9)), 3);
    expect(
      difference(
        line,
        theirs.map((each) => each.MACD),
        600,
      ),
    ).toBeLessThan(1e-9);
    expect(
      difference(
        signal,
        theirs.map((each) => each.signal),
        600,
      ),
    ).toBeLessThan(1e-9);
    expect(
      difference(
        histogram,
        theirs.map((each) => each.histogram),
        600,
      ),
    ).toBeLessThan(1e-9);
  });

  test('adx once the seeds have faded', () => {
    const theirs = technical.ADX.calculate({ period: 14, high, low, close });
    const [line, plus, minus] = linesOf(ofBars(adx(14)), 3);
    expect(
      difference(
        line,
        theirs.map((each) => each.adx),
        600,
      ),
    ).toBeLessThan(1e-9);
    expect(
      difference(
        plus,
        theirs.map((each) => each.pdi),
        600,
      ),
    ).toBeLessThan(1e-9);
    expect(
      difference(
        minus,
        theirs.map((each) => each.mdi),
        600,
      ),
    ).toBeLessThan(1e-9);
  });

  // Not its MFI, which compares closes where the definition compares typical prices.
  test('adl to the integers it rounds to', () => {
    const line = technical.ADL.calculate({ high, low, close, volume });
    const sums = linesOf(oneLine(adl()), 1)[0];
    expect(Math.max(...sums.map((value, at) => Math.abs(value - line[at])))).toBeLessThan(0.500_001);
  });
});

describe('trading-signals 8.3 reads the same', () => {
  test('wma, roc, cci and mfi to nine digits', () => {
    const signals = <Input>(indicator: { add(value: Input): number | null }, inputs: readonly Input[]) =>
      inputs.map((input) => indicator.add(input) ?? Number.NaN);
    expect(largestDifference(stepped(wma(20), close), signals(new SignalsWma(20), close))).toBeLessThan(1e-9);
    const share = signals(new SignalsRoc(10), close).map((value) => value * 100);
    expect(largestDifference(stepped(roc(10), close), share)).toBeLessThan(1e-9);
    const rows = close.map((each, row) => ({
      high: high[row],
      low: low[row],
      close: each,
      volume: volume[row],
    }));
    const theirs = signals(new SignalsCci(20), rows);
    expect(difference(linesOf(oneLine(cci(20)), 1)[0], theirs, 40)).toBeLessThan(1e-9);
    const flows = signals(new SignalsMfi(14), rows);
    expect(difference(linesOf(oneLine(mfi(14)), 1)[0], flows, 40)).toBeLessThan(1e-9);
  });
});

describe('Tulip Indicators reads the same', () => {
  /** Bars out of its inputs, in its order. What it does not name is 0. */
  const barsOf = (inputs: Partial<Record<'high' | 'low' | 'close' | 'volume', readonly number[]>>) => {
    const series = new BarSeries('TEST:TULIP', 'day');
    const length = (inputs.high ?? inputs.close ?? []).length;
    for (let row = 0; row < length; row++) {
      const at = (price: keyof typeof inputs) => inputs[price]?.[row] ?? 0;
      series.append(row, at('close'), at('high'), at('low'), at('close'), at('volume'));
    }
    return series;
  };
  const closes = (fill: BarsFiller, count: number) => (inputs: readonly (readonly number[])[]) =>
    linesOf(fill, count, barsOf({ close: inputs[0] }));
  const whole =
    (fill: BarsFiller, count: number) =>
    ([h, l, c, v]: readonly (readonly number[])[]) =>
      linesOf(fill, count, barsOf({ high: h, low: l, close: c ?? h, ...(v && { volume: v }) }));
  const scaled = (lines: readonly (readonly number[])[], factor: number) =>
    lines.map((line) => line.map((value) => value * factor));

  /** Ours for its options and inputs, in the order of its outputs. */
  const ours: Readonly<
    Record<
      string,
      (options: readonly number[], inputs: readonly (readonly number[])[]) => readonly (readonly number[])[]
    >
  > = {
    wma: ([period], [values]) => [stepped(wma(period), values)],
    hma: ([period], [values]) => [stepped(hma(period), values)],
    stddev: ([period], [values]) => [stepped(stdev(period), values)],
    // A share rather than percent.
    roc: ([period], [values]) => scaled([stepped(roc(period), values)], 0.01),
    bbands([period, deviations], inputs) {
      const [upper, middle, lower] = closes(onCloses(bollinger(period, deviations)), 5)(inputs);
      return [lower, middle, upper];
    },
    stochrsi: ([period], inputs) =>
      scaled(closes(onCloses(stochRsi(period, period, 1, 1)), 2)(inputs).slice(0, 1), 0.01),
    cci: ([period], inputs) => whole(oneLine(cci(period)), 1)(inputs),
    mfi: ([period], inputs) => whole(oneLine(mfi(period)), 1)(inputs),
    ad: (_options, inputs) => whole(oneLine(adl()), 1)(inputs),
    willr: ([period], inputs) => whole(oneLine(williamsR(period)), 1)(inputs),
    psar: ([acceleration, maximum], inputs) => whole(oneLine(psar(acceleration, maximum)), 1)(inputs),
    stoch: ([period, smooth, signal], inputs) => whole(ofBars(stochastic(period, smooth, signal)), 2)(inputs),
    di: ([period], inputs) => whole(ofBars(adx(period)), 3)(inputs).slice(1),
    aroon([period], inputs) {
      const [up, down] = whole(ofBars(aroon(period)), 3)(inputs);
      return [down, up];
    },
    aroonosc: ([period], inputs) => whole(ofBars(aroon(period)), 3)(inputs).slice(2),
    // It starts from 0, TA-Lib from the first bar's volume.
    obv(_options, [values, volumes]) {
      const [line] = linesOf(oneLine(obv()), 1, barsOf({ close: values, volume: volumes }));
      return [line.map((value) => value - volumes[0])];
    },
  };

  // Where it answers earlier: its DI by a bar. Where it begins later: its CCI. Compared where both answer, from the end.
  testWithShared(
    'expected/tulip/untest.txt',
    'sixteen indicators to its three decimals, where both answer',
    (path) => {
      const cases = vectorsOf(readFileSync(path, 'utf8')).filter(({ name }) => name in ours);
      expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(ours).sort());
      for (const { name, options, lines } of cases) {
        const outputs = ours[name](options, lines);
        const theirs = lines.slice(lines.length - outputs.length);
        for (const [at, line] of theirs.entries()) {
          const there = outputs[at].filter((value) => !Number.isNaN(value)).length;
          const count = Math.min(there, line.length);
          expect(count).toBeGreaterThan(5);
          const shown = (values: readonly number[]) => tail(values, count).map((value) => value.toFixed(3));
          expect([name, at, shown(outputs[at])]).toEqual([name, at, shown(line)]);
        }
      }
    },
  );

  // Its MACD seeds every average with the first value, its ADX takes one bar earlier into the seed and its ATR the first
  // bar's own range. Fifteen bars are too few for seeds to fade: plain formulas and technicalindicators stand in.
});

describe('backtrader reads the same', () => {
  const delayed = (line: readonly number[], by: number) => [
    ...new Array<number>(by).fill(Number.NaN),
    ...line.slice(0, -by),
  ];
  const ours: Readonly<Record<string, (daily: BarSeries) => readonly (readonly number[])[]>> = {
    'btind.AroonUpDown': (daily) => linesOf(ofBars(aroon(14)), 3, daily).slice(0, 2),
    'btind.Stochastic': (daily) => linesOf(ofBars(stochastic(14, 3, 3)), 2, daily),
    'btind.WilliamsR': (daily) => linesOf(oneLine(williamsR(14)), 1, daily),
    'btind.PctChange': (daily) => [stepped(roc(30), column(daily, 'close')).map((value) => value / 100)],
    'btind.MomentumOscillator': (daily) => [
      stepped(roc(12), column(daily, 'close')).map((value) => value + 100),
    ],
    'btind.WMAEnvelope': (daily) => [stepped(wma(30), column(daily, 'close'))],
    // It draws both spans 26 bars ahead, as charts do.
    'bt.ind.Ichimoku'(daily) {
      const [conversion, base, spanA, spanB] = linesOf(ofBars(ichimoku(9, 26, 52)), 4, daily);
      return [conversion, base, delayed(spanA, 26), delayed(spanB, 26)];
    },
  };

  // Not here: its CCI measures each bar's distance from that bar's own mean; its DM sums `period` movements in the seed.
  testWithShared(
    'expected/backtrader/indicator_values.json',
    'seven indicators at its three check points, to six decimals',
    (path) => {
      const { cases, daily } = backtraderCases(path);
      const checked = cases.filter(({ chkind }) => chkind in ours);
      expect(checked).toHaveLength(Object.keys(ours).length);
      for (const each of checked) {
        const points = checkPoints(each, daily.length);
        for (const [at, line] of ours[each.chkind](daily).entries()) {
          const shown = points.map((point) => line[point].toFixed(6));
          expect([each.chkind, at, shown]).toEqual([each.chkind, at, each.chkvals[at]]);
        }
      }
    },
  );
});
