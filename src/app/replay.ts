import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../adapters/system/system-clock.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { DataError } from '../domain/errors.ts';
import type { SessionReport } from '../reports/session-text.ts';
import type { Context } from './context.ts';
import { historyOf } from './open-history.ts';
import { paper } from './paper.ts';
import { speedOf } from './paper-feed.ts';
import { paperMode } from './paper-on-stream.ts';
import { RecordedDoor } from './recorded-door.ts';
import { openRecording, recordingPath } from './recordings.ts';
import { RehearsedLog } from './rehearsed-log.ts';
import { streamFolder } from './streams.ts';
import { tradingDay } from './trading-day.ts';

export interface ReplayRequest {
  readonly universe: readonly string[];
  readonly strategies: readonly string[];
  readonly timeframe?: string | undefined;
  readonly params: readonly string[];
  /** `1x`, `60x`, `max`. */
  readonly speed: string;
  readonly warmUpDays: number;
}

/** A stored day as a paper session that leaves no journal. @throws what `paper` throws */
export async function replayDay(
  context: Context,
  day: string,
  request: ReplayRequest,
  signal: AbortSignal,
): Promise<SessionReport> {
  const stream = `replay-${process.pid}`;
  try {
    const report = await paper(
      { ...context, clock: systemClock },
      { ...request, stream, feed: `replay:${day}` },
      signal,
    );
    return { ...report, stream: 'replay' };
  } finally {
    rmSync(streamFolder(context, 'paper', stream), { recursive: true, force: true });
  }
}

/** A recording that was played, and what the session did. */
export interface ReplayedRecording {
  readonly report: SessionReport;
  readonly log: RehearsedLog;
  /** Why not all of the file could be played; undefined when it is whole. */
  readonly fault: string | undefined;
}

/**
 * A recorded stream through the decoder and the bar builder into a paper session that leaves no journal. Strategies, parameters and
 * timeframe are those of the recorded session unless others are named.
 *
 * @throws UsageError USAGE_RECORDING, DataError DATA_RECORDING, and what a paper day throws
 */
export async function replayRecording(
  context: Context,
  word: string,
  request: ReplayRequest,
  signal: AbortSignal,
): Promise<ReplayedRecording> {
  const speed = speedOf(request.speed);
  const recording = openRecording(recordingPath(context, word));
  const { reader, head } = recording;
  const folder = mkdtempSync(join(tmpdir(), 'algo-replay-'));
  const leave = new AbortController();
  try {
    const rulebook = loadRulebook(context.folders.root, context.folders.home);
    const recorded = new RecordedDoor(recording, { store: historyOf(context), rulebook });
    const log = new RehearsedLog();
    const own = request.strategies.length === 0;
    const asked = {
      ...request,
      ...(own && {
        strategies: head.strategies,
        params: request.params.length > 0 ? request.params : head.params,
        timeframe: request.timeframe ?? head.timeframe ?? undefined,
      }),
      ...{ universe: [], stream: 'replay', feed: head.feed },
    };
    let over = false;
    const session = tradingDay(context, asked, {
      ...{ mode: paperMode, door: recorded.door, log, folder },
      signal: AbortSignal.any([signal, leave.signal]),
    }).finally(() => {
      over = true;
    });
    // Told when it is waited for.
    session.catch(() => undefined);
    await recorded.play(speed, () => over || signal.aborted);
    leave.abort();
    const report = await session;
    if (!report) throw closedDay(head.day);
    const fault = signal.aborted ? undefined : reader.end?.fault;
    return { report: { ...report, stream: 'replay' }, log, fault };
  } finally {
    leave.abort();
    reader.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function closedDay(day: string): DataError {
  return new DataError(
    'DATA_RECORDING',
    `The recording is of ${day}, on which the market of its instruments was closed.`,
    'algo calendar shows trading days.',
  );
}
