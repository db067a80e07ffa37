import { BarSeries } from '../../domain/bar-series.ts';
import { isAlgoError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/nearest.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import { catalogue } from '../../indicators/catalogue.ts';
import { Column, drawn } from './column-pencil.ts';
import { barsMax, type Cursor, onlyFrame, plainNumber } from './cursor.ts';
import {
  type Applied,
  applied,
  type ConditionNode,
  isCondition,
  type Node,
  type NumberNode,
  nodesOf,
  type SessionFigure,
} from './expression.ts';
import type { Word } from './words.ts';

/** A name that is followed by what it is asked of, just after the name. */
export interface Call {
  readonly cursor: Cursor;
  /** Timeframe of the names inside. */
  readonly frame: Timeframe | undefined;
  /** Names that `pattern(…)` knows. */
  readonly patterns: readonly string[];
  /** Reads the next argument. */
  readonly expression: () => Node;
}

export const windows = ['any', 'all', 'count'] as const;

const noBars = new BarSeries('', 'day');

/** `ema200`, `sma(volume, 20)`, `macd.signal`, `bollinger(close, 20, 2).upper`. */
export function indicatorCall(call: Call, name: string, word: Word, short: readonly number[]): NumberNode {
  const { sources: wanted, defaults, warmUp } = catalogue[name];
  const { at } = word;
  const frame = call.frame;
  const sources: NumberNode[] = [];
  const inputs: number[] = [...short];
  for (const argument of argumentsOf(call, short.length > 0)) {
    const number = call.cursor.number(argument);
    const plain = plainNumber(number);
    if (plain === undefined && inputs.length === 0 && sources.length < wanted.length) sources.push(number);
    else if (plain === undefined)
      throw call.cursor.fault(number, `${name} takes plain numbers after ${wanted.length || 'no'} series`);
    else inputs.push(plain);
  }
  const most = Object.keys(defaults).filter((input) => input !== 'seed').length;
  if (inputs.length > most)
    throw call.cursor.fault(
      word,
      `${name} takes ${most === 0 ? 'no numbers' : `at most ${most}`}, received ${inputs.length}`,
      `Use ${catalogue[name].call}.`,
    );
  if (wanted.length > 1 && sources.length < wanted.length)
    throw call.cursor.fault(word, `${name} needs ${wanted.length} series`, `Use ${catalogue[name].call}.`);
  if (wanted.length === 1 && sources.length === 0) sources.push({ kind: 'price', price: 'close', frame, at });
  checkInputs(call, name, { inputs, sources: Math.max(sources.length, wanted.length) }, word);
  return {
    kind: 'indicator',
    name,
    sources,
    inputs,
    line: lineOf(call, name, Object.keys(warmUp), word),
    frame,
    at,
  };
}

export function sessionCall(call: Call, name: SessionFigure, word: Word, called: boolean): NumberNode {
  const needsBars = name === 'openingHigh' || name === 'openingLow';
  let bars = 0;
  if (needsBars) {
    if (!called) throw call.cursor.fault(word, `${name} needs a number of bars`, `For example ${name}(2).`);
    call.cursor.take();
    bars = call.cursor.bars('a number of bars', 1);
    call.cursor.expect(')');
  }
  return { kind: 'session', name, bars, frame: call.frame, at: word.at };
}

export function appliedCall(call: Call, name: Applied, word: Word): NumberNode {
  const of = argumentsOf(call, false).map((each) => call.cursor.number(each));
  if (of.length === applied[name]) return { kind: 'apply', name, of, at: word.at };
  throw call.cursor.fault(
    word,
    `${name} takes ${applied[name]} value${applied[name] === 1 ? '' : 's'}, received ${of.length}`,
  );
}

export function rankCall(call: Call, word: Word): NumberNode {
  const [of, ...more] = argumentsOf(call, false).map((each) => call.cursor.number(each));
  if (of === undefined || more.length > 0)
    throw call.cursor.fault(word, 'rank takes one value', 'For example rank(roc20) <= 10.');
  for (const each of nodesOf(of))
    if (each.kind === 'rank') throw call.cursor.fault(each, 'a rank cannot be ranked');
  return { kind: 'rank', of, at: word.at };
}

export function patternCall(call: Call, word: Word): ConditionNode {
  call.cursor.take();
  const name = call.cursor.take();
  call.cursor.expect(')');
  const known = call.patterns.find((each) => each.toLowerCase() === name.text.toLowerCase());
  if (known) return { kind: 'pattern', name: known, frame: call.frame, at: word.at };
  throw call.cursor.fault(
    name,
    `there is no pattern "${name.text}".${didYouMean(name.text, call.patterns)}`,
    `Patterns: ${call.patterns.join(', ') || 'none here'}.`,
  );
}

/** `any(close > ema20, 5)`: in one of the last five bars; `all` in each of them; `count` in how many. */
export function windowCall(call: Call, name: (typeof windows)[number], word: Word): Node {
  const [of, length, ...more] = argumentsOf(call, false);
  const bars = length === undefined || isCondition(length) ? undefined : plainNumber(length);
  if (
    of === undefined ||
    bars === undefined ||
    more.length > 0 ||
    !Number.isInteger(bars) ||
    bars < 1 ||
    bars > barsMax
  )
    throw call.cursor.fault(
      word,
      `${name} takes a condition and a number of bars from 1 to ${barsMax}`,
      `For example ${name}(close > ema20, 5).`,
    );
  const condition = call.cursor.condition(of);
  const { at } = word;
  const count: NumberNode = { kind: 'count', of: condition, bars, frame: onlyFrame([condition]), at };
  if (name === 'count') return count;
  return {
    kind: 'compare',
    operator: '>=',
    left: count,
    right: { kind: 'number', value: name === 'any' ? 1 : bars, at },
    at,
  };
}

/** An indicator knows best which periods it takes, so it is drawn over no bars at all. */
function checkInputs(
  call: Call,
  name: string,
  { inputs, sources }: { readonly inputs: readonly number[]; readonly sources: number },
  word: Word,
): void {
  const nothing = new Column(new Float64Array(0));
  try {
    drawn(noBars, { name, inputs, sources: Array.from({ length: sources }, () => nothing) });
  } catch (error) {
    if (!isAlgoError(error)) throw error;
    const what = error.message.charAt(0).toLowerCase() + error.message.slice(1).replace(/\.$/, '');
    throw call.cursor.fault(word, what, error.fix);
  }
}

function lineOf(call: Call, name: string, lines: readonly string[], word: Word): string {
  const [first] = lines;
  if (call.cursor.word().text !== '.') {
    if (lines.length === 1 || lines.includes('line')) return lines.length === 1 ? String(first) : 'line';
    throw call.cursor.fault(
      word,
      `${name} has the lines ${lines.join(', ')}`,
      `Say which, for example ${name}.${first}.`,
    );
  }
  call.cursor.take();
  const chosen = call.cursor.take();
  const line = lines.find((each) => each.toLowerCase() === chosen.text.toLowerCase());
  if (line && lines.length > 1) return line;
  const hint = didYouMean(chosen.text, lines);
  throw call.cursor.fault(
    chosen,
    lines.length === 1 ? `${name} is one line by itself` : `${name} has no line "${chosen.text}".${hint}`,
    `Its lines: ${lines.join(', ')}.`,
  );
}

function argumentsOf(call: Call, shortened: boolean): readonly Node[] {
  if (shortened || call.cursor.word().text !== '(') return [];
  const { at } = call.cursor.take();
  const given: Node[] = [];
  if (call.cursor.word().text === ')') {
    call.cursor.take();
    return given;
  }
  call.cursor.deeper(at, () => {
    given.push(call.expression());
    while (call.cursor.word().text === ',') {
      call.cursor.take();
      given.push(call.expression());
    }
  });
  call.cursor.expect(')');
  return given;
}
