import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { patternColumn, patternNames } from '../../../src/adapters/candlesticks/candlesticks.ts';
import { codeOf, messageOf } from '../../../src/domain/errors.ts';
import { Evaluation } from '../../../src/research/scan/evaluate.ts';
import { isCondition, nodesOf } from '../../../src/research/scan/expression.ts';
import { framesOf, parseExpression } from '../../../src/research/scan/parse.ts';
import { candidate, dayBars } from './scanned.ts';

/** How many expressions; `ALGO_FUZZ=100000` is the long version. */
const runs = Number(process.env.ALGO_FUZZ ?? 1_500);

const pieces = [
  ...['close', 'volume', 'rsi14', 'sma', 'macd', 'bollinger', '.upper', 'gap', 'openingHigh', 'hl2'],
  ...['(', ')', ',', '[', ']', '.', '<', '>=', '==', '=', '+', '-', '*', '/', '!', '&&', '||'],
  ...['and', 'or', 'not', 'day.', '15m.', '7m.', '3', '14', '1e9', '0.5', '1_000', '5001', '1e400'],
  ...['crosses', 'above', 'below', 'rank', 'any', 'all', 'count', 'abs', 'min', 'pattern', 'hammer'],
  ...['"', '\n', '\t', 'π', '\u{1F4C8}', '\0', '__proto__', 'constructor', 'toString'],
];

/** Expressions that are understood. */
const { condition } = fc.letrec<{ number: string; condition: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'close',
      'volume',
      'rsi14',
      'ema20',
      'macd.signal',
      'gap',
      'barOfDay',
      'atr(5)',
      '(2.5 * close)',
    ),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
      .map((all) => `(${all.join(' ')})`),
    tie('number').map((of) => `sma(${of}, 3)`),
    tie('number').map((of) => `(${of})[2]`),
    fc
      .tuple(fc.constantFrom('min', 'max'), tie('number'), tie('number'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    tie('condition').map((of) => `count(${of}, 4)`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>=', '!='), tie('number'))
      .map((all) => all.join(' ')),
    fc
      .tuple(tie('number'), fc.constantFrom('above', 'below'), tie('number'))
      .map(([a, way, b]) => `${a} crosses ${way} ${b}`),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
      .map((all) => `(${all.join(' ')})`),
    tie('condition').map((of) => `not (${of})`),
    tie('condition').map((of) => `any(${of}, 3)`),
    fc.constant('pattern(hammer)'),
  ),
}));

/** The same with a slip of the pen: characters taken out and a piece put in their place. */
const slipped = fc
  .tuple(condition, fc.nat(), fc.nat(4), fc.constantFrom('', ...pieces))
  .map(([text, at, gone, put]) => {
    const place = at % (text.length + 1);
    return `${text.slice(0, place)}${put}${text.slice(place + gone)}`;
  });
const salad = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((some) => some.join(' '));
const typed = fc.oneof(
  slipped,
  salad,
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const bars = dayBars(Array.from({ length: 40 }, (_, day) => 100 + 10 * Math.sin(day)));
const values = (text: string) => {
  const node = parseExpression(text, patternNames);
  // Other timeframes are loaded before anything is evaluated, and ranks come from the whole market.
  if (framesOf([node]).length > 0 || [...nodesOf(node)].some(({ kind }) => kind === 'rank')) return undefined;
  const evaluation = new Evaluation({
    ...candidate('TEST:ONE', bars),
    ranks: new Map(),
    patterns: patternColumn,
  });
  return { column: evaluation.column(node), isCondition: isCondition(node) };
};

test('whatever is typed is understood, or refused with a line and a column that are in it', () => {
  let [refused, understood] = [0, 0];
  fc.assert(
    fc.property(typed, (text) => {
      try {
        const found = values(text);
        understood += 1;
        if (found?.isCondition)
          expect([...found.column].every((value) => [0, 1].includes(value) || Number.isNaN(value))).toBe(
            true,
          );
      } catch (error) {
        refused += 1;
        expect(codeOf(error)).toBe('USAGE_EXPRESSION');
        const [, line, column] = /^Line (\d+), column (\d+): /.exec(messageOf(error)) ?? [];
        const lines = text.split('\n');
        expect(Number(line)).toBeLessThanOrEqual(lines.length);
        expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1] ?? '').length + 1);
      }
    }),
    { numRuns: runs },
  );
  // Neither half of the test is empty.
  expect(Math.min(refused, understood)).toBeGreaterThan(runs / 100);
});

test('whatever is written by the rules is understood', () => {
  fc.assert(
    fc.property(condition, (text) => {
      fc.pre(text.length <= 4_000);
      expect(values(text)?.column).toHaveLength(bars.series.length);
    }),
    { numRuns: Math.ceil(runs / 5) },
  );
});
