import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { patternNames } from '../../../src/adapters/candlesticks/candlesticks.ts';
import { loadScans } from '../../../src/config/scans.ts';
import { codeOf, messageOf } from '../../../src/domain/errors.ts';
import { parseTimeframe } from '../../../src/domain/timeframe.ts';
import { framesOf, parseCondition, parseExpression, parseMeasure } from '../../../src/research/scan/parse.ts';
import { textOf } from '../../../src/research/scan/text-of.ts';
import { projectRoot } from '../../support/project-root.ts';

const read = (where: string) => textOf(parseCondition(where, patternNames).node);
const fault = (where: string): string => {
  try {
    parseCondition(where, patternNames);
  } catch (error) {
    expect(codeOf(error)).toBe('USAGE_EXPRESSION');
    return messageOf(error);
  }
  throw new Error(`"${where}" was understood`);
};

describe('what an expression says', () => {
  test.each([
    ['rsi14 < 30 and close > ema200', '(rsi14 < 30 and close > ema200)'],
    ['RSI(close, 14) < 30', 'rsi14 < 30'],
    ['volume > 2*sma(volume,20)', 'volume > 2 * sma(volume, 20)'],
    ['day.close > day.sma200 and 15m.rsi14 < 35', '(day.close > day.sma200 and 15m.rsi14 < 35)'],
    ['day.sma(close, 20) > 1', 'day.sma20 > 1'],
    ['rank(roc20) <= 10', 'rank(roc20) <= 10'],
    ['macd > macd.signal', 'macd.line > macd.signal'],
    ['bollinger(close, 20, 2).upper < close[1]', 'bollinger(close, 20, 2).upper < close[1]'],
    ['close crosses above sma50', 'close crosses above sma50'],
    ['any(close > ema20, 5) or all(close > ema20, 3)', '(any(close > ema20, 5) or all(close > ema20, 3))'],
    ['not close > -1', 'not close > -1'],
    ['1 + 2 * 3 - 4 == 3', '(1 + (2 * 3)) - 4 == 3'],
    ['close > 1 or close > 2 and close > 3', '(close > 1 or (close > 2 and close > 3))'],
    ['pattern(HAMMER)', 'pattern(hammer)'],
    ['close > 1_00.5', 'close > 100.5'],
  ])('%s', (where, said) => expect(read(where)).toBe(said));

  test('names the timeframes it needs', () => {
    expect(framesOf([parseCondition('1h.close > day.sma(close, 20) and close > 1').node])).toEqual([
      '1h',
      'day',
    ]);
  });
});

describe('what is wrong with an expression', () => {
  test.each([
    ['', 1, 'the expression is empty'],
    ['rsi14 < 30 and clse > 1', 16, 'there is no "clse". Did you mean "close"?'],
    ['rsi14', 1, 'this is a number, expected something that holds or does not'],
    ['close > 1 + (2 > 1)', 16, 'this holds or does not hold, expected a number'],
    ['close = 1', 7, 'a single "=" compares nothing'],
    ['1 < close < 2', 11, 'two comparisons stand in a row'],
    ['close > ', 9, 'expected a number or a name, received the end'],
    ['(close > 1', 11, 'expected ")", received the end'],
    ['close > 1 close', 11, '"close" does not continue what stands before it'],
    ['close > $', 9, '"$" means nothing in an expression'],
    ['7m.close > 1', 1, 'there is no timeframe "7m"'],
    ['day.sma(15m.close, 20) > 1', 9, '15m stands inside a call on day'],
    ['bollinger > 1', 1, 'bollinger has the lines upper, middle, lower, percentB, width'],
    ['bollinger.uper > 1', 11, 'bollinger has no line "uper". Did you mean "upper"?'],
    ['sma(20, close) > 1', 9, 'sma takes plain numbers after 1 series'],
    ['sma(close, 20, 3) > 1', 1, 'sma takes at most 1, received 2'],
    ['close[x] > 1', 7, 'expected a number of bars from 0 to 5000, received "x"'],
    ['any(close, 5) > 1', 5, 'this is a number, expected something that holds or does not'],
    ['rank(rank(close)) < 3', 6, 'a rank cannot be ranked'],
    ['pattern(hamer)', 9, 'there is no pattern "hamer". Did you mean "hammer"?'],
    ['openingHigh > 1', 1, 'openingHigh needs a number of bars'],
    ['close crosses sma50', 15, 'crosses what way'],
    [
      'close > 1 and rsi(close, 500000) < 1',
      15,
      'the period of rsi was 500000, expected a whole number from',
    ],
    ['atr0 > 1', 1, 'the period of atr was 0, expected a whole number from'],
    ['bollinger(close, 20, 0).upper > 1', 1, 'the number of deviations of bollinger was 0'],
  ])('%s', (where, column, what) => {
    const message = fault(where);
    expect(message).toContain(`Line 1, column ${column}: ${what}`);
    expect(message.split('\n').at(-1)).toBe(`  ${' '.repeat(column - 1)}^`);
  });

  test('is told with its line', () => {
    expect(fault('close > 1\nand clse > 2')).toMatch(/^Line 2, column 5: .*\n {2}and clse > 2\n {6}\^$/);
  });

  test('a condition is no number to sort by', () => {
    expect(() => parseMeasure('close > 1')).toThrow(/holds or does not hold, expected a number/);
  });

  test('nesting and length are bounded', () => {
    expect(fault(`${'('.repeat(200)}close > 1${')'.repeat(200)}`)).toContain('nested more than 64 deep');
    expect(fault(`close > ${'1'.repeat(5_000)}`)).toContain('Line 1, column 4001: the expression has 5008');
  });
});

test('every shipped scan is understood, and there are at least twenty', () => {
  const scans = [...loadScans(projectRoot, projectRoot).values()];
  expect(scans.length).toBeGreaterThanOrEqual(20);
  for (const { stages, score, sort, timeframe } of scans) {
    for (const { where } of stages) parseCondition(where, patternNames);
    for (const { of } of score) parseExpression(of, patternNames);
    if (sort) parseMeasure(sort);
    parseTimeframe(timeframe);
  }
  expect(readFileSync(join(projectRoot, 'docs/scan.md'), 'utf8')).toContain('crosses above');
});
