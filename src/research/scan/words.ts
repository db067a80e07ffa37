import { UsageError } from '../../domain/errors.ts';

/** A word of an expression. `frame` is a timeframe in front of a name, such as the `15m` of `15m.rsi14`. */
export interface Word {
  readonly kind: 'number' | 'name' | 'frame' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Characters of an expression: far more than anyone writes, and a bound for what the parser has to hold. */
const lengthMax = 4_000;

/** Characters of a line that are shown before and behind the place of a fault. */
const shownBefore = 100;

const patterns = [
  ['frame', /(?:\d+[mh]|day|week|month)\.(?=[A-Za-z_])/y],
  ['number', /\d+(?:_\d+)*(?:\.\d+)?(?:e[+-]?\d+)?/iy],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['sign', /<=|>=|==|!=|&&|\|\||[-+*/<>()[\],.=!]/y],
] as const;

/** Cuts an expression into words, the last of them the end. @throws UsageError USAGE_EXPRESSION at the first that is none */
export function wordsOf(text: string): readonly Word[] {
  if (text.length > lengthMax)
    throw expressionError(
      text,
      lengthMax,
      `the expression has ${text.length} characters, allowed are ${lengthMax}`,
      'Split it into several scans.',
    );
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const word = wordAt(text, at);
    words.push(word);
    at += word.kind === 'frame' ? word.text.length + 1 : word.text.length;
  }
  return [...words, { kind: 'end', text: '', at: text.length }];
}

function wordAt(text: string, at: number): Word {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    return { kind, at, text: kind === 'frame' ? found.slice(0, -1) : found };
  }
  const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw expressionError(text, at, `${JSON.stringify(letter)} means nothing in an expression`);
}

/**
 * A fault of an expression, with the line it stands in and a mark below the place.
 * Lines and columns are counted from 1, columns in characters.
 */
export function expressionError(text: string, at: number, what: string, fix?: string): UsageError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', at);
  const column = at - start + 1;
  // Of a line that no screen holds, what stands around the place.
  const first = Math.max(start, at - shownBefore);
  const shown = text.slice(first, Math.min(end < 0 ? text.length : end, at + shownBefore));
  return new UsageError(
    'USAGE_EXPRESSION',
    `Line ${line}, column ${column}: ${what}${what.endsWith('?') ? '' : '.'}\n  ${shown.replaceAll(/\p{Cc}/gu, ' ')}\n  ${' '.repeat(at - first)}^`,
    fix ?? 'algo indicators lists what an expression can name; docs/scan.md has the grammar.',
  );
}
