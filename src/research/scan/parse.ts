import { BarSeries } from '../../domain/bar-series.ts';
import { isAlgoError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/nearest.ts';
import { knownTimeframe, type Timeframe, timeframes } from '../../domain/timeframe.ts';
import { catalogue } from '../../indicators/catalogue.ts';
import { prices } from '../../indicators/series.ts';
import { Column, drawn } from './column-pencil.ts';
import {
  type Applied,
  type Arithmetic,
  applied,
  type Comparison,
  type ConditionNode,
  isCondition,
  type Node,
  type NumberNode,
  nodesOf,
  type SessionFigure,
  sessionFigures,
} from './expression.ts';
import { expressionError, type Word, wordsOf } from './words.ts';

/** An expression that was understood. */
export interface Condition {
  readonly text: string;
  readonly node: ConditionNode;
}

export interface Measure {
  readonly text: string;
  readonly node: NumberNode;
}

/** Parentheses and calls inside each other; deeper is a mistake or an attack. */
const depthMax = 64;
/** Bars that `close[n]`, `any` and `count` may reach back. */
const barsMax = 5_000;

/** Reads something that holds or does not: `rsi14 < 30 and close > ema200`. @throws UsageError USAGE_EXPRESSION with line and column */
export function parseCondition(text: string, patternNames: readonly string[] = []): Condition {
  const node = new Parser(text, patternNames).whole();
  if (isCondition(node)) return { text, node };
  throw expressionError(
    text,
    node.at,
    'this is a number, expected something that holds or does not',
    'Compare it, for example rsi14 < 30.',
  );
}

/** Reads a number: `roc20` or `volume / sma(volume, 20)`. @throws UsageError USAGE_EXPRESSION with line and column */
export function parseMeasure(text: string): Measure {
  const node = new Parser(text, []).whole();
  if (!isCondition(node)) return { text, node };
  throw expressionError(
    text,
    node.at,
    'this holds or does not hold, expected a number',
    'Give a number, for example roc20.',
  );
}

/** Reads either of both. @throws UsageError USAGE_EXPRESSION with line and column */
export function parseExpression(text: string, patternNames: readonly string[] = []): Node {
  return new Parser(text, patternNames).whole();
}

/** Timeframes that an expression names, beside the one it runs on. */
export function framesOf(nodes: readonly Node[]): readonly Timeframe[] {
  const frames = new Set<Timeframe>();
  for (const node of nodes)
    for (const each of nodesOf(node)) if ('frame' in each && each.frame !== undefined) frames.add(each.frame);
  return [...frames];
}

const noBars = new BarSeries('', 'day');

const comparisons: readonly string[] = ['<', '<=', '>', '>=', '==', '!='];
const windows = ['any', 'all', 'count'] as const;
const lowerCatalogue = new Map(Object.keys(catalogue).map((name) => [name.toLowerCase(), name]));

/** Recursive descent, one method a level of precedence: or, and, not, comparison, sum, product, sign, place. */
class Parser {
  readonly #text: string;
  readonly #words: readonly Word[];
  readonly #patterns: readonly string[];
  #next = 0;
  #depth = 0;
  /** Timeframe of the names inside a call that was written with one: the `close` of `day.sma(close, 20)`. */
  #frame: Timeframe | undefined;

  constructor(text: string, patternNames: readonly string[]) {
    this.#text = text;
    this.#words = wordsOf(text);
    this.#patterns = patternNames;
  }

  whole(): Node {
    if (this.#word().kind === 'end') throw this.#fault(this.#word(), 'the expression is empty');
    const node = this.#or();
    if (this.#word().kind === 'end') return node;
    throw this.#fault(this.#word(), `"${this.#word().text}" does not continue what stands before it`);
  }

  #or(): Node {
    return this.#logic('or', ['or', '||'], () => this.#and());
  }

  #and(): Node {
    return this.#logic('and', ['and', '&&'], () => this.#not());
  }

  #logic(operator: 'and' | 'or', signs: readonly string[], part: () => Node): Node {
    let left = part();
    while (signs.includes(this.#word().text)) {
      const { at } = this.#take();
      const right = part();
      left = { kind: 'logic', operator, left: this.#condition(left), right: this.#condition(right), at };
    }
    return left;
  }

  #not(): Node {
    if (this.#word().text !== 'not' && this.#word().text !== '!') return this.#comparison();
    const { at } = this.#take();
    return this.#deeper(at, () => ({ kind: 'not', of: this.#condition(this.#not()), at }));
  }

  #comparison(): Node {
    const left = this.#sum();
    const { text } = this.#word();
    if (text === '=') throw this.#fault(this.#word(), 'a single "=" compares nothing', 'Write == for equal.');
    if (text === 'crosses') return this.#crosses(left);
    if (!comparisons.includes(text)) return left;
    const { at } = this.#take();
    const compared: Node = {
      kind: 'compare',
      operator: text as Comparison,
      left: this.#number(left),
      right: this.#number(this.#sum()),
      at,
    };
    if (comparisons.includes(this.#word().text))
      throw this.#fault(this.#word(), 'two comparisons stand in a row', 'Write a < b and b < c.');
    return compared;
  }

  #crosses(left: Node): ConditionNode {
    const { at } = this.#take();
    const way = this.#take();
    if (way.text !== 'above' && way.text !== 'below')
      throw this.#fault(way, `crosses what way: ${shown(way)}`, 'Write crosses above or crosses below.');
    const right = this.#number(this.#sum());
    const from = this.#number(left);
    return {
      kind: 'crosses',
      up: way.text === 'above',
      left: from,
      right,
      frame: this.#onlyFrame([from, right]),
      at,
    };
  }

  #sum(): Node {
    return this.#arithmetic(['+', '-'], () => this.#product());
  }

  #product(): Node {
    return this.#arithmetic(['*', '/'], () => this.#sign());
  }

  #arithmetic(signs: readonly string[], part: () => Node): Node {
    let left = part();
    while (signs.includes(this.#word().text)) {
      const { at, text } = this.#take();
      const right = part();
      left = {
        kind: 'arithmetic',
        operator: text as Arithmetic,
        left: this.#number(left),
        right: this.#number(right),
        at,
      };
    }
    return left;
  }

  #sign(): Node {
    if (this.#word().text !== '-') return this.#ago();
    const { at } = this.#take();
    const zero: NumberNode = { kind: 'number', value: 0, at };
    return this.#deeper(at, () => ({
      kind: 'arithmetic',
      operator: '-',
      left: zero,
      right: this.#number(this.#sign()),
      at,
    }));
  }

  /** `close[1]`: the value one bar before. */
  #ago(): Node {
    let node = this.#place();
    while (this.#word().text === '[') {
      const { at } = this.#take();
      const bars = this.#bars('a number of bars');
      this.#expect(']');
      const of = this.#number(node);
      node = { kind: 'ago', of, bars, frame: this.#onlyFrame([of]), at };
    }
    return node;
  }

  #place(): Node {
    const word = this.#take();
    if (word.kind === 'number')
      return { kind: 'number', value: Number(word.text.replaceAll('_', '')), at: word.at };
    if (word.text === '(') {
      const node = this.#deeper(word.at, () => this.#or());
      this.#expect(')');
      return node;
    }
    if (word.kind === 'frame') return this.#framed(word);
    if (word.kind === 'name') return this.#named(word);
    throw this.#fault(word, `expected a number or a name, received ${shown(word)}`);
  }

  #framed(word: Word): Node {
    const frame = knownTimeframe(word.text);
    if (!frame)
      throw this.#fault(
        word,
        `there is no timeframe "${word.text}".${didYouMean(word.text, timeframes)}`,
        `Use one of ${timeframes.join(', ')}.`,
      );
    if (this.#frame !== undefined && this.#frame !== frame)
      throw this.#fault(
        word,
        `${frame} stands inside a call on ${this.#frame}`,
        'Compare the two timeframes outside of the call.',
      );
    const outer = this.#frame;
    this.#frame = frame;
    const name = this.#take();
    const node = this.#named(name);
    this.#frame = outer;
    return node;
  }

  #named(word: Word): Node {
    const name = word.text;
    const lower = name.toLowerCase();
    const { at } = word;
    const frame = this.#frame;
    const called = this.#word().text === '(';
    const price = prices.find((each) => each === lower);
    if (price && !called) return { kind: 'price', price, frame, at };
    if (lower === 'oi' && !called) return { kind: 'oi', frame, at };
    const figure = sessionFigures.find((each) => each.toLowerCase() === lower);
    if (figure) return this.#session(figure, word, called);
    const exact = lowerCatalogue.get(lower);
    if (exact) return this.#indicator(exact, word, []);
    if (called && Object.hasOwn(applied, lower)) return this.#applied(lower as Applied, word);
    if (called && lower === 'rank') return this.#rank(word);
    if (called && lower === 'pattern') return this.#pattern(word);
    const window = windows.find((each) => each === lower);
    if (called && window) return this.#window(window, word);
    // ema200 is ema(200), and rsi14 is rsi(14).
    const short = /^([A-Za-z]+)(\d+)$/.exec(name);
    const long = short ? lowerCatalogue.get(String(short[1]).toLowerCase()) : undefined;
    if (short && long && !called) return this.#indicator(long, word, [Number(short[2])]);
    throw this.#fault(word, `there is no "${name}".${didYouMean(name, this.#names())}`);
  }

  /** `ema200`, `sma(volume, 20)`, `macd.signal`, `bollinger(close, 20, 2).upper`. */
  #indicator(name: string, word: Word, short: readonly number[]): NumberNode {
    const { sources: wanted, defaults, warmUp } = catalogue[name];
    const { at } = word;
    const frame = this.#frame;
    const sources: NumberNode[] = [];
    const inputs: number[] = [...short];
    for (const argument of this.#arguments(short.length > 0)) {
      const number = this.#number(argument);
      const plain = plainNumber(number);
      if (plain === undefined && inputs.length === 0 && sources.length < wanted.length) sources.push(number);
      else if (plain === undefined)
        throw this.#fault(number, `${name} takes plain numbers after ${wanted.length || 'no'} series`);
      else inputs.push(plain);
    }
    const most = Object.keys(defaults).filter((input) => input !== 'seed').length;
    if (inputs.length > most)
      throw this.#fault(
        word,
        `${name} takes ${most === 0 ? 'no numbers' : `at most ${most}`}, received ${inputs.length}`,
        `Use ${catalogue[name].call}.`,
      );
    if (wanted.length > 1 && sources.length < wanted.length)
      throw this.#fault(word, `${name} needs ${wanted.length} series`, `Use ${catalogue[name].call}.`);
    if (wanted.length === 1 && sources.length === 0)
      sources.push({ kind: 'price', price: 'close', frame, at });
    this.#checkInputs(name, { inputs, sources: Math.max(sources.length, wanted.length) }, word);
    return {
      kind: 'indicator',
      name,
      sources,
      inputs,
      line: this.#line(name, Object.keys(warmUp), word),
      frame,
      at,
    };
  }

  /** An indicator knows best which periods it takes, so it is drawn over no bars at all. */
  #checkInputs(
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
      throw this.#fault(word, what, error.fix);
    }
  }

  #line(name: string, lines: readonly string[], word: Word): string {
    const [first] = lines;
    if (this.#word().text !== '.') {
      if (lines.length === 1 || lines.includes('line')) return lines.length === 1 ? String(first) : 'line';
      throw this.#fault(
        word,
        `${name} has the lines ${lines.join(', ')}`,
        `Say which, for example ${name}.${first}.`,
      );
    }
    this.#take();
    const chosen = this.#take();
    const line = lines.find((each) => each.toLowerCase() === chosen.text.toLowerCase());
    if (line && lines.length > 1) return line;
    const hint = didYouMean(chosen.text, lines);
    throw this.#fault(
      chosen,
      lines.length === 1 ? `${name} is one line by itself` : `${name} has no line "${chosen.text}".${hint}`,
      `Its lines: ${lines.join(', ')}.`,
    );
  }

  #session(name: SessionFigure, word: Word, called: boolean): NumberNode {
    const needsBars = name === 'openingHigh' || name === 'openingLow';
    let bars = 0;
    if (needsBars) {
      if (!called) throw this.#fault(word, `${name} needs a number of bars`, `For example ${name}(2).`);
      this.#take();
      bars = this.#bars('a number of bars', 1);
      this.#expect(')');
    }
    return { kind: 'session', name, bars, frame: this.#frame, at: word.at };
  }

  #applied(name: Applied, word: Word): NumberNode {
    const of = this.#arguments(false).map((each) => this.#number(each));
    if (of.length === applied[name]) return { kind: 'apply', name, of, at: word.at };
    throw this.#fault(
      word,
      `${name} takes ${applied[name]} value${applied[name] === 1 ? '' : 's'}, received ${of.length}`,
    );
  }

  #rank(word: Word): NumberNode {
    const [of, ...more] = this.#arguments(false).map((each) => this.#number(each));
    if (of === undefined || more.length > 0)
      throw this.#fault(word, 'rank takes one value', 'For example rank(roc20) <= 10.');
    for (const each of nodesOf(of))
      if (each.kind === 'rank') throw this.#fault(each, 'a rank cannot be ranked');
    return { kind: 'rank', of, at: word.at };
  }

  #pattern(word: Word): ConditionNode {
    this.#take();
    const name = this.#take();
    this.#expect(')');
    const known = this.#patterns.find((each) => each.toLowerCase() === name.text.toLowerCase());
    if (known) return { kind: 'pattern', name: known, frame: this.#frame, at: word.at };
    throw this.#fault(
      name,
      `there is no pattern "${name.text}".${didYouMean(name.text, this.#patterns)}`,
      `Patterns: ${this.#patterns.join(', ') || 'none here'}.`,
    );
  }

  /** `any(close > ema20, 5)`: in one of the last five bars; `all` in each of them; `count` in how many. */
  #window(name: (typeof windows)[number], word: Word): Node {
    const [of, length, ...more] = this.#arguments(false);
    const bars = length === undefined || isCondition(length) ? undefined : plainNumber(length);
    if (
      of === undefined ||
      bars === undefined ||
      more.length > 0 ||
      !Number.isInteger(bars) ||
      bars < 1 ||
      bars > barsMax
    )
      throw this.#fault(
        word,
        `${name} takes a condition and a number of bars from 1 to ${barsMax}`,
        `For example ${name}(close > ema20, 5).`,
      );
    const condition = this.#condition(of);
    const { at } = word;
    const count: NumberNode = { kind: 'count', of: condition, bars, frame: this.#onlyFrame([condition]), at };
    if (name === 'count') return count;
    return {
      kind: 'compare',
      operator: '>=',
      left: count,
      right: { kind: 'number', value: name === 'any' ? 1 : bars, at },
      at,
    };
  }

  #arguments(shortened: boolean): readonly Node[] {
    if (shortened || this.#word().text !== '(') return [];
    const { at } = this.#take();
    const given: Node[] = [];
    if (this.#word().text === ')') {
      this.#take();
      return given;
    }
    this.#deeper(at, () => {
      given.push(this.#or());
      while (this.#word().text === ',') {
        this.#take();
        given.push(this.#or());
      }
    });
    this.#expect(')');
    return given;
  }

  #bars(what: string, least = 0): number {
    const word = this.#take();
    const bars = word.kind === 'number' ? Number(word.text) : Number.NaN;
    if (Number.isInteger(bars) && bars >= least && bars <= barsMax) return bars;
    throw this.#fault(word, `expected ${what} from ${least} to ${barsMax}, received ${shown(word)}`);
  }

  /** Bars that count when something looks back: those of the slowest-named timeframe when it is the only one, else the scan's own. */
  #onlyFrame(nodes: readonly Node[]): Timeframe | undefined {
    const used = new Set<Timeframe | undefined>();
    for (const node of nodes) for (const each of nodesOf(node)) if ('frame' in each) used.add(each.frame);
    const [only, ...others] = [...used];
    return others.length === 0 ? only : undefined;
  }

  #condition(node: Node): ConditionNode {
    if (isCondition(node)) return node;
    throw this.#fault(
      node,
      'this is a number, expected something that holds or does not',
      'Compare it, for example rsi14 < 30.',
    );
  }

  #number(node: Node): NumberNode {
    if (!isCondition(node)) return node;
    throw this.#fault(
      node,
      'this holds or does not hold, expected a number',
      'Join comparisons with and, or, not.',
    );
  }

  #deeper<Value>(at: number, inner: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > depthMax) throw this.#fault({ at }, `nested more than ${depthMax} deep`);
    const value = inner();
    this.#depth -= 1;
    return value;
  }

  #word(): Word {
    return this.#words[this.#next];
  }

  #take(): Word {
    const word = this.#word();
    if (word.kind !== 'end') this.#next += 1;
    return word;
  }

  #expect(sign: string): void {
    const word = this.#take();
    if (word.text !== sign || word.kind === 'end')
      throw this.#fault(word, `expected "${sign}", received ${shown(word)}`);
  }

  #names(): readonly string[] {
    return [
      ...prices,
      'oi',
      ...sessionFigures,
      ...Object.keys(catalogue),
      ...Object.keys(applied),
      ...windows,
      'rank',
      'pattern',
    ];
  }

  #fault({ at }: { readonly at: number }, what: string, fix?: string): Error {
    return expressionError(this.#text, at, what.replace(/\.$/, ''), fix);
  }
}

function shown(word: Word): string {
  return word.kind === 'end' ? 'the end' : `"${word.text}"`;
}

/** A number that stands for itself, such as 20 or -1. */
function plainNumber(node: NumberNode): number | undefined {
  if (node.kind === 'number') return node.value;
  if (
    node.kind !== 'arithmetic' ||
    node.operator !== '-' ||
    node.left.kind !== 'number' ||
    node.left.value !== 0
  )
    return undefined;
  return node.right.kind === 'number' ? -node.right.value : undefined;
}
