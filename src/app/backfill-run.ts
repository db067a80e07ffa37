import { type BarSeries, hasOpenInterest } from '../domain/bar-series.ts';
import { BrokerError, codeOf, exitCodes, isAlgoError, messageOf } from '../domain/errors.ts';
import { isDerivative } from '../domain/instrument.ts';
import type { CandleQuestion } from '../engine/ports.ts';
import type { BackfillPage, BackfillRow } from '../reports/backfill-text.ts';
import {
  type BackfillParts,
  emptyTally,
  fillSeries,
  planSeries,
  type SeriesPlan,
  type SeriesTally,
  type WantedSeries,
} from './backfill-series.ts';
import type { Output } from './context.ts';

/** A series that cannot be asked for at all. */
export interface RefusedSeries {
  readonly key: string;
  readonly timeframe: string;
  readonly error: unknown;
}

export interface BackfillRun extends Omit<BackfillParts, 'note'> {
  readonly output: Output;
  readonly dryRun: boolean;
}

/** Series that fail one after the other, each after all its tries, until the source counts as down for all of them. */
const failuresInRowMax = 5;

/**
 * Brings series up to date, a few at a time. A series that the source fails on is told and the others go on; a source that fails on
 * five of them in a row, an ended session, a history that cannot be written, or anything unexpected stops all of it, and what was
 * saved stays.
 *
 * @throws BrokerError BROKER_DOWN for a source that is down
 */
export async function runBackfill(
  run: BackfillRun,
  wanted: readonly WantedSeries[],
  refused: readonly RefusedSeries[],
): Promise<BackfillPage> {
  const { output, source, dryRun } = run;
  const parts: BackfillParts = {
    ...run,
    source: { ...source, candles: answering },
    note: (message) => output.note(message),
  };
  const rows: (BackfillRow | undefined)[] = [];
  /** Contracts whose stored bars were fetched before the history kept open interest, or came from a file without it. */
  const silent: string[] = [];
  const progress = output.progress(dryRun ? 'Planning' : 'Fetching', wanted.length);
  let next = 0;
  let done = 0;
  let stopped: { readonly error: unknown } | undefined;
  let failuresInRow = 0;

  async function answering(question: CandleQuestion): Promise<BarSeries> {
    const bars = await source.candles(question);
    failuresInRow = 0;
    return bars;
  }

  async function work(): Promise<void> {
    while (next < wanted.length && !stopped) {
      const at = next++;
      rows[at] = await rowOf(wanted[at]);
      if (!stopped) progress.step(++done, `${wanted[at].instrument.key} ${wanted[at].timeframe}`);
    }
  }

  async function rowOf(series: WantedSeries): Promise<BackfillRow> {
    const tally = emptyTally();
    try {
      const plan = await planSeries(parts, series);
      if (lacksOpenInterest(plan)) silent.push(`${series.instrument.key} ${series.timeframe}`);
      if (dryRun) tally.requests = plan.requests.length;
      else await fillSeries(parts, plan, tally);
      return reported(series, tally);
    } catch (error) {
      if (!stopsOneSeries(error)) stopped ??= { error };
      failuresInRow = isOutage(error) ? failuresInRow + 1 : 0;
      if (failuresInRow >= failuresInRowMax && next < wanted.length)
        stopped ??= { error: sourceDown(error, wanted.length - next) };
      return { ...reported(series, tally), error: errorOf(error) };
    }
  }

  await Promise.all(Array.from({ length: source.parallel }, work));
  const told = [
    ...refused.map(({ key, timeframe, error }) => ({
      ...{ key, timeframe, ...emptyTally(), error: errorOf(error) },
    })),
    ...rows.filter((row) => row !== undefined),
  ];
  const sum = (field: 'requests' | 'added' | 'updated' | 'unchanged') =>
    told.reduce((total, row) => total + row[field], 0);
  progress.done(dryRun ? `requests: ${sum('requests')}` : `bars added: ${sum('added')}`);
  if (stopped) {
    output.note(
      `Stopped. What was fetched is kept (${sum('added')} bars added); the same command goes on from there.`,
    );
    throw stopped.error;
  }
  const failed = told.filter(({ error }) => error !== null);
  return {
    source: source.name,
    dryRun,
    series: told,
    requests: sum('requests'),
    seconds: Math.ceil(sum('requests') / source.requestsPerSecond),
    added: sum('added'),
    updated: sum('updated'),
    unchanged: sum('unchanged'),
    failed: failed.length,
    notes: notesOf(silent, run.force),
    exitCode: failed.reduce<number>(
      (worst, { error }) => Math.max(worst, error?.exitCode ?? 0),
      exitCodes.ok,
    ),
  };
}

function lacksOpenInterest({ wanted: { instrument }, stored }: SeriesPlan): boolean {
  return isDerivative(instrument) && stored.length > 0 && !hasOpenInterest(stored);
}

function notesOf(silent: readonly string[], force: boolean): readonly string[] {
  if (silent.length === 0 || force) return [];
  const others = silent.length === 1 ? '' : ` and ${silent.length - 1} more`;
  return [
    `Bars stored earlier of ${silent[0]}${others} have no open interest; --force fetches them again with it.`,
  ];
}

function reported({ instrument, timeframe }: WantedSeries, tally: SeriesTally): BackfillRow {
  return { key: instrument.key, timeframe, ...tally, error: null };
}

/** A fault of one instrument or one answer. A full disk or a dead session concerns all of them. */
function stopsOneSeries(error: unknown): boolean {
  const code = codeOf(error);
  if (code.startsWith('DATA_STORE')) return false;
  return isAlgoError(error) && (error.exitCode === exitCodes.broker || error.exitCode === exitCodes.data);
}

/** No answer, or one that a source gives when it is away. A refusal is an answer. */
function isOutage(error: unknown): boolean {
  const refusals = ['BROKER_REFUSED', 'BROKER_CANDLES'];
  return isAlgoError(error) && error.exitCode === exitCodes.broker && !refusals.includes(error.code);
}

function sourceDown(cause: unknown, unasked: number): BrokerError {
  return new BrokerError(
    'BROKER_DOWN',
    `The source failed on ${failuresInRowMax} series in a row, and ${unasked} were not asked for any more. The last time: ${messageOf(cause)}`,
    'Try again when it is back: the same command goes on from there.',
    cause,
  );
}

function exitOf(error: unknown): number {
  return isAlgoError(error) ? error.exitCode : exitCodes.unexpected;
}

function errorOf(error: unknown): NonNullable<BackfillRow['error']> {
  const { message, fix } = Object(error);
  return { code: codeOf(error), message: String(message), fix: fix ?? null, exitCode: exitOf(error) };
}
