import { decimalOf } from '../domain/money.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { isoInstant } from '../domain/time.ts';
import type { BeforeAfter, TrialSide } from '../research/learn/before-after.ts';
import type { MeanInterval } from '../research/learn/bootstrap.ts';
import type { HoldingRow } from '../research/learn/holding.ts';
import type { Proposal, StrategySettings } from '../research/learn/proposals.ts';
import { type Evidence, type Finding, type Study, studyRules } from '../research/learn/study.ts';
import type { TradeScore } from '../research/learn/trade-score.ts';
import { netOf } from '../research/trade-statistics.ts';
import { rounded } from './format.ts';

/** What was studied. */
export interface StudiedRun {
  readonly id: string;
  readonly savedAt: string;
  readonly synthetic: boolean;
  /** Which sessions, where it is not a kept run. */
  readonly sessions?: string;
}

/** What a part of a run came to without the proposals, or with them. Rupees. */
export interface TrialRow {
  readonly trades: number;
  readonly net: string;
  readonly drawdown: string;
  /** Of a day with trades, with its 95 % interval. */
  readonly dayMean: string;
  readonly dayLow: string;
  readonly dayHigh: string;
}

/** The held-out part, run again without the proposals and with them. */
export interface TrialDocument {
  readonly days: number;
  readonly before: TrialRow;
  readonly after: TrialRow;
  /** After less before, a day. */
  readonly difference: Readonly<Record<'dayMean' | 'dayLow' | 'dayHigh', string>>;
}

/** Parts of a score from 0 to 1, null where they cannot be told. */
export type ScoreRow = { readonly [Part in keyof TradeScore]: number | null };

export interface EvidenceRow {
  readonly trades: number;
  readonly days: number;
  readonly net: string;
  /** Mean of the days in percent of the entries' value, and its 95 % interval. */
  readonly meanPercent: number | null;
  readonly lowPercent: number | null;
  readonly highPercent: number | null;
}

export interface FindingRow {
  readonly strategy: string;
  readonly feature: string;
  readonly label: string;
  readonly effect: Finding['effect'];
  readonly verdict: Finding['verdict'];
  /** Benjamini and Hochberg's value in training, and Holm's on the held-out trades; null where too few days were held out. */
  readonly q: number;
  readonly p: number | null;
  readonly training: { readonly inside: EvidenceRow; readonly rest: EvidenceRow };
  readonly heldOut: { readonly inside: EvidenceRow; readonly rest: EvidenceRow };
}

export interface ProposalRow {
  readonly strategy: string;
  readonly what: string;
  readonly settings: StrategySettings;
  /** Net of the held-out trades that it would have left out. */
  readonly heldOutNet: string;
  readonly heldOutTrades: number;
}

/** Money is decimal strings, instants ISO-8601 in India. */
export interface LearnDocument {
  readonly study: string;
  readonly run: StudiedRun;
  readonly trades: number;
  readonly seed: number;
  readonly split: string;
  readonly trainingTrades: number;
  readonly heldOutTrades: number;
  readonly leftOut: number;
  readonly tested: number;
  readonly rules: typeof studyRules;
  readonly scores: readonly (ScoreRow & { readonly strategy: string; readonly trades: number })[];
  readonly tradeScores: readonly (ScoreRow & {
    readonly id: number;
    readonly strategy: string;
    readonly instrument: string;
    readonly entryTime: string;
    readonly net: string;
  })[];
  readonly findings: readonly FindingRow[];
  readonly proposals: readonly ProposalRow[];
  /** Present where something is proposed and the run could be made again. */
  readonly trial?: TrialDocument;
  /** How long trades were held: told, and not tested, since it is known only afterwards. */
  readonly holding: readonly {
    readonly strategy: string;
    readonly held: string;
    readonly trades: number;
    readonly net: string;
    readonly meanPercent: number;
  }[];
  readonly notes: readonly string[];
}

const parts = ['setup', 'timing', 'exit', 'cost', 'total'] as const;

export function learnDocument({
  id,
  run,
  trades,
  scores,
  study,
  proposals,
  trial,
  holding,
  notes,
}: {
  readonly id: string;
  readonly run: StudiedRun;
  readonly trades: readonly ClosedTrade[];
  /** One a trade. */
  readonly scores: readonly TradeScore[];
  readonly study: Study;
  readonly proposals: readonly Proposal[];
  readonly trial: BeforeAfter | undefined;
  readonly holding: readonly HoldingRow[];
  readonly notes: readonly string[];
}): LearnDocument {
  const { seed, split, trainingTrades, heldOutTrades, leftOut, tested, findings } = study;
  const strategies = [...new Set(trades.map(({ strategy }) => strategy))].sort();
  return {
    study: id,
    run,
    trades: trades.length,
    ...{ seed, split: isoInstant(split), trainingTrades, heldOutTrades, leftOut, tested, rules: studyRules },
    scores: strategies.map((strategy) => {
      const own = scores.filter((_, at) => trades[at].strategy === strategy);
      return { strategy, trades: own.length, ...scoreRow((part) => meanOf(own.map((score) => score[part]))) };
    }),
    tradeScores: trades.map((trade, at) => ({
      ...{
        id: trade.id,
        strategy: trade.strategy,
        instrument: trade.key,
        entryTime: isoInstant(trade.entryTime),
      },
      net: decimalOf(netOf(trade)),
      ...scoreRow((part) => scores[at][part]),
    })),
    findings: findings.map(findingRow),
    proposals: proposals.map(({ strategy, what, settings, finding: { heldOut } }) => ({
      ...{ strategy, what, settings },
      heldOutNet: decimalOf(heldOut.inside.netPaise),
      heldOutTrades: heldOut.inside.trades,
    })),
    ...(trial && { trial: trialDocument(trial) }),
    holding: holding.map(({ strategy, held, trades: count, netPaise, meanPercent }) => ({
      ...{ strategy, held, trades: count, net: decimalOf(netPaise), meanPercent: rounded(meanPercent) },
    })),
    notes,
  };
}

function trialDocument({ days, before, after, difference }: BeforeAfter): TrialDocument {
  return { days, before: trialRow(before), after: trialRow(after), difference: dayRow(difference) };
}

function trialRow({ trades, netPaise, drawdownPaise, dayPaise }: TrialSide): TrialRow {
  return { trades, net: decimalOf(netPaise), drawdown: decimalOf(drawdownPaise), ...dayRow(dayPaise) };
}

function dayRow({ mean, low, high }: MeanInterval): TrialDocument['difference'] {
  const [dayMean, dayLow, dayHigh] = [mean, low, high].map((paise) => decimalOf(Math.round(paise)));
  return { dayMean, dayLow, dayHigh };
}

function scoreRow(of: (part: (typeof parts)[number]) => number | undefined): ScoreRow {
  const [setup, timing, exit, cost, total] = parts.map((part) => numberOrNull(of(part)));
  return { setup, timing, exit, cost, total };
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function findingRow({ strategy, feature, label, effect, verdict, training, heldOut }: Finding): FindingRow {
  return {
    ...{ strategy, feature, label, effect, verdict },
    q: rounded(training.q),
    p: numberOrNull(heldOut.p),
    training: { inside: evidenceRow(training.inside), rest: evidenceRow(training.rest) },
    heldOut: { inside: evidenceRow(heldOut.inside), rest: evidenceRow(heldOut.rest) },
  };
}

function evidenceRow({ trades, days, netPaise, percent }: Evidence): EvidenceRow {
  return {
    ...{ trades, days, net: decimalOf(netPaise) },
    meanPercent: numberOrNull(percent.mean),
    lowPercent: numberOrNull(percent.low),
    highPercent: numberOrNull(percent.high),
  };
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : rounded(value);
}
