import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { readSegments } from '../adapters/journal/segments.ts';
import { entryOf } from '../adapters/journal/session-journal.ts';
import { DataError } from '../domain/errors.ts';
import { dayNumberOf, istDayNumber, startOfDay } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import type { BacktestRequest } from './backtest-request.ts';
import type { Context } from './context.ts';
import { openRun } from './kept-runs.ts';
import { feedDays } from './paper-feed.ts';
import type { RecordedSession } from './recall-session.ts';
import type { RecordedRun } from './replay-run.ts';
import { chosenJournals, type JournalMode, streamFolder } from './streams.ts';

/** A run over stored bars that is on record, and what it did. */
export interface RecordOfRun extends RecordedRun {
  readonly kind: 'backtest' | 'paper';
  readonly id: string;
  /** Hash of what it did, where it came to its end. */
  readonly result?: string;
  /** What it wrote down, where that is kept whole. */
  readonly entries?: readonly JournalEntry[];
  /** The same as records of its journal. */
  readonly journal?: readonly JournalRecord[];
}

/** A kept backtest. @throws UsageError USAGE_RUN, DataError DATA_RUN */
export function recordOfBacktest(context: Context, id: string): RecordOfRun {
  const run = openRun(context, id);
  const { hashes } = run.outcome.header;
  return {
    kind: 'backtest',
    id: run.id,
    name: `Run ${run.id}`,
    request: run.saved.request as unknown as BacktestRequest,
    settings: run.saved.settings,
    hashes,
    result: hashes.result,
    fix: 'Run the backtest again, then ask about the new run; algo backtest show has what this one came to.',
  };
}

/**
 * The newest session of a stream, paper or live, as far as it was played; of those that traded on `day` where one is given. It may be
 * running.
 *
 * @throws UsageError USAGE_STREAM, DataError DATA_REPLAY for one that was not written down fully enough
 */
export function recordOfSession(
  context: Context,
  stream: string,
  day: number | undefined,
): RecordOfRun | RecordedSession {
  const all = chosenJournals(context, { stream }).flatMap(({ mode }) => sessionsOf(context, mode, stream));
  const sessions = all.sort((a, b) => Number(a.records[0].startedAt) - Number(b.records[0].startedAt));
  const found = sessions.findLast(({ records }) => day === undefined || tradedOn(records, day));
  const { mode, folder, records } = found ?? sessions.at(-1) ?? noSession(stream);
  const [session] = records;
  const { request, settings, feed } = session;
  const id = String(session.id);
  const name = `Session ${id} of stream ${stream}`;
  if (typeof request !== 'object' || typeof settings !== 'object')
    throw new DataError(
      'DATA_REPLAY',
      `${name} cannot be looked into bar by bar: its journal does not hold what it could be played again from.`,
      'Sessions that are begun from now on can be asked about.',
    );
  const asked = {
    ...{ id, name },
    request: request as BacktestRequest,
    settings: settings as RecordOfRun['settings'],
  };
  return String(feed).startsWith('replay:')
    ? replayedSession(asked, records)
    : { ...asked, kind: mode, folder, records, fix: 'algo analyze tells what the session came to.' };
}

/** A session on stored days: its bars are in the history. */
function replayedSession(
  asked: Pick<RecordOfRun, 'id' | 'name' | 'request' | 'settings'>,
  records: readonly JournalRecord[],
): RecordOfRun {
  const [{ hashes, feed }] = records;
  const begins = startOfDay(dayNumberOf(feedDays(String(feed)).first));
  const end = records.find(({ t, reason }) => t === 'session_end' && reason === 'end-of-feed');
  const marks = records.filter(({ t }) => t === 'mark');
  return {
    ...asked,
    kind: 'paper',
    hashes: hashes as RecordOfRun['hashes'],
    begins,
    ...(end ? { result: String(end.hash) } : { until: Number(marks.at(-1)?.time ?? begins) }),
    entries: records.map(entryOf).filter((entry) => entry !== undefined),
    journal: records,
    fix: 'Play the days again on another stream: algo paper --stream again, then ask about that.',
  };
}

/** Records of each session of a stream, the oldest first. */
function sessionsOf(context: Context, mode: JournalMode, stream: string) {
  const folder = streamFolder(context, mode, stream);
  const records = readSegments(folder).flatMap((segment) => segment.records);
  const starts = records.flatMap(({ t }, at) => (t === 'session' ? [at] : []));
  return starts.map((start, place) => ({
    ...{ mode, folder },
    records: records.slice(start, starts[place + 1]),
  }));
}

function tradedOn(records: readonly JournalRecord[], day: number): boolean {
  const marks = records.filter(({ t }) => t === 'mark').map(({ time }) => Number(time));
  return istDayNumber(marks[0] - 1) <= day && day <= istDayNumber(marks[marks.length - 1] - 1);
}

function noSession(stream: string): never {
  throw new DataError('DATA_REPLAY', `Stream ${stream} has no session yet.`, 'Begin one: algo paper');
}
