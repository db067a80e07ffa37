import type { ClosedTrade } from '../../domain/run-result.ts';
import { type EpochMs, istDayNumber } from '../../domain/time.ts';
import { mean } from '../returns.ts';
import { netOf, returnPercentOf } from '../trade-statistics.ts';
import { type MeanInterval, meanInterval } from './bootstrap.ts';
import { type Feature, features, type Labels } from './conditions.ts';
import { benjaminiHochberg, holm } from './corrections.ts';
import { permutationTest } from './permutation.ts';

/** The rules of a study, the same for every run; `docs/learn.md` publishes them. */
export const studyRules = {
  /** Expected share of false discoveries among the conditions found in training, by Benjamini and Hochberg. */
  falseDiscoveryRate: 0.05,
  /** Chance of any false confirmation on the held-out trades, by Holm. */
  heldOutLevel: 0.05,
  /** Days with trades that a condition, and the rest, must have in training and among the held-out trades. */
  trainingDaysLeast: 20,
  heldOutDaysLeast: 8,
  /** Fewest rounds of the permutation tests; more where many conditions are looked at. */
  roundsLeast: 4_999,
} as const;

export interface StudiedTrade {
  readonly trade: ClosedTrade;
  readonly labels: Labels;
}

/** `strategy` as a feature tells the strategies of one run apart. */
export interface Condition {
  readonly strategy: string;
  readonly feature: Feature | 'strategy';
  readonly label: string;
}

/** One side of a condition on one part of the trades. Percent are of the entry's value, after charges. */
export interface Evidence {
  readonly trades: number;
  /** Days with such trades. What a day brought counts once, since trades of one day share the market's move. */
  readonly days: number;
  readonly netPaise: number;
  /** Mean of the days, with its 95 % interval. */
  readonly percent: MeanInterval;
}

/** A condition under which a strategy earned or bled in training, and whether it did again on trades that were held out. */
export interface Finding extends Condition {
  /** `bleeds` and `earns` speak of money, `does worse` and `does better` only of the rest of the same strategy's trades. */
  readonly effect: 'earns' | 'bleeds' | 'does better' | 'does worse';
  readonly training: { readonly inside: Evidence; readonly rest: Evidence; readonly q: number };
  readonly heldOut: { readonly inside: Evidence; readonly rest: Evidence; readonly p: number | undefined };
  readonly verdict: 'holds' | 'does not hold' | 'too few held out';
}

export interface Study {
  readonly seed: number;
  /** Trades entered before it were learnt from, those from it on were held out. */
  readonly split: EpochMs;
  readonly trainingTrades: number;
  readonly heldOutTrades: number;
  /** Trades of the training part that were still open at the split, and are in neither part. */
  readonly leftOut: number;
  /** Conditions that had enough days to be tested. */
  readonly tested: number;
  readonly findings: readonly Finding[];
}

/** What one day brought under one label: percent, the mean of its trades. */
interface Unit {
  readonly label: string;
  readonly trades: readonly ClosedTrade[];
  readonly percent: number;
}

/**
 * Looks for conditions under which a strategy does better or worse than otherwise: on the first trades, corrected for how many
 * conditions were looked at, then once more on the trades held out.
 */
export function study(
  trades: readonly StudiedTrade[],
  { seed, heldOutPercent }: { readonly seed: number; readonly heldOutPercent: number },
): Study {
  const sorted = [...trades].sort((a, b) => a.trade.entryTime - b.trade.entryTime || a.trade.id - b.trade.id);
  const first = Math.floor(sorted.length * (1 - heldOutPercent / 100));
  const split = sorted.at(first)?.trade.entryTime ?? Number.NaN;
  const early = sorted.filter(({ trade }) => trade.entryTime < split);
  const training = early.filter(({ trade }) => trade.exitTime < split);
  const heldOut = sorted.filter(({ trade }) => trade.entryTime >= split);
  const strategies = [...new Set(sorted.map(({ trade }) => trade.strategy))].sort();
  const parts = { training, heldOut };
  const tested = [
    ...strategies.flatMap((strategy) => features.flatMap((feature) => candidates(parts, feature, strategy))),
    ...(strategies.length > 1 ? candidates(parts, 'strategy') : []),
  ];
  const findings = found(tested, seed);
  return {
    seed,
    split,
    trainingTrades: training.length,
    heldOutTrades: heldOut.length,
    leftOut: early.length - training.length,
    tested: tested.length,
    findings,
  };
}

/** A condition with enough days to be tested, and the units of its feature. */
interface Candidate extends Condition {
  readonly training: readonly Unit[];
  readonly heldOut: readonly Unit[];
}

interface Parts {
  readonly training: readonly StudiedTrade[];
  readonly heldOut: readonly StudiedTrade[];
}

/** Conditions of one feature, of one strategy's trades; without a strategy, of all of them. */
function candidates(parts: Parts, feature: Condition['feature'], strategy?: string): readonly Candidate[] {
  const training = unitsOf(parts.training, feature, strategy);
  const heldOut = unitsOf(parts.heldOut, feature, strategy);
  const all = [...new Set(training.map(({ label }) => label))].sort();
  const enough = all.filter((label) => {
    const inside = training.filter((unit) => unit.label === label).length;
    return Math.min(inside, training.length - inside) >= studyRules.trainingDaysLeast;
  });
  // Of two labels each is the other's rest, so one test says it all: of the worse one, since it may be left out.
  const asked = all.length === 2 && enough.length === 2 ? [worse(enough, training)] : enough;
  return asked.map((label) => ({ strategy: strategy ?? label, feature, label, training, heldOut }));
}

function worse(labels: readonly string[], units: readonly Unit[]): string {
  const [one, other] = labels;
  return meanOf(units, (unit) => unit.label === one) <= meanOf(units, (unit) => unit.label === other)
    ? one
    : other;
}

function meanOf(units: readonly Unit[], wanted: (unit: Unit) => boolean): number {
  return mean(units.filter(wanted).map(({ percent }) => percent));
}

function unitsOf(
  trades: readonly StudiedTrade[],
  feature: Condition['feature'],
  strategy?: string,
): readonly Unit[] {
  const units = new Map<string, { label: string; trades: ClosedTrade[] }>();
  for (const { trade, labels } of trades) {
    const label = feature === 'strategy' ? trade.strategy : labels[feature];
    if (label === undefined || (strategy !== undefined && trade.strategy !== strategy)) continue;
    const name = `${istDayNumber(trade.entryTime)} ${label}`;
    const unit = units.get(name) ?? { label, trades: [] };
    unit.trades.push(trade);
    units.set(name, unit);
  }
  return [...units.values()].map((unit) => ({ ...unit, percent: mean(unit.trades.map(returnPercentOf)) }));
}

interface Chance {
  readonly rounds: number;
  readonly seed: number;
}

/** What is found in training at the false discovery rate, each confirmed or not on what was held out. */
function found(tested: readonly Candidate[], seed: number): readonly Finding[] {
  const chance = { rounds: Math.max(studyRules.roundsLeast, 40 * tested.length), seed };
  const adjusted = benjaminiHochberg(inOneGo(tested, chance));
  const discoveries = tested.flatMap((candidate, at) =>
    adjusted[at] <= studyRules.falseDiscoveryRate ? [{ candidate, q: adjusted[at] }] : [],
  );
  const confirmations = holm(discoveries.map(({ candidate }) => confirmationOf(candidate, chance) ?? 1));
  return discoveries
    .map(({ candidate, q }, at) => findingOf(candidate, { q, p: confirmations[at], seed }))
    .sort((a, b) => a.training.q - b.training.q);
}

/** Two-sided values of all candidates; those of one feature are tested on the same deals. */
function inOneGo(tested: readonly Candidate[], chance: Chance): readonly number[] {
  const byUnits = new Map<readonly Unit[], Candidate[]>();
  for (const candidate of tested)
    byUnits.set(candidate.training, [...(byUnits.get(candidate.training) ?? []), candidate]);
  const values = new Map<Candidate, number>();
  for (const [units, asked] of byUnits) {
    const groups = asked.map(({ label }) => placesOf(units, label));
    const chances = permutationTest(outcomesOf(units), groups, { ...chance, direction: 'any' });
    asked.forEach((candidate, at) => {
      values.set(candidate, chances[at]);
    });
  }
  return tested.map((candidate) => values.get(candidate) ?? 1);
}

/** Chance of the held-out difference, in the direction found in training; undefined where too few days were held out. */
function confirmationOf({ training, heldOut, label }: Candidate, chance: Chance): number | undefined {
  const places = placesOf(heldOut, label);
  const least = studyRules.heldOutDaysLeast;
  if (places.length < least || heldOut.length - places.length < least) return undefined;
  if (differenceOf(training, label) < 0 !== differenceOf(heldOut, label) < 0) return 1;
  return permutationTest(outcomesOf(heldOut), [places], { ...chance, direction: 'same' })[0];
}

function differenceOf(units: readonly Unit[], label: string): number {
  return meanOf(units, (unit) => unit.label === label) - meanOf(units, (unit) => unit.label !== label);
}

function outcomesOf(units: readonly Unit[]): Float64Array {
  return Float64Array.from(units, ({ percent }) => percent);
}

function placesOf(units: readonly Unit[], label: string): readonly number[] {
  return units.flatMap((unit, place) => (unit.label === label ? [place] : []));
}

function findingOf(
  { strategy, feature, label, training, heldOut }: Candidate,
  { q, p, seed }: { readonly q: number; readonly p: number; readonly seed: number },
): Finding {
  const inside = (units: readonly Unit[]) =>
    evidenceOf(
      units.filter((unit) => unit.label === label),
      seed,
    );
  const rest = (units: readonly Unit[]) =>
    evidenceOf(
      units.filter((unit) => unit.label !== label),
      seed,
    );
  const learnt = { inside: inside(training), rest: rest(training) };
  const kept = { inside: inside(heldOut), rest: rest(heldOut) };
  const enough = Math.min(kept.inside.days, kept.rest.days) >= studyRules.heldOutDaysLeast;
  const again =
    p <= studyRules.heldOutLevel && kept.inside.percent.mean < 0 === learnt.inside.percent.mean < 0;
  return {
    ...{ strategy, feature, label },
    effect: effectOf(learnt),
    training: { ...learnt, q },
    heldOut: { ...kept, p: enough ? p : undefined },
    verdict: !enough ? 'too few held out' : again ? 'holds' : 'does not hold',
  };
}

function effectOf({ inside, rest }: Pick<Finding['training'], 'inside' | 'rest'>): Finding['effect'] {
  const below = inside.percent.mean < rest.percent.mean;
  // Money is lost or earned only where the whole interval says so.
  if (below) return inside.percent.high < 0 ? 'bleeds' : 'does worse';
  return inside.percent.low > 0 ? 'earns' : 'does better';
}

function evidenceOf(units: readonly Unit[], seed: number): Evidence {
  const trades = units.flatMap((unit) => unit.trades);
  return {
    trades: trades.length,
    days: units.length,
    netPaise: trades.reduce((sum, trade) => sum + netOf(trade), 0),
    percent: meanInterval(outcomesOf(units), seed),
  };
}
