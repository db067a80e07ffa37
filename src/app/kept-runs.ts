import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { KeptRunFiles } from '../adapters/duckdb/kept-run-tables.ts';
import {
  bytesIn,
  type KeptRun,
  mainFile,
  type RunFolder,
  runFolder,
  textIn,
} from '../adapters/runs/run-folder.ts';
import { codeOf, DataError, messageOf, UsageError } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { dayMs, hourMs, isoInstant } from '../domain/time.ts';
import type { BacktestDocument } from '../reports/backtest-schema.ts';
import type { RunListDocument, RunListRow } from '../reports/run-list-text.ts';
import { documentOf, outcomeOf, readSavedRun, type SavedRun } from '../reports/saved-run.ts';
import type { BacktestOutcome } from '../research/backtest-outcome.ts';
import type { Context } from './context.ts';
import { runsFolder } from './runs-folder.ts';

/** A kept run with everything in it. */
export interface OpenedRun {
  readonly id: string;
  readonly saved: SavedRun;
  readonly outcome: BacktestOutcome;
  /** The document that the run printed under --json. */
  readonly document: () => BacktestDocument;
}

/** Every kept run, the newest first; those that cannot be read are told beside them. */
export function listRuns(context: Context): RunListDocument {
  const runs: RunListRow[] = [];
  const unreadable: { path: string; message: string }[] = [];
  for (const run of folderOf(context).list()) {
    try {
      runs.push(rowOf(run, mainOf(run)));
    } catch (error) {
      unreadable.push({ path: run.path, message: messageOf(error) });
    }
  }
  return { runs, unreadable };
}

/**
 * A kept run by its id, the beginning of it, or `last`.
 *
 * @throws UsageError USAGE_RUN when no run or several begin so, DataError DATA_RUN when its files are damaged
 */
export function openRun(context: Context, id: string): OpenedRun {
  const run = chosenRun(folderOf(context).list(), id);
  const saved = mainOf(run);
  const trades = textIn(run.path, 'trades.csv');
  const equity = bytesIn(run.path, 'equity.csv.gz');
  if (trades === undefined || equity === undefined) {
    throw new DataError(
      'DATA_RUN',
      `The saved run ${run.path} lacks ${trades === undefined ? 'trades.csv' : 'equity.csv.gz'}.`,
      'Run the backtest again; the new result replaces it.',
    );
  }
  return {
    id: run.id,
    saved,
    outcome: outcomeOf(saved, trades, unzipped(run, equity)),
    document: () => documentOf(saved, trades),
  };
}

/** Files of every kept run that can be read, and what they do not say. */
export function keptRunFiles(context: Context): readonly KeptRunFiles[] {
  return folderOf(context)
    .list()
    .flatMap((run): readonly KeptRunFiles[] => {
      const trades = join(run.path, 'trades.csv');
      const heading = headingOf(trades);
      if (heading === undefined) return [];
      const { document, exact } = mainOf(run);
      return [
        {
          id: run.id,
          trades,
          equity: join(run.path, 'equity.csv.gz'),
          columns: heading.split(',').length,
          strategies: document.run.strategies.map(({ name }) => name).join(' '),
          timeframe: document.run.timeframe,
          synthetic: document.run.synthetic,
          capital: document.summary.capital,
          charges: exact.header.charges,
          savedAt: run.savedAt,
          refusals: exact.refusals,
        },
      ];
    });
}

/** The first line of a file; undefined when it is not there. */
function headingOf(path: string): string | undefined {
  const head = Buffer.alloc(1_024);
  try {
    const file = openSync(path, 'r');
    try {
      const [line] = head.toString('utf8', 0, readSync(file, head)).split('\n', 1);
      return line;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What `algo backtest rm` is asked to remove: ids, everything older than an age such as `30d`, or all. */
export interface RemovalRequest {
  readonly ids: readonly string[];
  readonly older?: string | undefined;
  readonly all: boolean;
}

/** Runs that a removal means, the newest first. @throws UsageError USAGE_RUN, USAGE_AGE */
export function runsToRemove(context: Context, { ids, older, all }: RemovalRequest): readonly KeptRun[] {
  const given = [ids.length > 0, older !== undefined, all].filter(Boolean).length;
  if (given !== 1) {
    throw new UsageError(
      'USAGE_RUN',
      given === 0 ? 'No run was named.' : 'Ids, --older and --all were given together.',
      'Give the ids that algo backtest list shows, or --older 30d, or --all.',
    );
  }
  const kept = folderOf(context).list();
  if (all) return kept;
  if (older !== undefined) {
    const before = context.clock.now() - ageMs(older);
    return kept.filter(({ savedAt }) => savedAt < before);
  }
  const chosen = new Set(ids.map((id) => chosenRun(kept, id)));
  return kept.filter((run) => chosen.has(run));
}

/** Removes kept runs. @throws DataError DATA_WRITE when one cannot be removed */
export function removeRuns(context: Context, runs: readonly KeptRun[]): void {
  const folder = folderOf(context);
  for (const run of runs) {
    try {
      folder.remove(run);
    } catch (cause) {
      throw new DataError(
        'DATA_WRITE',
        `${run.path} could not be removed: ${messageOf(cause)}`,
        'Check the rights of the folder.',
        cause,
      );
    }
  }
}

function folderOf(context: Context): RunFolder {
  return runFolder(runsFolder(context));
}

function mainOf({ path }: KeptRun): SavedRun {
  return readSavedRun(path, textIn(path, mainFile) ?? '');
}

function unzipped({ path }: KeptRun, bytes: Uint8Array): string {
  try {
    return new TextDecoder().decode(gunzipSync(bytes));
  } catch (cause) {
    throw new DataError(
      'DATA_RUN',
      `The saved run ${path} cannot be read: equity.csv.gz is damaged.`,
      'Run the backtest again; the new result replaces it.',
      cause,
    );
  }
}

function chosenRun(kept: readonly KeptRun[], id: string): KeptRun {
  const fix = 'algo backtest list shows the kept runs.';
  if (kept.length === 0) {
    throw new UsageError(
      'USAGE_RUN',
      `No run "${id}": none is kept.`,
      'Run: algo backtest --strategy ema20_50',
    );
  }
  if (id === 'last') return kept[0];
  const exact = kept.find((run) => run.id === id);
  if (exact) return exact;
  const found = id === '' ? [] : kept.filter((run) => run.id.startsWith(id.toLowerCase()));
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const some = found.slice(0, 5).map((run) => run.id);
    throw new UsageError(
      'USAGE_RUN',
      `"${id}" begins ${found.length} runs: ${some.join(', ')}${found.length > 5 ? ' …' : ''}.`,
      'Give one more letter or the whole id.',
    );
  }
  const guess = nearest(
    id,
    kept.map((run) => run.id),
  );
  throw new UsageError('USAGE_RUN', `No run "${id}" is kept.${guess ? ` Did you mean ${guess}?` : ''}`, fix);
}

const ageUnits: Readonly<Record<string, number>> = { h: hourMs, d: dayMs, w: 7 * dayMs };

function ageMs(text: string): number {
  const match = /^(\d{1,5})([hdw])$/.exec(text.trim());
  const unit = ageUnits[match?.[2] ?? ''];
  if (match && unit !== undefined) return Number(match[1]) * unit;
  throw new UsageError(
    'USAGE_AGE',
    `--older received "${text}".`,
    'Write hours, days or weeks: 12h, 30d, 4w.',
  );
}

function rowOf(run: KeptRun, { document, savedAt }: SavedRun): RunListRow {
  const { strategies, timeframe, from, to, version } = document.run;
  return {
    id: run.id,
    savedAt: savedAt ?? isoInstant(run.savedAt),
    version,
    strategies: strategies.map(({ name }) => name),
    instruments: document.instruments.map(({ instrument }) => instrument),
    timeframe,
    from,
    to,
    synthetic: document.run.synthetic,
    trades: document.summary.trades,
    net: document.summary.net,
    returnPercent: document.summary.returnPercent,
    maxDrawdownPercent: document.summary.maxDrawdownPercent,
    sharpe: document.summary.sharpe,
  };
}
