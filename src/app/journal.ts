import { join } from 'node:path';
import { holdLock } from '../adapters/duckdb/process-lock.ts';
import { JournalLog } from '../adapters/journal/journal-log.ts';
import { readSegments, type Segment } from '../adapters/journal/segments.ts';
import { isoInstant } from '../domain/time.ts';
import type { Context } from './context.ts';
import { unfinished } from './journaled-session.ts';
import {
  chosenJournals,
  type JournalMode,
  journalModes,
  journalsOf,
  streamFolder,
  type WantedStream,
} from './streams.ts';

/** What a stream's journal holds, read without disturbing whoever writes to it. Instants are ISO-8601 in India. */
export interface StreamDocument {
  readonly mode: JournalMode;
  readonly stream: string;
  readonly folder: string;
  readonly segments: number;
  readonly records: number;
  readonly sessions: readonly SessionRow[];
  /** What is wrong with it, by file; empty when it is sound. */
  readonly faults: readonly { readonly file: string; readonly fault: string }[];
  /** Bytes of a last record that was cut, or is being written just now; the next start sets them aside. */
  readonly tornBytes: number;
}

export interface SessionRow {
  readonly id: string;
  readonly feed: string;
  readonly strategies: readonly string[];
  readonly startedAt: string;
  /** `ended`, `unfinished` (running or interrupted) or `abandoned`. */
  readonly state: 'ended' | 'unfinished' | 'abandoned';
  readonly resumed: number;
  readonly intents: number;
  readonly fills: number;
  readonly equityPaise: number | null;
  readonly positions: number | null;
  readonly markedUntil: string | null;
}

/** Every stream of either mode, or those of a name. @throws UsageError USAGE_STREAM for one there is not */
export function journalStreams(
  context: Pick<Context, 'folders'>,
  stream?: string,
): readonly StreamDocument[] {
  const wanted =
    stream === undefined ? journalsOf(context, journalModes) : chosenJournals(context, { stream });
  return wanted.map((each) => streamDocument(each, streamFolder(context, each.mode, each.stream)));
}

function streamDocument({ mode, stream }: WantedStream, folder: string): StreamDocument {
  const segments = readSegments(folder);
  const records = segments.flatMap((segment) => segment.records);
  const sessions: SessionRow[] = [];
  let start = records.findIndex(({ t }) => t === 'session');
  while (start >= 0) {
    const next = records.findIndex(({ t }, at) => at > start && t === 'session');
    sessions.push(sessionRow(records.slice(start, next < 0 ? undefined : next)));
    start = next;
  }
  const last = segments.at(-1);
  return {
    mode,
    stream,
    folder,
    segments: segments.length,
    records: records.length,
    sessions,
    faults: segments.flatMap((segment) => faultsOf(segment, segment === last)),
    tornBytes: last?.tornBytes ?? 0,
  };
}

function faultsOf({ path, faults, tornBytes }: Segment, isLast: boolean): StreamDocument['faults'] {
  const cut = tornBytes > 0 && !isLast && faults.length === 0 ? ['holds more than its seal says'] : [];
  return [...faults, ...cut].map((fault) => ({ file: path, fault }));
}

function sessionRow(records: Segment['records']): SessionRow {
  const [session] = records;
  const marks = records.filter(({ t }) => t === 'mark');
  const end = records.find(({ t }) => t === 'session_end');
  const mark = marks.at(-1);
  const equity = Number(end?.equityPaise ?? mark?.equityPaise);
  const state = end === undefined ? 'unfinished' : end.reason === 'abandoned' ? 'abandoned' : 'ended';
  return {
    id: String(session?.id),
    feed: String(session?.feed),
    strategies: Array.isArray(session?.strategies) ? session.strategies.map(String) : [],
    startedAt: isoInstant(Number(session?.startedAt)),
    state,
    resumed: records.filter(({ t }) => t === 'resumed').length,
    intents: records.filter(({ t }) => t === 'intent').length,
    fills: records.filter(({ t, event }) => t === 'order' && Object(event).type === 'filled').length,
    equityPaise: Number.isFinite(equity) ? equity : null,
    positions: mark === undefined || end !== undefined ? null : Number(mark.positions),
    markedUntil: mark === undefined ? null : isoInstant(Number(mark.time)),
  };
}

/** Records of a stream, the newest last. */
export function journalRecords(context: Pick<Context, 'folders'>, stream: string, last: number) {
  const [{ folder }] = journalStreams(context, stream);
  return {
    stream,
    records: readSegments(folder)
      .flatMap(({ records }) => records)
      .slice(-last),
  };
}

/** Ends a stream's unfinished session without trading on; answers its id, or undefined when there is none. @throws AlgoError RUNNING */
export async function abandonSession(context: Context, stream: string): Promise<string | undefined> {
  const folder = streamFolder(context, 'paper', stream);
  chosenJournals(context, { mode: 'paper', stream });
  const release = await holdLock(join(folder, 'engine.lock.duckdb'), `The paper session "${stream}"`);
  try {
    const log = JournalLog.open({ folder });
    try {
      const open = unfinished(log.records);
      if (!open) return undefined;
      const marks = open.filter(({ t }) => t === 'mark');
      log.append(
        { t: 'session_end', reason: 'abandoned', equityPaise: marks.at(-1)?.equityPaise ?? null },
        'durable',
      );
      return String(open[0].id);
    } finally {
      log.close();
    }
  } finally {
    release();
  }
}
