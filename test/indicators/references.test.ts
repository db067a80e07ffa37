import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import technical from 'technicalindicators';
import { ATR as SignalsAtr, EMA as SignalsEma, RSI as SignalsRsi, SMA as SignalsSma } from 'trading-signals';
import { atr } from '../../src/indicators/atr.ts';
import { ema } from '../../src/indicators/ema.ts';
import { highest } from '../../src/indicators/highest.ts';
import type { Kernel } from '../../src/indicators/kernel.ts';
import { lowest } from '../../src/indicators/lowest.ts';
import { rsi } from '../../src/indicators/rsi.ts';
import { sma } from '../../src/indicators/sma.ts';
import { largestDifference, stepped, steppedOverBars } from '../contracts/indicator-contract.ts';
import { madeBars } from '../support/made-bars.ts';
import { testWithShared } from '../support/shared-data.ts';
import { backtraderCases, checkPoints, vectorsOf } from './reference-files.ts';

const bars = madeBars(1_500);
const closes = [...bars.close];
const warm = (answers: readonly number[]) => answers.filter((answer) => !Number.isNaN(answer));

describe('technicalindicators 3.1.0 reads the same', () => {
  test.each([
    ['sma', warm(stepped(sma(20), closes)), technical.SMA.calculate({ period: 20, values: closes })],
    ['ema', warm(stepped(ema(20), closes)), technical.EMA.calculate({ period: 20, values: closes })],
    [
      'atr',
      warm(steppedOverBars(atr(14), bars)),
      technical.ATR.calculate({ period: 14, high: [...bars.high], low: [...bars.low], close: closes }),
    ],
  ])('%s to nine digits', (_name, ours, theirs) => {
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-9);
  });

  test('rsi to the two decimals it rounds to', () => {
    const theirs = technical.RSI.calculate({ period: 14, values: closes });
    const ours = warm(stepped(rsi(14), closes));
    expect(ours).toHaveLength(theirs.length);
    expect(Math.max(...ours.map((value, at) => Math.abs(value - theirs[at])))).toBeLessThan(0.005_001);
  });
});

describe('trading-signals 8.3 reads the same', () => {
  /** Its answers, NaN where it has none yet. */
  const signals = (indicator: { add(value: number): number | null }) =>
    closes.map((close) => indicator.add(close) ?? Number.NaN);

  test('sma and rsi to nine digits', () => {
    expect(largestDifference(stepped(sma(20), closes), signals(new SignalsSma(20)))).toBeLessThan(1e-9);
    expect(largestDifference(stepped(rsi(14), closes), signals(new SignalsRsi(14)))).toBeLessThan(1e-9);
  });

  test('ema seeded with the first value, once it answers', () => {
    const ours = stepped(ema(20, 'first'), closes).slice(19);
    expect(largestDifference(ours, signals(new SignalsEma(20)).slice(19))).toBeLessThan(1e-9);
  });

  test('atr once its own first range, high less low, has faded', () => {
    const theirs = new SignalsAtr(14);
    const answers = closes.map(
      (close, row) => theirs.add({ high: bars.high[row], low: bars.low[row], close }) ?? Number.NaN,
    );
    const ours = steppedOverBars(atr(14), bars);
    expect(largestDifference(ours.slice(600), answers.slice(600))).toBeLessThan(1e-9);
  });
});

describe('Tulip Indicators reads the same', () => {
  const ours: Readonly<Record<string, (period: number) => Kernel>> = { sma, rsi, max: highest, min: lowest };

  testWithShared('expected/tulip/untest.txt', 'sma, rsi, max and min to its three decimals', (path) => {
    const cases = vectorsOf(readFileSync(path, 'utf8')).filter(
      (each) => each.name in ours && each.options.length === 1,
    );
    expect(cases.length).toBeGreaterThanOrEqual(4);
    for (const { name, options, lines } of cases) {
      const answers = warm(stepped(ours[name](options[0]), lines[0]));
      expect([name, answers.map((value) => value.toFixed(3))]).toEqual([
        name,
        lines[1].map((value) => value.toFixed(3)),
      ]);
    }
  });

  testWithShared(
    'expected/tulip/untest.txt',
    'ema seeded with the first value, as Tulip seeds it',
    (path) => {
      const found = vectorsOf(readFileSync(path, 'utf8')).find((each) => each.name === 'ema');
      const answers = stepped(ema(found?.options[0] ?? 0, 'first'), found?.lines[0] ?? []);
      expect(answers.map((value) => value.toFixed(3))).toEqual(
        found?.lines[1].map((value) => value.toFixed(3)),
      );
    },
  );
});

describe('backtrader reads the same', () => {
  const ours: Readonly<Record<string, readonly [Price: 'close' | 'high', kernel: () => Kernel]>> = {
    'btind.SMA': ['close', () => sma(30)],
    'btind.EMA': ['close', () => ema(30)],
    'btind.RSI': ['close', () => rsi(14)],
    'btind.Highest': ['close', () => highest(14)],
    'btind.Lowest': ['close', () => lowest(14)],
  };

  testWithShared(
    'expected/backtrader/indicator_values.json',
    'at its three check points, to six decimals',
    (path) => {
      const { cases, daily } = backtraderCases(path);
      const checked = cases.filter((each) => each.chkind in ours && each.chkvals.length === 1);
      expect(checked.length).toBeGreaterThanOrEqual(3);
      for (const each of checked) {
        const { chkind, chkvals } = each;
        const [price, kernel] = ours[chkind];
        const answers = stepped(kernel(), [...daily[price].subarray(0, daily.length)]);
        const points = checkPoints(each, daily.length);
        expect([chkind, points.map((at) => answers[at].toFixed(6))]).toEqual([chkind, chkvals[0]]);
      }
    },
  );
});
