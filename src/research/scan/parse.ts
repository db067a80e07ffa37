import { didYouMean } from '../../domain/nearest.ts';
import { knownTimeframe, type Timeframe, timeframes } from '../../domain/timeframe.ts';
import { catalogue } from '../../indicators/catalogue.ts';
import { prices } from '../../indicators/series.ts';
import {
  appliedCall,
  type Call,
  indicatorCall,
  patternCall,
  rankCall,
  sessionCall,
  windowCall,
  windows,
} from './calls.ts';
import { Cursor, onlyFrame, shown } from './cursor.ts';
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
  sessionFigures,
} from './expression.ts';
import { expressionError, type Word } from './words.ts';

/** An expression that was understood. */
export interface Condition {
  readonly text: string;
  readonly node: ConditionNode;
}

export interface Measure {
  readonly text: string;
  readonly node: NumberNode;
}

/**
 * Reads something that holds or does not: `rsi14 < 30 and close > ema200`. What names no timeframe is of `frame`, else of the one that
 * the scan runs on.
 *
 * @throws UsageError USAGE_EXPRESSION with line and column
 */
export function parseCondition(
  text: string,
  patternNames: readonly string[] = [],
  frame?: Timeframe,
): Condition {
  const node = new Parser(text, patternNames, frame).whole();
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
export function parseExpression(text: string, patternNames: readonly string[] = [], frame?: Timeframe): Node {
  return new Parser(text, patternNames, frame).whole();
}

/** Timeframes that an expression names, beside the one it runs on. */
export function framesOf(nodes: readonly Node[]): readonly Timeframe[] {
  const frames = new Set<Timeframe>();
  for (const node of nodes)
    for (const each of nodesOf(node)) if ('frame' in each && each.frame !== undefined) frames.add(each.frame);
  return [...frames];
}

const comparisons: readonly string[] = ['<', '<=', '>', '>=', '==', '!='];
const lowerCatalogue = new Map(Object.keys(catalogue).map((name) => [name.toLowerCase(), name]));

/** Recursive descent, one method a level of precedence: or, and, not, comparison, sum, product, sign, place. */
class Parser {
  readonly #cursor: Cursor;
  readonly #patterns: readonly string[];
  /** Timeframe of names that are written without one. */
  readonly #usual: Timeframe | undefined;
  /** Timeframe of the names inside a call that was written with one: the `close` of `day.sma(close, 20)`. */
  #frame: Timeframe | undefined;

  constructor(text: string, patternNames: readonly string[], usual?: Timeframe) {
    this.#cursor = new Cursor(text);
    this.#patterns = patternNames;
    this.#usual = usual;
  }

  whole(): Node {
    if (this.#cursor.word().kind === 'end')
      throw this.#cursor.fault(this.#cursor.word(), 'the expression is empty');
    const node = this.#or();
    if (this.#cursor.word().kind === 'end') return node;
    throw this.#cursor.fault(
      this.#cursor.word(),
      `"${this.#cursor.word().text}" does not continue what stands before it`,
    );
  }

  #or(): Node {
    return this.#logic('or', ['or', '||'], () => this.#and());
  }

  #and(): Node {
    return this.#logic('and', ['and', '&&'], () => this.#not());
  }

  #logic(operator: 'and' | 'or', signs: readonly string[], part: () => Node): Node {
    let left = part();
    while (signs.includes(this.#cursor.word().text)) {
      const { at } = this.#cursor.take();
      const right = part();
      left = {
        kind: 'logic',
        operator,
        left: this.#cursor.condition(left),
        right: this.#cursor.condition(right),
        at,
      };
    }
    return left;
  }

  #not(): Node {
    if (this.#cursor.word().text !== 'not' && this.#cursor.word().text !== '!') return this.#comparison();
    const { at } = this.#cursor.take();
    return this.#cursor.deeper(at, () => ({ kind: 'not', of: this.#cursor.condition(this.#not()), at }));
  }

  #comparison(): Node {
    const left = this.#sum();
    const { text } = this.#cursor.word();
    if (text === '=')
      throw this.#cursor.fault(this.#cursor.word(), 'a single "=" compares nothing', 'Write == for equal.');
    if (text === 'crosses') return this.#crosses(left);
    if (!comparisons.includes(text)) return left;
    const { at } = this.#cursor.take();
    const compared: Node = {
      kind: 'compare',
      operator: text as Comparison,
      left: this.#cursor.number(left),
      right: this.#cursor.number(this.#sum()),
      at,
    };
    if (comparisons.includes(this.#cursor.word().text))
      throw this.#cursor.fault(
        this.#cursor.word(),
        'two comparisons stand in a row',
        'Write a < b and b < c.',
      );
    return compared;
  }

  #crosses(left: Node): ConditionNode {
    const { at } = this.#cursor.take();
    const way = this.#cursor.take();
    if (way.text !== 'above' && way.text !== 'below')
      throw this.#cursor.fault(
        way,
        `crosses what way: ${shown(way)}`,
        'Write crosses above or crosses below.',
      );
    const right = this.#cursor.number(this.#sum());
    const from = this.#cursor.number(left);
    return {
      kind: 'crosses',
      up: way.text === 'above',
      left: from,
      right,
      frame: onlyFrame([from, right]),
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
    while (signs.includes(this.#cursor.word().text)) {
      const { at, text } = this.#cursor.take();
      const right = part();
      left = {
        kind: 'arithmetic',
        operator: text as Arithmetic,
        left: this.#cursor.number(left),
        right: this.#cursor.number(right),
        at,
      };
    }
    return left;
  }

  #sign(): Node {
    if (this.#cursor.word().text !== '-') return this.#ago();
    const { at } = this.#cursor.take();
    const zero: NumberNode = { kind: 'number', value: 0, at };
    return this.#cursor.deeper(at, () => ({
      kind: 'arithmetic',
      operator: '-',
      left: zero,
      right: this.#cursor.number(this.#sign()),
      at,
    }));
  }

  /** `close[1]`: the value one bar before. */
  #ago(): Node {
    let node = this.#place();
    while (this.#cursor.word().text === '[') {
      const { at } = this.#cursor.take();
      const bars = this.#cursor.bars('a number of bars');
      this.#cursor.expect(']');
      const of = this.#cursor.number(node);
      node = { kind: 'ago', of, bars, frame: onlyFrame([of]), at };
    }
    return node;
  }

  #place(): Node {
    const word = this.#cursor.take();
    if (word.kind === 'number')
      return { kind: 'number', value: Number(word.text.replaceAll('_', '')), at: word.at };
    if (word.text === '(') {
      const node = this.#cursor.deeper(word.at, () => this.#or());
      this.#cursor.expect(')');
      return node;
    }
    if (word.kind === 'frame') return this.#framed(word);
    if (word.kind === 'name') return this.#named(word);
    throw this.#cursor.fault(word, `expected a number or a name, received ${shown(word)}`);
  }

  #framed(word: Word): Node {
    const frame = knownTimeframe(word.text);
    if (!frame)
      throw this.#cursor.fault(
        word,
        `there is no timeframe "${word.text}".${didYouMean(word.text, timeframes)}`,
        `Use one of ${timeframes.join(', ')}.`,
      );
    if (this.#frame !== undefined && this.#frame !== frame)
      throw this.#cursor.fault(
        word,
        `${frame} stands inside a call on ${this.#frame}`,
        'Compare the two timeframes outside of the call.',
      );
    const outer = this.#frame;
    this.#frame = frame;
    const name = this.#cursor.take();
    const node = this.#named(name);
    this.#frame = outer;
    return node;
  }

  #named(word: Word): Node {
    const name = word.text;
    const lower = name.toLowerCase();
    const { at } = word;
    const frame = this.#frame ?? this.#usual;
    const call: Call = {
      ...{ cursor: this.#cursor, frame, patterns: this.#patterns },
      expression: () => this.#or(),
    };
    const called = this.#cursor.word().text === '(';
    const price = prices.find((each) => each === lower);
    if (price && !called) return { kind: 'price', price, frame, at };
    if (lower === 'oi' && !called) return { kind: 'oi', frame, at };
    const figure = sessionFigures.find((each) => each.toLowerCase() === lower);
    if (figure) return sessionCall(call, figure, word, called);
    const exact = lowerCatalogue.get(lower);
    if (exact) return indicatorCall(call, exact, word, []);
    if (called && Object.hasOwn(applied, lower)) return appliedCall(call, lower as Applied, word);
    if (called && lower === 'rank') return rankCall(call, word);
    if (called && lower === 'pattern') return patternCall(call, word);
    const window = windows.find((each) => each === lower);
    if (called && window) return windowCall(call, window, word);
    // ema200 is ema(200), and rsi14 is rsi(14).
    const short = /^([A-Za-z]+)(\d+)$/.exec(name);
    const long = short ? lowerCatalogue.get(String(short[1]).toLowerCase()) : undefined;
    if (short && long && !called) return indicatorCall(call, long, word, [Number(short[2])]);
    throw this.#cursor.fault(word, `there is no "${name}".${didYouMean(name, namesFor())}`);
  }
}

function namesFor(): readonly string[] {
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
