import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { exportBars } from '../adapters/duckdb/export-bars.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore } from '../engine/ports.ts';
import { chosenSeries } from './chosen-series.ts';
import type { HistoryFile } from './open-history.ts';
import { spanOf } from './run-span.ts';

export interface ExportRequest {
  readonly symbols: readonly string[];
  readonly timeframe?: string | undefined;
  readonly from?: string | undefined;
  /** Where to, and the last day: the one that is a date is the day. */
  readonly to: readonly string[];
  readonly partition?: boolean;
}

export interface ExportResult {
  readonly target: string;
  readonly format: 'csv' | 'parquet';
  readonly partitioned: boolean;
  readonly bars: number;
  readonly series: readonly {
    readonly symbol: string;
    readonly timeframe: Timeframe;
    readonly bars: number;
  }[];
}

/**
 * Writes stored bars into a CSV or Parquet file, or into a folder with one Parquet file per series; with a column of open interest
 * where any of the series has it. A file is there whole or
 * not at all; one that exists is replaced, a folder that is not empty is refused.
 *
 * @throws UsageError USAGE_EXPORT; DataError DATA_MISSING when nothing is stored in the span
 */
export async function exportData(
  { store, file }: { readonly store: HistoryStore; readonly file: HistoryFile },
  request: ExportRequest,
): Promise<ExportResult> {
  const { target, day } = targetOf(request.to);
  const span = spanOf({ from: request.from, to: day });
  const partition = request.partition === true || /[/\\]$/.test(target) || isFolder(target);
  const format = /\.csv$/i.test(target) ? 'csv' : 'parquet';
  if (!partition && !/\.(csv|parquet)$/i.test(target)) {
    throw new UsageError(
      'USAGE_EXPORT',
      `--to was "${target}", which is neither a .csv nor a .parquet file nor a folder.`,
      'Write --to bars.csv, --to bars.parquet or --to folder/.',
    );
  }
  const path = resolve(target);
  if (partition && existsSync(path) && (!isFolder(path) || readdirSync(path).length > 0)) {
    throw new UsageError(
      'USAGE_EXPORT',
      `${target} exists and is not an empty folder.`,
      'Name a new folder.',
    );
  }
  const series: { symbol: string; timeframe: Timeframe; bars: number }[] = [];
  let openInterest = false;
  const chosen = await chosenSeries(store, request.symbols, request.timeframe);
  await store.prepare(chosen.map(({ stored }) => stored));
  for (const { stored } of chosen) {
    const bars = (await store.load(stored.key, stored.timeframe, span)).length;
    if (bars === 0) continue;
    series.push({ symbol: stored.key, timeframe: stored.timeframe, bars });
    openInterest ||= stored.openInterest;
  }
  if (series.length === 0) {
    throw new DataError(
      'DATA_MISSING',
      'Nothing is stored between these days, so nothing was written.',
      'algo data list shows what is stored.',
    );
  }
  const draft = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    const wanted = series.map(({ symbol, timeframe }) => ({ key: symbol, timeframe }));
    await exportBars(file, { format, target: draft, partition, series: wanted, span, openInterest });
    if (partition) rmSync(path, { recursive: true, force: true });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const bars = series.reduce((sum, each) => sum + each.bars, 0);
  return { target: path, format, partitioned: partition, bars, series };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function targetOf(words: readonly string[]): { target: string; day: string | undefined } {
  const days = words.filter((word) => /^\d{4}-\d{1,2}-\d{1,2}$/.test(word));
  const targets = words.filter((word) => !days.includes(word));
  const [target] = targets;
  if (target !== undefined && targets.length === 1 && days.length <= 1) return { target, day: days[0] };
  throw new UsageError(
    'USAGE_EXPORT',
    target === undefined
      ? 'Nothing says where the bars go.'
      : `--to was given ${words.length} times: ${words.join(', ')}.`,
    'Write --to bars.csv, and with a last day --to 2024-12-31 --to bars.csv.',
  );
}
