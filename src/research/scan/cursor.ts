import type { Timeframe } from '../../domain/timeframe.ts';
import { type ConditionNode, isCondition, type Node, type NumberNode, nodesOf } from './expression.ts';
import { expressionError, type Word, wordsOf } from './words.ts';

/** Parentheses and calls inside each other; deeper is a mistake or an attack. */
const depthMax = 64;
/** Bars that `close[n]`, `any` and `count` may reach back. */
export const barsMax = 5_000;

/** The place in an expression that is being read, and the faults found there. */
export class Cursor {
  readonly #text: string;
  readonly #words: readonly Word[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#words = wordsOf(text);
  }

  word(): Word {
    return this.#words[this.#next];
  }

  take(): Word {
    const word = this.word();
    if (word.kind !== 'end') this.#next += 1;
    return word;
  }

  expect(sign: string): void {
    const word = this.take();
    if (word.text !== sign || word.kind === 'end')
      throw this.fault(word, `expected "${sign}", received ${shown(word)}`);
  }

  bars(what: string, least = 0): number {
    const word = this.take();
    const bars = word.kind === 'number' ? Number(word.text) : Number.NaN;
    if (Number.isInteger(bars) && bars >= least && bars <= barsMax) return bars;
    throw this.fault(word, `expected ${what} from ${least} to ${barsMax}, received ${shown(word)}`);
  }

  deeper<Value>(at: number, inner: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > depthMax) throw this.fault({ at }, `nested more than ${depthMax} deep`);
    const value = inner();
    this.#depth -= 1;
    return value;
  }

  condition(node: Node): ConditionNode {
    if (isCondition(node)) return node;
    throw this.fault(
      node,
      'this is a number, expected something that holds or does not',
      'Compare it, for example rsi14 < 30.',
    );
  }

  number(node: Node): NumberNode {
    if (!isCondition(node)) return node;
    throw this.fault(
      node,
      'this holds or does not hold, expected a number',
      'Join comparisons with and, or, not.',
    );
  }

  fault({ at }: { readonly at: number }, what: string, fix?: string): Error {
    return expressionError(this.#text, at, what.replace(/\.$/, ''), fix);
  }
}

/** Bars that count when something looks back: those of the slowest-named timeframe when it is the only one, else the scan's own. */
export function onlyFrame(nodes: readonly Node[]): Timeframe | undefined {
  const used = new Set<Timeframe | undefined>();
  for (const node of nodes) for (const each of nodesOf(node)) if ('frame' in each) used.add(each.frame);
  const [only, ...others] = [...used];
  return others.length === 0 ? only : undefined;
}

export function shown(word: Word): string {
  return word.kind === 'end' ? 'the end' : `"${word.text}"`;
}

/** A number that stands for itself, such as 20 or -1. */
export function plainNumber(node: NumberNode): number | undefined {
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
