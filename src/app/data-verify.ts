import { type BarFault, barFaults, type FaultKind, faultKinds } from '../domain/bar-faults.ts';
import { BarSeries } from '../domain/bar-series.ts';
import { codeOf } from '../domain/errors.ts';
import { sessionsOf } from '../domain/resample.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { isoInstant } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore, SeriesBatch } from '../engine/ports.ts';
import { type ChosenSeries, chosenSeries } from './chosen-series.ts';
import type { Output } from './context.ts';

export interface VerifyRequest {
  readonly symbols: readonly string[];
  readonly timeframe?: string | undefined;
  /** Drops bars that lie outside every session. */
  readonly fix?: boolean;
}

export interface VerifyRow {
  readonly instrument: string;
  readonly timeframe: Timeframe;
  /** ISO, +05:30. */
  readonly time: string;
  readonly kind: FaultKind;
  readonly value: string;
  readonly expected: string;
  /** Dropped by --fix. */
  readonly fixed: boolean;
}

export interface VerifyResult {
  readonly series: number;
  readonly bars: number;
  readonly clean: boolean;
  /** How many of each kind, those that occur. */
  readonly kinds: Readonly<Partial<Record<FaultKind, number>>>;
  /** By instrument, timeframe and time. */
  readonly rows: readonly VerifyRow[];
  readonly fixed: number;
  /** Series that could not be compared with the calendar, and why. */
  readonly unchecked: readonly { readonly instrument: string; readonly reason: string }[];
}

export interface VerifyParts {
  readonly store: HistoryStore;
  readonly rulebook: Rulebook;
  readonly output: Output;
}

/**
 * Looks through stored bars for what cannot be right. With `fix` drops bars that lie outside every session, all series in one
 * transaction; prices are never changed. `clean` is true when nothing is left.
 */
export async function verifyData(
  { store, rulebook, output }: VerifyParts,
  request: VerifyRequest,
): Promise<VerifyResult> {
  const chosen = await chosenSeries(store, request.symbols, request.timeframe);
  const actions = await store.actions();
  await store.prepare(chosen.map(({ stored }) => stored));
  const progress = output.progress('Checking', chosen.length);
  const rows: VerifyRow[] = [];
  const kinds: Partial<Record<FaultKind, number>> = {};
  const unchecked: { instrument: string; reason: string }[] = [];
  const repaired: SeriesBatch[] = [];
  let bars = 0;
  for (const [index, { instrument, stored }] of chosen.entries()) {
    progress.step(index, stored.key);
    const series = await store.load(stored.key, stored.timeframe, { from: -Infinity, to: Infinity });
    bars += series.length;
    const faults = faultsOf({ instrument, stored }, series);
    const dropped = new Set(
      faults.flatMap(({ droppable, row }) => (droppable && row !== undefined ? [row] : [])),
    );
    // A series without a single bar inside trading hours is under the wrong calendar, not full of strays.
    const fixing = request.fix === true && dropped.size > 0 && dropped.size < series.length;
    if (fixing) repaired.push({ instrument, series: without(series, dropped), replace: true });
    for (const { time, kind, value, expected, droppable = false } of faults) {
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      rows.push({
        instrument: stored.key,
        timeframe: stored.timeframe,
        time: isoInstant(time),
        kind,
        value,
        expected,
        fixed: fixing && droppable,
      });
    }
  }
  if (repaired.length > 0) await store.saveAll(repaired);
  progress.done();
  const fixed = rows.filter((row) => row.fixed).length;
  return {
    series: chosen.length,
    bars,
    clean: rows.length === fixed,
    kinds: Object.fromEntries(faultKinds.flatMap((kind) => (kinds[kind] ? [[kind, kinds[kind]]] : []))),
    rows,
    fixed,
    unchecked,
  };

  function faultsOf({ instrument }: ChosenSeries, series: BarSeries): BarFault[] {
    const tickSize = (day: number, price: number) => rulebook.contracts.tickSize(instrument, day, price);
    const own = actions.filter(({ key }) => key === instrument.key);
    const sessions = sessionsOf(rulebook.calendar, instrument);
    try {
      return barFaults(series, instrument, { sessions, tickSize, actions: own });
    } catch (error) {
      if (!(error instanceof Error && codeOf(error).startsWith('RULE_'))) throw error;
      unchecked.push({ instrument: instrument.key, reason: error.message });
      return barFaults(series, instrument, { sessions: undefined, tickSize: () => 0, actions: own });
    }
  }
}

function without(series: BarSeries, dropped: ReadonlySet<number>): BarSeries {
  const kept = new BarSeries(series.key, series.timeframe, series.length - dropped.size);
  for (let row = 0; row < series.length; row++) if (!dropped.has(row)) kept.appendRow(series, row);
  return kept;
}
