import { DataError } from '../domain/errors.ts';
import type { BacktestOutcome } from '../research/backtest-outcome.ts';
import { backtestDocument } from './backtest-json.ts';
import type { BacktestDocument } from './backtest-schema.ts';
import { readEquityCsv } from './equity-csv.ts';
import { closedTradeOf, readTradesCsv } from './read-trades-csv.ts';
import { tradeRowsCsv } from './trades-csv.ts';

/** Raised when an older program could not read what this one writes. */
const savedRunFormat = 1;

/** `run.json` of a kept run: what went in, what came out, and the figures to the last bit. */
export interface SavedRun {
  readonly format: typeof savedRunFormat;
  /** ISO 8601, India. */
  readonly savedAt: string;
  /** What was asked for on top of the settings. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Every setting in force. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** As `algo backtest --json` prints it; its trades are in trades.csv. */
  readonly document: Omit<BacktestDocument, 'trades'>;
  /** The same unrounded, so that a report drawn from it later is the report of the run itself. */
  readonly exact: Omit<BacktestOutcome, 'trades' | 'equity'>;
}

export interface SavedParts {
  readonly run: string;
  readonly trades: string;
}

/** A finished run as the texts of `run.json` and `trades.csv`. */
export function savedParts(
  outcome: BacktestOutcome,
  { savedAt, request, settings }: Pick<SavedRun, 'savedAt' | 'request' | 'settings'>,
): SavedParts {
  const { trades: rows, ...document } = backtestDocument(outcome);
  const { trades, equity, ...exact } = outcome;
  const saved: SavedRun = { format: savedRunFormat, savedAt, request, settings, document, exact };
  return { run: `${JSON.stringify(saved, null, 1)}\n`, trades: tradeRowsCsv(rows) };
}

/** Reads `run.json`. @throws DataError DATA_RUN when it is damaged or written by a newer program */
export function readSavedRun(path: string, text: string): SavedRun {
  let saved: SavedRun;
  try {
    saved = JSON.parse(text) as SavedRun;
  } catch (cause) {
    throw damaged(path, 'is not JSON', cause);
  }
  if (saved?.format !== savedRunFormat) {
    throw damaged(path, `has format ${String(saved?.format)}, and this algo reads ${savedRunFormat}`);
  }
  for (const part of ['savedAt', 'request', 'settings', 'document', 'exact'] as const) {
    if (saved[part] === undefined) throw damaged(path, `lacks "${part}"`);
  }
  return saved;
}

/** The run as it was finished, but for its marks, of which the last of each day are kept. */
export function outcomeOf({ exact }: SavedRun, trades: string, equity: string): BacktestOutcome {
  return { ...exact, trades: readTradesCsv(trades).map(closedTradeOf), equity: readEquityCsv(equity) };
}

/** The document that `algo backtest --json` printed. */
export function documentOf({ document }: SavedRun, trades: string): BacktestDocument {
  return { ...document, trades: [...readTradesCsv(trades)] };
}

function damaged(path: string, why: string, cause?: unknown): DataError {
  return new DataError(
    'DATA_RUN',
    `The saved run ${path} cannot be read: it ${why}.`,
    'Remove the folder, or run the backtest again; the new result replaces it.',
    cause,
  );
}
