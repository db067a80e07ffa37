import type { InstrumentKey } from '../../domain/instrument.ts';
import { type EpochMs, istDayNumber } from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import { Evaluation, keyOf, type PatternColumn, type ScannedBars } from './evaluate.ts';
import { type ConditionNode, type Node, type NumberNode, nodesOf } from './expression.ts';
import { type ForwardReturn, ForwardReturns } from './forward-returns.ts';
import { ranksOf } from './ranks.ts';
import { shownNumbers, textOf } from './text-of.ts';

/** What a scan looks for, understood. */
export interface ScanPlan {
  readonly where: ConditionNode;
  /** What hits are put in order by, highest first unless `ascending`; undefined keeps the order of the universe. */
  readonly sort: NumberNode | undefined;
  readonly ascending: boolean;
  /** Horizons in bars after which past hits are valued; none skips it. */
  readonly horizons: readonly number[];
  readonly patterns: PatternColumn;
}

/** An instrument with the bars that the plan needs, none later than the scan's instant. */
export interface Candidate {
  readonly key: InstrumentKey;
  readonly base: ScannedBars;
  readonly others: ReadonlyMap<Timeframe, ScannedBars>;
}

export interface ScanHit {
  readonly key: InstrumentKey;
  /** When its newest bar closed. */
  readonly time: EpochMs;
  readonly close: number;
  /** What the condition compared, by its text. */
  readonly values: Readonly<Record<string, number>>;
}

/** How many instruments one part of the condition let through, by itself and with all parts before it. */
export interface ScanStep {
  readonly text: string;
  readonly passed: number;
  readonly left: number;
  /** Instruments of which it could not be told. */
  readonly unknown: number;
}

export interface ScanOutcome {
  readonly hits: readonly ScanHit[];
  /** Instruments with a bar on the newest day. */
  readonly scanned: number;
  /** Instruments whose bars do not reach back far enough to tell. */
  readonly insufficient: readonly InstrumentKey[];
  /** Instruments without a bar on the newest day, which are left out: what they met, they met on another day. */
  readonly stale: readonly { readonly key: InstrumentKey; readonly time: EpochMs }[];
  /** When the newest bar of all closed; NaN without any. */
  readonly newest: EpochMs;
  readonly steps: readonly ScanStep[];
  readonly past: readonly ForwardReturn[];
}

/** Looks at the newest bar of every candidate. */
export function scan(plan: ScanPlan, candidates: readonly Candidate[]): ScanOutcome {
  const { where, sort } = plan;
  const ranks = ranksByCandidate(plan, candidates);
  const parts = conjunctsOf(where);
  const shown = shownNumbers(where);
  const steps = parts.map((part) => ({ text: bare(textOf(part)), passed: 0, left: 0, unknown: 0 }));
  const newest = candidates.reduce(
    (time, { base }) => Math.max(time, closeTime(base)),
    Number.NEGATIVE_INFINITY,
  );
  const past = new ForwardReturns(plan.horizons);
  const hits: { hit: ScanHit; order: number }[] = [];
  const insufficient: InstrumentKey[] = [];
  const stale: { key: InstrumentKey; time: EpochMs }[] = [];

  candidates.forEach((candidate, at) => {
    const { key, base } = candidate;
    const evaluation = new Evaluation({ ...candidate, ranks: ranks[at], patterns: plan.patterns });
    const last = base.series.length - 1;
    const time = closeTime(base);
    if (plan.horizons.length > 0) past.add(base.series, evaluation.column(where));
    if (istDayNumber(time - 1) < istDayNumber(newest - 1)) {
      stale.push({ key, time });
      return;
    }
    const holds = evaluation.column(where)[last];
    let left = true;
    parts.forEach((part, step) => {
      const value = evaluation.column(part)[last];
      if (value === 1) steps[step].passed += 1;
      else left = false;
      if (Number.isNaN(value)) steps[step].unknown += 1;
      if (left) steps[step].left += 1;
    });
    if (Number.isNaN(holds)) insufficient.push(key);
    if (holds !== 1) return;
    const values = Object.fromEntries(shown.map((each) => [textOf(each), evaluation.column(each)[last]]));
    const order = sort ? evaluation.column(sort)[last] : 0;
    const { close } = base.series;
    hits.push({
      hit: { key, time, close: close[last], values: sort ? { ...values, [textOf(sort)]: order } : values },
      order,
    });
  });

  if (sort) hits.sort((a, b) => inOrder(a.order, b.order, plan.ascending));
  return {
    hits: hits.map(({ hit }) => hit),
    scanned: candidates.length - stale.length,
    insufficient,
    stale,
    newest: candidates.length > 0 ? newest : Number.NaN,
    steps,
    past: plan.horizons.length > 0 ? past.result() : [],
  };
}

/** Hits without a value come last, whichever way the others are sorted. */
function inOrder(a: number, b: number, ascending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return ascending ? a - b : b - a;
}

function closeTime({ closes }: ScannedBars): EpochMs {
  return closes[closes.length - 1];
}

/** The parts that all have to hold. */
function conjunctsOf(node: ConditionNode): readonly ConditionNode[] {
  return node.kind === 'logic' && node.operator === 'and'
    ? [...conjunctsOf(node.left), ...conjunctsOf(node.right)]
    : [node];
}

function bare(text: string): string {
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}

/** Every ranked figure of the plan, computed for all candidates and turned into places, one map a candidate. */
function ranksByCandidate(
  plan: ScanPlan,
  candidates: readonly Candidate[],
): readonly ReadonlyMap<string, Float64Array>[] {
  const ranks = candidates.map(() => new Map<string, Float64Array>());
  const nodes: Node[] = plan.sort ? [plan.where, plan.sort] : [plan.where];
  const ranked = new Map<string, NumberNode>();
  for (const node of nodes)
    for (const each of nodesOf(node)) if (each.kind === 'rank') ranked.set(keyOf(each.of), each.of);
  for (const [key, of] of ranked) {
    const figures = candidates.map((candidate, at) => ({
      times: candidate.base.closes,
      values: new Evaluation({ ...candidate, ranks: ranks[at], patterns: plan.patterns }).column(of),
    }));
    ranksOf(figures).forEach((places, at) => {
      ranks[at].set(key, places);
    });
  }
  return ranks;
}
