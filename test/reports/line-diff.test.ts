import { expect, test } from '@jest/globals';
import { lineDiff } from '../../src/reports/line-diff.ts';

const screen = { width: 80, colour: false };
const text = (...lines: string[]) => `${lines.join('\n')}\n`;

test('what goes and what comes, with two lines around', () => {
  const before = text('a', 'b', 'c', 'd', 'e', 'f');
  const after = text('a', 'b', 'c', 'D', 'e', 'f', 'g');
  expect(lineDiff(before, after, screen)).toBe(['  b', '  c', '- d', '+ D', '  e', '  f', '+ g'].join('\n'));
});

test('a new file comes whole, and equal texts have no difference', () => {
  expect(lineDiff('', text('a', 'b'), screen)).toBe('+ a\n+ b');
  expect(lineDiff(text('a'), text('a'), screen)).toBe('');
});
