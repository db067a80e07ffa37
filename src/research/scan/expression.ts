import type { Timeframe } from '../../domain/timeframe.ts';
import type { Price } from '../../indicators/series.ts';

/** Place of a word in an expression: characters from its start, from 0. */
export interface Place {
  readonly at: number;
}

export type Arithmetic = '+' | '-' | '*' | '/';
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type Logic = 'and' | 'or';

/** `frame` undefined is the timeframe the scan runs on. */
interface OnBars extends Place {
  readonly frame: Timeframe | undefined;
}

/** Something with a number at every bar; NaN where it is not known. */
export type NumberNode =
  | (Place & { readonly kind: 'number'; readonly value: number })
  | (OnBars & { readonly kind: 'price'; readonly price: Price })
  | (OnBars & { readonly kind: 'oi' })
  | (OnBars & {
      readonly kind: 'indicator';
      readonly name: string;
      readonly sources: readonly NumberNode[];
      /** What follows the sources, in the order of the catalogue; absent ones have their defaults. */
      readonly inputs: readonly number[];
      /** `value` where the indicator is one line by itself. */
      readonly line: string;
    })
  | (OnBars & { readonly kind: 'session'; readonly name: SessionFigure; readonly bars: number })
  | (OnBars & { readonly kind: 'ago'; readonly of: NumberNode; readonly bars: number })
  | (Place & { readonly kind: 'rank'; readonly of: NumberNode })
  | (Place & { readonly kind: 'apply'; readonly name: Applied; readonly of: readonly NumberNode[] })
  | (Place & {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: NumberNode;
      readonly right: NumberNode;
    })
  | (OnBars & { readonly kind: 'count'; readonly of: ConditionNode; readonly bars: number });

/** Something that holds at a bar, does not hold, or cannot be known there. */
export type ConditionNode =
  | (Place & {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: NumberNode;
      readonly right: NumberNode;
    })
  | (OnBars & {
      readonly kind: 'crosses';
      readonly up: boolean;
      readonly left: NumberNode;
      readonly right: NumberNode;
    })
  | (Place & {
      readonly kind: 'logic';
      readonly operator: Logic;
      readonly left: ConditionNode;
      readonly right: ConditionNode;
    })
  | (Place & { readonly kind: 'not'; readonly of: ConditionNode })
  | (OnBars & { readonly kind: 'pattern'; readonly name: string });

export type Node = NumberNode | ConditionNode;

/** Arithmetic that has a name. */
export const applied = { abs: 1, min: 2, max: 2, sqrt: 1, log: 1 } as const;
export type Applied = keyof typeof applied;

/**
 * Figures of the bar's own trading day: its first open, the extremes of its first bars (`openingHigh(2)`), how many bars it has had,
 * percent from the close before to the first open, and percent from the close before to this close.
 */
export const sessionFigures = ['dayOpen', 'openingHigh', 'openingLow', 'barOfDay', 'gap', 'change'] as const;
export type SessionFigure = (typeof sessionFigures)[number];

export function isCondition(node: Node): node is ConditionNode {
  switch (node.kind) {
    case 'compare':
    case 'crosses':
    case 'logic':
    case 'not':
    case 'pattern':
      return true;
    default:
      return false;
  }
}

/** Every node of an expression, itself included, parents before children. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'number':
    case 'price':
    case 'oi':
    case 'session':
    case 'pattern':
      return [];
    case 'indicator':
      return node.sources;
    case 'ago':
    case 'rank':
    case 'count':
    case 'not':
      return [node.of];
    case 'apply':
      return node.of;
    case 'arithmetic':
    case 'compare':
    case 'crosses':
    case 'logic':
      return [node.left, node.right];
  }
}
