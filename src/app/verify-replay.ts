import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { readSegments } from '../adapters/journal/segments.ts';
import { entryOf } from '../adapters/journal/session-journal.ts';
import { codeOf, DataError } from '../domain/errors.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import type { Divergence, ReplayVerdict } from '../reports/replay-text.ts';
import type { Context } from './context.ts';
import { type RecordedSession, recordedPlayer } from './recall-session.ts';
import { type RecordOfRun, recordOfSession } from './recorded-runs.ts';
import { openRecording, recordingPath } from './recordings.ts';
import { type ReplayRequest, replayRecording } from './replay.ts';
import { replayRun } from './replay-run.ts';
import { hashOf, resultHash } from './run-identity.ts';
import type { SessionPlayer } from './session-player.ts';
import { journalModes, journalsOf, streamFolder } from './streams.ts';

/**
 * Plays a session's journal again and compares every order, every answer of an invented exchange and the account at every mark with what
 * was recorded. It may be running; nothing is written.
 *
 * @throws UsageError USAGE_STREAM; DataError DATA_REPLAY when its bars, settings, rules or strategies are not those of then any more
 */
export async function verifySession(context: Context, stream: string, day?: number): Promise<ReplayVerdict> {
  const recorded = recordOfSession(context, stream, day);
  const { id, kind } = recorded;
  const session = { of: 'journal', stream, session: id, mode: kind === 'live' ? 'live' : 'paper' } as const;
  return 'folder' in recorded
    ? { ...session, ...(await verifiedDay(context, recorded)) }
    : { ...session, ...(await verifiedRun(context, recorded)) };
}

/**
 * Plays a recording with the strategies of its session and compares the bars that were built of it with those that the session was told.
 *
 * @throws UsageError USAGE_RECORDING, DataError DATA_RECORDING
 */
export async function verifyRecording(
  context: Context,
  word: string,
  request: ReplayRequest,
  signal: AbortSignal,
): Promise<ReplayVerdict> {
  const { reader, head } = openRecording(recordingPath(context, word));
  reader.close();
  const { mode, stream, session, startedAt } = head;
  const all = readSegments(streamFolder(context, mode, stream)).flatMap((segment) => segment.records);
  const start = all.findIndex(({ t, id }) => t === 'session' && id === session);
  if (start < 0)
    throw new DataError(
      'DATA_RECORDING',
      `The journal of stream ${stream} does not hold session ${session}, of which this is the recording.`,
      `Play it without --verify: algo replay ${word}`,
    );
  const next = all.findIndex(({ t }, at) => at > start && t === 'session');
  const records = all.slice(start, next < 0 ? undefined : next);
  const told = new Map(records.filter(({ t }) => t === 'bars').map((record) => [record.time, record]));
  const { report, log } = await replayRecording(context, word, request, signal);
  let divergence: Divergence | undefined;
  let compared = 0;
  for (const { t, time, bars } of log.records) {
    const record = t === 'bars' && Number(time) > startedAt ? told.get(time) : undefined;
    if (!record || divergence) continue;
    compared += 1;
    const [expected, came] = [record.bars, bars].map((each) => JSON.stringify(each));
    if (expected !== came) divergence = { record: record.s, expected, came };
  }
  if (compared === 0)
    throw new DataError(
      'DATA_RECORDING',
      `No bar of the recording ${word} was told to its session: there is nothing to compare.`,
      'algo recordings show says what it holds.',
    );
  return {
    ...{
      of: 'recording',
      stream,
      session,
      mode,
      records: records.length,
      marks: compared,
      hash: report.hash,
      divergence,
    },
    entries: log.entries.length,
    ended: report.ended,
  };
}

type Verified = Omit<ReplayVerdict, 'of' | 'stream' | 'session' | 'mode'>;

/** Verifies what a word names: a stream, or else a recording. */
export function verifyReplay(
  context: Context,
  word: string,
  request: ReplayRequest & { readonly day?: number | undefined },
  signal: AbortSignal,
): Promise<ReplayVerdict> {
  const isStream = journalsOf(context, journalModes).some(({ stream }) => stream === word);
  const looksRecorded = word.includes('/') || word.endsWith('.frames');
  return isStream || !looksRecorded
    ? verifySession(context, word, request.day)
    : verifyRecording(context, word, request, signal);
}

/** A session on live prices: its bars are in its journal. */
export async function verifiedDay(context: Context, recorded: RecordedSession): Promise<Verified> {
  const player = await recordedPlayer(context, recorded);
  const { records } = recorded;
  const written = records.filter((record) => entryOf(record));
  let marks = 0;
  let divergence: Divergence | undefined;
  player.warmUp();
  try {
    player.recall(records, (record) => {
      if (record.t !== 'mark' || divergence) return;
      marks += 1;
      divergence = markDivergence(player, record) ?? extraEntry(player, written, record);
    });
  } catch (error) {
    if (codeOf(error) !== 'CHECK_REPLAY') throw error;
    divergence ??= entryDivergence(player.journal.entries, written);
  }
  const end = records.find(({ t, reason }) => t === 'session_end' && reason === 'day-end');
  if (end && !divergence) {
    const hash = player.finish('day-end');
    if (hash !== end.hash) divergence = { record: end.s, expected: `hash ${end.hash}`, came: `hash ${hash}` };
  }
  const trades = player.engine.trades();
  return {
    ...{ records: records.length, entries: written.length, marks, ended: end !== undefined },
    hash: resultHash(player.journal.entries, trades),
    divergence,
  };
}

/** A session on stored days: its bars are in the history. */
async function verifiedRun(context: Context, recorded: RecordOfRun): Promise<Verified> {
  const { journal: records = [], result } = recorded;
  const replayed = await replayRun(context, recorded, () => false);
  const written = records.filter((record) => entryOf(record));
  const at = written.findIndex((record, place) => text(entryOf(record)) !== text(replayed.entries[place]));
  const end = records.find(({ t }) => t === 'session_end');
  let divergence: Divergence | undefined;
  if (at >= 0) divergence = entryDivergence(replayed.entries.slice(0, at + 1), written);
  else if (result !== undefined && result !== replayed.result && end)
    divergence = { record: end.s, expected: `hash ${result}`, came: `hash ${replayed.result}` };
  return {
    ...{ records: records.length, entries: written.length, ended: result !== undefined },
    marks: records.filter(({ t }) => t === 'mark').length,
    hash: replayed.result,
    divergence,
  };
}

/** The last of what came is the first that is not as it was written; nothing came where less came than was written. */
function entryDivergence(came: readonly JournalEntry[], written: readonly JournalRecord[]): Divergence {
  const last = came.length - 1;
  const differs = last >= 0 && text(came[last]) !== text(entryOf(written[last] ?? { t: '' }));
  const at = differs ? last : came.length;
  const record = written[at];
  return {
    record: record?.s ?? 0,
    expected: record ? text(entryOf(record)) : 'nothing more',
    came: differs ? text(came[last]) : 'nothing',
  };
}

/** What was marked was whole: an order that nobody wrote down would have been written before. */
function extraEntry(
  { journal: { entries } }: SessionPlayer,
  written: readonly JournalRecord[],
  { s }: JournalRecord,
): Divergence | undefined {
  const before = written.filter((record) => record.s < s).length;
  if (entries.length <= before) return undefined;
  return { record: s, expected: `${before} entries before it`, came: text(entries[before]) };
}

function markDivergence({ engine }: SessionPlayer, mark: JournalRecord): Divergence | undefined {
  const { equityPaise, held } = engine.account;
  const said = ({ equityPaise: worth, positions }: { equityPaise: unknown; positions: unknown }) =>
    `the account worth ${worth} paise with ${positions} positions`;
  const came = said({ equityPaise, positions: held.length });
  const expected = said({ equityPaise: mark.equityPaise, positions: mark.positions });
  return came === expected ? undefined : { record: mark.s, expected, came };
}

/** Hash of everything a session has come to: orders and their answers, what is held, the account, refusals, halts. */
export function stateHash({ engine, journal, halts, toldUntil }: SessionPlayer): string {
  return hashOf([
    ...journal.entries.map(text),
    JSON.stringify(engine.heldTrades()),
    JSON.stringify([...engine.trades(), ...engine.endedToday()]),
    JSON.stringify(engine.refusals()),
    JSON.stringify(halts.reasons()),
    JSON.stringify([engine.account.equityPaise, engine.account.availablePaise, toldUntil]),
  ]);
}

/** Prices that do not apply are NaN in one and null in the other. */
function text(entry: JournalEntry | undefined): string {
  if (!entry) return 'nothing';
  return JSON.stringify(entry.type === 'intent' ? entry.order : entry.event);
}
