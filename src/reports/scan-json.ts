import { type EpochMs, isoInstant } from '../domain/time.ts';
import type { ForwardReturn } from '../research/scan/forward-returns.ts';
import type { ReadingSpread } from '../research/scan/readings.ts';
import type { PassedStage, ScanOutcome, ScanStep } from '../research/scan/scan.ts';
import { figureOf } from './format.ts';

export interface ScanDescription {
  readonly name: string;
  readonly about: string;
  readonly timeframe: string;
  /** Conditions that instruments pass one after the other. */
  readonly stages: readonly { readonly name: string; readonly where: string }[];
  /** Parts of the score; none where hits have no score. */
  readonly score: readonly {
    readonly name: string;
    readonly of: string;
    readonly from: number;
    readonly to: number;
    readonly weight: number;
  }[];
  /** Regimes of the market in which hits count; none is any. */
  readonly regime: readonly string[];
  readonly sort?: string | undefined;
  readonly ascending: boolean;
  /** How hits are shown beside what made them: with the usual indicators, by candlestick pattern, or neither. */
  readonly by: 'indicator' | 'pattern' | null;
}

/** The regime of the market beside those that a scan asks for. */
export interface ScannedRegime {
  readonly index: string | null;
  /** Of the newest day bar of the index that had closed. */
  readonly day: string | null;
  readonly regime: string;
  readonly wanted: readonly string[];
  /** Null where it cannot be told, and then nothing is allowed. */
  readonly allowed: boolean | null;
  /** Why it cannot be told. */
  readonly why: string | null;
}

/** A candlestick pattern and the hits that show it. */
export interface FoundPattern {
  readonly pattern: string;
  /** Where traders expect the price to go after it. */
  readonly lean: 'up' | 'down' | 'open';
  readonly instruments: readonly string[];
}

/** Hits in the F&O ban period of a day. */
export interface ScannedBans {
  readonly day: string;
  readonly hits: readonly string[];
}

/** What a scan found and what it looked at, before it is written down. */
export interface ScanReport extends ScanOutcome {
  readonly scan: ScanDescription;
  /** Undefined where the scan asks for no regime. */
  readonly regime: ScannedRegime | undefined;
  /** Hits in all, of which `hits` are told. */
  readonly found: number;
  readonly failed: readonly { readonly key: string; readonly why: string }[];
  /** The imported list of bans of the scan's day; undefined where none is imported. */
  readonly bans: ScannedBans | undefined;
  /** With --by indicator, and with --by pattern. */
  readonly spreads?: readonly ReadingSpread[] | undefined;
  readonly patterns?: readonly FoundPattern[] | undefined;
  readonly synthetic: boolean;
  readonly askedAt: EpochMs;
}

/** Instants are ISO-8601 in India, prices decimal strings, other figures numbers or null where they are not known. */
export interface ScanDocument {
  readonly scan: ScanDescription;
  readonly synthetic: boolean;
  readonly askedAt: string;
  /** When the newest bar of all closed, and how long ago that was. */
  readonly newestBar: string;
  readonly ageMinutes: number;
  readonly found: number;
  readonly hits: readonly {
    readonly instrument: string;
    readonly closedAt: string;
    readonly close: string;
    readonly values: Readonly<Record<string, number | null>>;
    /** 0 to 100, with the points of each part; absent where nothing is scored. */
    readonly score?: number | null;
    readonly points?: Readonly<Record<string, number | null>>;
    /** By title, with --by indicator; null where one is not known. */
    readonly readings?: Readonly<Record<string, number | null>>;
    /** Those that end on the newest bar, with --by pattern. */
    readonly patterns?: readonly string[];
  }[];
  /** With --by indicator: how far each reading lies apart among all hits, those beyond --top included. */
  readonly spreads?: readonly {
    readonly reading: string;
    readonly known: number;
    readonly lowest: { readonly instrument: string; readonly value: number | null } | null;
    readonly median: number | null;
    readonly highest: { readonly instrument: string; readonly value: number | null } | null;
  }[];
  /** With --by pattern: how many of the hits show each, the most frequent first. */
  readonly patterns?: readonly FoundPattern[];
  readonly regime: ScannedRegime | null;
  /** Null where no list of the day is imported. */
  readonly bans: ScannedBans | null;
  /** Instruments that meet the condition, but not in this regime. */
  readonly heldBack: readonly string[];
  readonly stages: readonly PassedStage[];
  readonly scanned: number;
  readonly failed: readonly { readonly instrument: string; readonly why: string }[];
  readonly insufficient: readonly string[];
  readonly stale: readonly { readonly instrument: string; readonly closedAt: string }[];
  readonly parts: readonly ScanStep[];
  readonly past: readonly {
    readonly bars: number;
    readonly hits: number;
    readonly meanPercent: number | null;
    readonly errorPercent: number | null;
    readonly medianPercent: number | null;
    readonly rosePercent: number | null;
    readonly anyBar: {
      readonly holdings: number;
      readonly meanPercent: number | null;
      readonly rosePercent: number | null;
    };
  }[];
}

export interface ScanListDocument {
  readonly scans: readonly (Omit<ScanDescription, 'by'> & { readonly origin: string })[];
}

export function scanDocument(report: ScanReport): ScanDocument {
  const { scan, synthetic, askedAt, newest, found, hits, scanned, failed, insufficient, stale, steps, past } =
    report;
  const { regime, heldBack, stages, bans } = report;
  return {
    scan,
    synthetic,
    askedAt: isoInstant(askedAt),
    newestBar: isoInstant(newest),
    ageMinutes: Math.round((askedAt - newest) / 60_000),
    found,
    hits: hits.map(({ key, time, close, values, score, points, readings }) => ({
      instrument: key,
      closedAt: isoInstant(time),
      close: close.toFixed(2),
      values: figuresOf(values),
      ...(score !== undefined && { score: figureOf(score), points: figuresOf(points) }),
      ...(scan.by === 'indicator' && { readings: figuresOf(readings) }),
      ...(scan.by === 'pattern' && { patterns: standing(readings) }),
    })),
    ...(report.spreads && { spreads: report.spreads.map(spreadDocument) }),
    ...(report.patterns && { patterns: report.patterns }),
    regime: regime ?? null,
    bans: bans ?? null,
    heldBack,
    stages,
    scanned,
    failed: failed.map(({ key, why }) => ({ instrument: key, why })),
    insufficient,
    stale: stale.map(({ key, time }) => ({ instrument: key, closedAt: isoInstant(time) })),
    parts: steps,
    past: past.map(pastDocument),
  };
}

function spreadDocument({
  lowest,
  median,
  highest,
  ...rest
}: ReadingSpread): NonNullable<ScanDocument['spreads']>[number] {
  const end = (of: ReadingSpread['lowest']) =>
    of ? { instrument: of.key, value: figureOf(of.value) } : null;
  return { ...rest, lowest: end(lowest), median: figureOf(median), highest: end(highest) };
}

/** Names of the conditions that hold. */
export function standing(readings: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(readings).filter((name) => readings[name] === 1);
}

function figuresOf(values: Readonly<Record<string, number>>): Readonly<Record<string, number | null>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, figureOf(value)]));
}

function pastDocument({
  bars,
  hits,
  mean,
  error,
  median,
  rose,
  always,
}: ForwardReturn): ScanDocument['past'][number] {
  return {
    bars,
    hits,
    meanPercent: figureOf(mean),
    errorPercent: figureOf(error),
    medianPercent: figureOf(median),
    rosePercent: figureOf(rose),
    anyBar: {
      holdings: always.holdings,
      meanPercent: figureOf(always.mean),
      rosePercent: figureOf(always.rose),
    },
  };
}
