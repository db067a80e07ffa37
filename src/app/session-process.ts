import { systemClock } from '../adapters/system/system-clock.ts';
import { UsageError } from '../domain/errors.ts';
import type { DayDocument } from '../reports/day-text.ts';
import type { LogRecord } from '../reports/log-text.ts';
import type { ReplayVerdict } from '../reports/replay-text.ts';
import type { SessionReport } from '../reports/session-text.ts';
import type { Context } from './context.ts';
import { type DayRequest as PlannedDayRequest, runDay } from './day.ts';
import { type LiveRequest, live } from './live.ts';
import { followLog, type LogPage, type LogsRequest } from './logs.ts';
import { type PaperRequest, paper } from './paper.ts';
import { paperOnStream } from './paper-on-stream.ts';
import { type ReplayRequest, replayDay, replayRecording } from './replay.ts';
import type { DayRequest } from './trading-day.ts';
import { verifyReplay } from './verify-replay.ts';

/**
 * Runs a session until its feed ends or the process is told to stop, which ends it between two marks with everything written.
 * Undefined when the markets are closed today.
 */
export function paperUntilInterrupted(
  context: Context,
  request: PaperRequest & Pick<DayRequest, 'once' | 'record'>,
): Promise<SessionReport | undefined> {
  const { feed } = request;
  if (request.once && feed !== 'kite' && feed !== 'sandbox') {
    throw new UsageError(
      'USAGE_ONCE',
      `--once is one pass over a day that goes on, and --feed ${feed} is not one.`,
      'Leave out --once: a replay plays its days to their end.',
    );
  }
  if (request.record && feed !== 'kite' && feed !== 'sandbox') {
    throw new UsageError(
      'USAGE_RECORD',
      `--record keeps a stream, and --feed ${feed} has none.`,
      'Leave out --record: the days of a replay are stored already.',
    );
  }
  return untilInterrupted((signal) =>
    feed === 'kite' || feed === 'sandbox'
      ? paperOnStream(context, { ...request, feed }, signal)
      : paper({ ...context, clock: systemClock }, request, signal),
  );
}

/** The same for a live session: what stands at the broker stays there, and the next start finds it. */
export function liveUntilInterrupted(
  context: Context,
  request: LiveRequest,
): Promise<SessionReport | undefined> {
  return untilInterrupted((signal) => live(context, request, signal));
}

/** A stored day or a recording once more, without a journal. */
export function replayUntilInterrupted(
  context: Context,
  what: string,
  request: ReplayRequest,
): Promise<SessionReport> {
  return untilInterrupted(async (signal) => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(what)) return replayDay(context, what, request, signal);
    const { report, fault } = await replayRecording(context, what, request, signal);
    if (fault !== undefined) context.output.warn(`The recording ${fault}; what stands before was played.`);
    return report;
  });
}

/** Compares a session, or what is built of a recording, with the journal. */
export function verifyUntilInterrupted(
  context: Context,
  word: string,
  request: ReplayRequest & { readonly day?: number | undefined },
): Promise<ReplayVerdict> {
  return untilInterrupted((signal) => verifyReplay(context, word, request, signal));
}

/** A planned day; a step that was not over is done by the next start. @throws UsageError USAGE_SPEED */
export function dayUntilInterrupted(context: Context, request: PlannedDayRequest): Promise<DayDocument> {
  if (request.speed !== undefined && request.feed !== 'sandbox')
    throw new UsageError(
      'USAGE_SPEED',
      `--speed received "${request.speed}", and only a sandbox's clock can be made faster.`,
      'Leave it out, or add --feed sandbox.',
    );
  return untilInterrupted((signal) => runDay(context, request, signal));
}

/** Shows the log as it grows. */
export function followLogUntilInterrupted(
  context: Context,
  request: LogsRequest,
  show: (lines: readonly LogRecord[]) => void,
): Promise<LogPage> {
  return untilInterrupted((signal) =>
    followLog({ ...context, clock: systemClock }, request, { show, signal }),
  );
}

async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
