import type { RecordFields, RecordLog } from '../adapters/journal/journal-log.ts';
import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { entryOf } from '../adapters/journal/session-journal.ts';
import { CheckFailed } from '../domain/errors.ts';
import type { EpochMs } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';

/** A session that goes on, or a new one with nothing recorded. */
export interface JournaledSession {
  readonly id: string;
  readonly entries: readonly JournalEntry[];
  /** Everything that earlier processes wrote of it. */
  readonly records: readonly JournalRecord[];
  /** Last instant that an earlier process marked; before every instant in a new session. */
  readonly markedUntil: EpochMs;
}

/** What identifies a session: equal inputs, equal id. One on a stream has inputs of its own, since its bars are still to come. */
export interface SessionFacts extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly inputs?: string;
}

/** Records of the newest session when it has not ended. */
export function unfinished(records: readonly JournalRecord[]): readonly JournalRecord[] | undefined {
  const start = records.findLastIndex(({ t }) => t === 'session');
  if (start < 0) return undefined;
  const own = records.slice(start);
  return own.some(({ t }) => t === 'session_end') ? undefined : own;
}

/** Inputs of a session after the last change of its settings while it ran. */
function inputsNow(records: readonly JournalRecord[]): unknown {
  return (records.findLast(({ t }) => t === 'config') ?? records[0])?.inputs;
}

/**
 * Goes on with the journal's unfinished session, or begins one. @throws CheckFailed CHECK_SESSION when the unfinished one was made of
 * other inputs: other bars, settings, rules or strategies than it began with
 */
export function openJournaledSession(log: RecordLog, facts: SessionFacts): JournaledSession {
  const open = unfinished(log.records);
  if (!open) {
    log.append({ t: 'session', ...facts } satisfies RecordFields, 'durable');
    return { id: facts.id, entries: [], records: [], markedUntil: Number.NEGATIVE_INFINITY };
  }
  const id = String(open[0].id);
  if (id !== facts.id || inputsNow(open) !== facts.inputs) {
    throw new CheckFailed(
      'CHECK_SESSION',
      `The stream has an unfinished session ${id}, and this one would be another: bars, settings, rules, strategies or the request differ.`,
      'Start it with the inputs it had, or end it with: algo paper reset',
    );
  }
  const entries = open.map(entryOf).filter((entry) => entry !== undefined);
  const marks = open.filter(({ t }) => t === 'mark').map(({ time }) => Number(time));
  log.append({ t: 'resumed', startedAt: facts.startedAt, entries: entries.length }, 'durable');
  return { id, entries, records: open, markedUntil: marks.at(-1) ?? Number.NEGATIVE_INFINITY };
}
