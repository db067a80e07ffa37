import { type EpochMs, isoInstant } from '../domain/time.ts';
import type { ForwardReturn } from '../research/scan/forward-returns.ts';
import type { ScanOutcome, ScanStep } from '../research/scan/scan.ts';
import { figureOf } from './format.ts';

export interface ScanDescription {
  readonly name: string;
  readonly about: string;
  readonly timeframe: string;
  readonly where: string;
  readonly sort?: string | undefined;
  readonly ascending: boolean;
}

/** What a scan found and what it looked at, before it is written down. */
export interface ScanReport extends ScanOutcome {
  readonly scan: ScanDescription;
  /** Hits in all, of which `hits` are told. */
  readonly found: number;
  readonly failed: readonly { readonly key: string; readonly why: string }[];
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
  }[];
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
  readonly scans: readonly (ScanDescription & { readonly origin: string })[];
}

export function scanDocument(report: ScanReport): ScanDocument {
  const { scan, synthetic, askedAt, newest, found, hits, scanned, failed, insufficient, stale, steps, past } =
    report;
  return {
    scan,
    synthetic,
    askedAt: isoInstant(askedAt),
    newestBar: isoInstant(newest),
    ageMinutes: Math.round((askedAt - newest) / 60_000),
    found,
    hits: hits.map(({ key, time, close, values }) => ({
      instrument: key,
      closedAt: isoInstant(time),
      close: close.toFixed(2),
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, figureOf(value)])),
    })),
    scanned,
    failed: failed.map(({ key, why }) => ({ instrument: key, why })),
    insufficient,
    stale: stale.map(({ key, time }) => ({ instrument: key, closedAt: isoInstant(time) })),
    parts: steps,
    past: past.map(pastDocument),
  };
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
