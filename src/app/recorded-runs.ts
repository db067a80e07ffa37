import { readSegments } from '../adapters/journal/segments.ts';
import { entryOf } from '../adapters/journal/session-journal.ts';
import { DataError } from '../domain/errors.ts';
import { dayNumberOf, startOfDay } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import type { Context } from './context.ts';
import { journalStreams } from './journal.ts';
import { openRun } from './kept-runs.ts';
import { feedDays } from './paper-feed.ts';
import type { RecordedRun } from './replay-run.ts';
import { streamFolder } from './streams.ts';

/** A run that is on record, and what it did. */
export interface RecordOfRun extends RecordedRun {
  readonly kind: 'backtest' | 'paper';
  readonly id: string;
  /** Hash of what it did, where it came to its end. */
  readonly result?: string;
  /** What it wrote down, where that is kept whole. */
  readonly entries?: readonly JournalEntry[];
}

/** A kept backtest. @throws UsageError USAGE_RUN, DataError DATA_RUN */
export function recordOfBacktest(context: Context, id: string): RecordOfRun {
  const run = openRun(context, id);
  const { hashes } = run.outcome.header;
  return {
    kind: 'backtest',
    id: run.id,
    name: `Run ${run.id}`,
    request: run.saved.request,
    settings: run.saved.settings,
    hashes,
    result: hashes.result,
    fix: 'Run the backtest again, then ask about the new run; algo backtest show has what this one came to.',
  };
}

/**
 * The newest session of a paper stream, as far as it was played.
 *
 * @throws UsageError USAGE_STREAM, DataError DATA_REPLAY for one that was not written down fully enough
 */
export function recordOfSession(context: Context, stream: string): RecordOfRun {
  journalStreams(context, stream);
  const records = readSegments(streamFolder(context, 'paper', stream)).flatMap((segment) => segment.records);
  const own = records.slice(records.findLastIndex(({ t }) => t === 'session'));
  const [session] = own;
  const fix = 'Sessions that are begun from now on can be asked about.';
  if (session?.t !== 'session')
    throw new DataError('DATA_REPLAY', `Stream ${stream} has no session yet.`, 'Begin one: algo paper');
  const { id, request, settings, hashes, feed } = session;
  const name = `Session ${id} of stream ${stream}`;
  if (typeof request !== 'object' || typeof settings !== 'object' || !String(feed).startsWith('replay:'))
    throw new DataError(
      'DATA_REPLAY',
      `${name} cannot be looked into bar by bar: its journal does not hold what it could be played again from.`,
      fix,
    );
  const begins = startOfDay(dayNumberOf(feedDays(String(feed)).first));
  const end = own.find(({ t, reason }) => t === 'session_end' && reason === 'end-of-feed');
  const marks = own.filter(({ t }) => t === 'mark');
  return {
    kind: 'paper',
    id: String(id),
    name,
    request: request as RecordOfRun['request'],
    settings: settings as RecordOfRun['settings'],
    hashes: hashes as RecordOfRun['hashes'],
    begins,
    ...(end ? { result: String(end.hash) } : { until: Number(marks.at(-1)?.time ?? begins) }),
    entries: own.map(entryOf).filter((entry) => entry !== undefined),
    fix: 'Play the days again on another stream: algo paper --stream again, then ask about that.',
  };
}
