import type { InstrumentKey } from '../../domain/instrument.ts';
import { type EpochMs, istDayNumber } from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import { Evaluation, keyOf, type PatternColumn, type ScannedBars } from './evaluate.ts';
import { type ConditionNode, type Node, type NumberNode, nodesOf } from './expression.ts';
import { type ForwardReturn, ForwardReturns } from './forward-returns.ts';
import { ranksOf } from './ranks.ts';
import type { Reading } from './readings.ts';
import { pointsOf, type ScorePart, scoreOf } from './score.ts';
import { shownNumbers, textOf } from './text-of.ts';

/** One of several conditions that instruments pass one after the other. */
export interface ScanStage {
  readonly name: string;
  readonly where: ConditionNode;
}

/** What a scan looks for, understood. */
export interface ScanPlan {
  /** All have to hold; none takes every instrument. */
  readonly stages: readonly ScanStage[];
  /** How good a hit is; none leaves hits without a score. */
  readonly score: readonly ScorePart[];
  /** Figures that hits are shown with beside what the condition compared. */
  readonly readings: readonly Reading[];
  /** What hits are put in order by, highest first unless `ascending`; undefined is by score, else in the order of the universe. */
  readonly sort: NumberNode | undefined;
  readonly ascending: boolean;
  /** Horizons in bars after which past hits are valued; none skips it. */
  readonly horizons: readonly number[];
  readonly patterns: PatternColumn;
  /** 1 at the instants at which the market's regime lets hits count; undefined lets them always. */
  readonly regimeAt: ((instants: Float64Array) => Float64Array) | undefined;
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
  /** 0 to 100, and the points of each part by its name; undefined where nothing is scored. */
  readonly score: number | undefined;
  readonly points: Readonly<Record<string, number>>;
  /** By their names; a condition is 1, 0 or NaN. */
  readonly readings: Readonly<Record<string, number>>;
}

/** How many instruments one part of the condition let through, by itself and with all parts before it. */
export interface ScanStep {
  /** The stage that it is part of. */
  readonly stage: string;
  readonly text: string;
  readonly passed: number;
  readonly left: number;
  /** Instruments of which it could not be told. */
  readonly unknown: number;
}

/** How many instruments are left after a stage. */
export interface PassedStage {
  readonly name: string;
  readonly left: number;
  /** Instruments that had come so far and of which it could not be told. */
  readonly unknown: number;
}

export interface ScanOutcome {
  readonly hits: readonly ScanHit[];
  /** Instruments that meet the condition, but not in this regime. */
  readonly heldBack: readonly InstrumentKey[];
  readonly stages: readonly PassedStage[];
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
  const { sort } = plan;
  const where = allOf(plan.stages);
  const ranks = ranksByCandidate(plan, candidates);
  const parts = plan.stages.flatMap(({ name, where: stage }) =>
    conjunctsOf(stage).map((part) => ({ stage: name, part })),
  );
  const shown = where ? shownNumbers(where) : [];
  const steps = parts.map(({ stage, part }) => ({
    ...{ stage, text: bare(textOf(part)), passed: 0, left: 0, unknown: 0 },
  }));
  const stages = plan.stages.map(({ name }) => ({ name, left: 0, unknown: 0 }));
  const newest = candidates.reduce(
    (time, { base }) => Math.max(time, closeTime(base)),
    Number.NEGATIVE_INFINITY,
  );
  const past = new ForwardReturns(plan.horizons);
  const hits: { hit: ScanHit; order: number }[] = [];
  const heldBack: InstrumentKey[] = [];
  const insufficient: InstrumentKey[] = [];
  const stale: { key: InstrumentKey; time: EpochMs }[] = [];

  candidates.forEach((candidate, at) => {
    const { key, base } = candidate;
    const evaluation = new Evaluation({ ...candidate, ranks: ranks[at], patterns: plan.patterns });
    const last = base.series.length - 1;
    const time = closeTime(base);
    const allowed = plan.regimeAt?.(base.closes);
    if (where && plan.horizons.length > 0) past.add(base.series, within(evaluation.column(where), allowed));
    if (istDayNumber(time - 1) < istDayNumber(newest - 1)) {
      stale.push({ key, time });
      return;
    }
    const now = (node: Node) => evaluation.column(node)[last];
    let left = true;
    parts.forEach(({ part }, step) => {
      const value = now(part);
      if (value === 1) steps[step].passed += 1;
      else left = false;
      if (Number.isNaN(value)) steps[step].unknown += 1;
      if (left) steps[step].left += 1;
    });
    passStages(plan.stages, stages, now);
    const holds = where ? now(where) : 1;
    if (Number.isNaN(holds)) insufficient.push(key);
    if (holds !== 1) return;
    if (allowed && allowed[last] !== 1) {
      heldBack.push(key);
      return;
    }
    const values = Object.fromEntries(shown.map((each) => [textOf(each), now(each)]));
    const points = plan.score.map((part) => pointsOf(now(part.of), part));
    const score = plan.score.length > 0 ? scoreOf(plan.score, points) : undefined;
    const order = sort ? now(sort) : (score ?? 0);
    hits.push({
      hit: {
        ...{ key, time, close: base.series.close[last] },
        values: sort ? { ...values, [textOf(sort)]: order } : values,
        score,
        points: Object.fromEntries(plan.score.map(({ name }, part) => [name, points[part]])),
        readings: Object.fromEntries(plan.readings.map(({ name, of }) => [name, now(of)])),
      },
      order,
    });
  });

  if (sort || plan.score.length > 0) hits.sort((a, b) => inOrder(a.order, b.order, plan.ascending));
  return {
    hits: hits.map(({ hit }) => hit),
    heldBack,
    stages,
    scanned: candidates.length - stale.length,
    insufficient,
    stale,
    newest: candidates.length > 0 ? newest : Number.NaN,
    steps,
    past: plan.horizons.length > 0 ? past.result() : [],
  };
}

/** Counts an instrument up to the first stage that it does not pass. */
function passStages(
  stages: readonly ScanStage[],
  passed: readonly { left: number; unknown: number }[],
  now: (node: Node) => number,
): void {
  for (const [at, { where }] of stages.entries()) {
    const value = now(where);
    if (Number.isNaN(value)) passed[at].unknown += 1;
    if (value !== 1) return;
    passed[at].left += 1;
  }
}

/** One condition of all stages; undefined where there are none. */
function allOf(stages: readonly ScanStage[]): ConditionNode | undefined {
  return stages
    .map(({ where }): ConditionNode | undefined => where)
    .reduce(
      (left, right) =>
        left && right ? { kind: 'logic', operator: 'and', left, right, at: right.at } : (left ?? right),
      undefined,
    );
}

/** A condition that counts for nothing, neither hit nor comparison, where the regime does not allow it. */
function within(holds: Float64Array, allowed: Float64Array | undefined): Float64Array {
  return allowed ? holds.map((value, row) => (allowed[row] === 1 ? value : Number.NaN)) : holds;
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
  const nodes: Node[] = [
    ...plan.stages.map(({ where }) => where),
    ...plan.score.map(({ of }) => of),
    ...(plan.sort ? [plan.sort] : []),
  ];
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
