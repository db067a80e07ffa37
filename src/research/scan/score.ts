import { isCondition, type Node } from './expression.ts';

/** A part of a quality score: a number that earns nothing at `from` or beyond and everything at `to`, or a condition. */
export interface ScorePart {
  readonly name: string;
  readonly of: Node;
  readonly from: number;
  readonly to: number;
  /** Its share of the score, beside those of the others. */
  readonly weight: number;
}

/** 0 to 100 by where a value lies between the ends; `to` may be the lower one. NaN where the value is not known. */
export function pointsOf(value: number, { of, from, to }: Pick<ScorePart, 'of' | 'from' | 'to'>): number {
  const [none, all] = isCondition(of) ? [0, 1] : [from, to];
  return Math.min(100, Math.max(0, (100 * (value - none)) / (all - none)));
}

/** The weighted mean of the points, 0 to 100; NaN where one is not known, since leaving it out would flatter or punish. */
export function scoreOf(parts: readonly ScorePart[], points: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  parts.forEach(({ weight }, at) => {
    sum += weight * points[at];
    weights += weight;
  });
  return sum / weights;
}
