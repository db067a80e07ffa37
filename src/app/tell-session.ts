import { askControl } from '../adapters/system/control-socket.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { InvariantError, RiskStop, UsageError } from '../domain/errors.ts';
import type { SessionStanding } from '../reports/session-standing.ts';
import type { Context } from './context.ts';
import type { ControlReply } from './session-control.ts';
import { type JournalMode, streamFolder, streamNames } from './streams.ts';

/** How long a session is waited for: it answers between two turns of its loop. */
export const answerMs = 3_000;
/** How long one that stops may take to write and close what it has. */
const leaveMs = 30_000;
const lookMs = 200;

type Home = Pick<Context, 'folders'>;

/** What a session answered. */
export interface SessionAnswer {
  readonly mode: JournalMode;
  readonly stream: string;
  readonly message: string;
  /** How it stands afterwards; null once it has ended. */
  readonly standing: SessionStanding | null;
}

/** Asks the session of a stream; undefined when none runs. @throws BrokerError CONTROL_SILENT */
export async function askSession(
  context: Home,
  { mode, stream }: { readonly mode: JournalMode; readonly stream: string },
  request: { readonly do: string; readonly [field: string]: unknown },
  withinMs = answerMs,
): Promise<ControlReply | undefined> {
  const reply = await askControl(streamFolder(context, mode, stream), request, withinMs);
  if (reply === undefined) return undefined;
  const { ok, message } = Object(reply);
  if (typeof ok === 'boolean' && typeof message === 'string') return reply as ControlReply;
  throw new InvariantError(
    'BUG_CONTROL_ANSWER',
    `The session of stream ${stream} answers in a form that this program does not know.`,
    'It runs another version of algo: start it again with this one.',
  );
}

/** Streams of a mode whose session answers. */
export async function runningStreams(context: Home, mode: JournalMode): Promise<readonly string[]> {
  const names = streamNames(context, mode);
  const replies = await Promise.all(
    names.map((stream) => askSession(context, { mode, stream }, { do: 'status' })),
  );
  return names.filter((_, place) => replies[place] !== undefined);
}

/**
 * Says a word to the session of a stream, or to the one that runs where none is named.
 *
 * @throws UsageError USAGE_NO_SESSION when none runs, USAGE_STREAM when several do; RiskStop RISK_REFUSED when it says no
 */
export async function tellSession(
  context: Home,
  mode: JournalMode,
  named: string | undefined,
  request: { readonly do: string; readonly [field: string]: unknown },
): Promise<SessionAnswer & Pick<ControlReply, 'expectedMs'>> {
  const stream = named ?? (await onlyOne(context, mode));
  const reply = await askSession(context, { mode, stream }, request);
  if (reply === undefined) throw noSession(mode, stream);
  const { ok, message, standing = null, expectedMs } = reply;
  if (!ok)
    throw new RiskStop(
      'RISK_REFUSED',
      `The ${mode} session of stream ${stream} says: ${message}`,
      `algo ${mode} status`,
    );
  return { mode, stream, message, standing, ...(expectedMs !== undefined && { expectedMs }) };
}

export interface StopRequest {
  readonly stream?: string | undefined;
  readonly flatten: boolean;
  /** Seconds that the command waits; what the session expects to need when left out. */
  readonly within?: number | undefined;
  readonly note: (sentence: string) => void;
}

/**
 * Stops a session and answers when it has ended: with `flatten` once nothing is held. Where that takes longer than it may, the session
 * goes on closing, opens nothing, and ends by itself.
 *
 * @throws RiskStop RISK_NOT_FLAT naming what is still held; what `tellSession` throws
 */
export async function stopSession(
  context: Home & Pick<Context, 'clock'>,
  mode: JournalMode,
  { stream: named, flatten, within, note }: StopRequest,
): Promise<SessionAnswer> {
  const told = await tellSession(context, mode, named, { do: 'stop', flatten });
  const { stream } = told;
  const waitMs = within === undefined ? (told.expectedMs ?? leaveMs) : within * 1000;
  if (flatten) note(`${told.message} Waiting ${Math.ceil(waitMs / 1000)} s at most.`);
  const end = context.clock.now() + waitMs;
  let { standing } = told;
  for (;;) {
    const reply = await askSession(context, { mode, stream }, { do: 'status' });
    if (reply === undefined) {
      const message = flatten ? 'Nothing is held any more; the session has ended.' : 'The session has ended.';
      return { mode, stream, message, standing: null };
    }
    standing = reply.standing ?? standing;
    if (context.clock.now() >= end) throw notYet(mode, stream, standing, waitMs);
    await systemWaiting.sleep(lookMs);
  }
}

async function onlyOne(context: Home, mode: JournalMode): Promise<string> {
  const running = await runningStreams(context, mode);
  const [only, ...others] = running;
  if (only === undefined) throw noSession(mode, undefined);
  if (others.length === 0) return only;
  throw new UsageError(
    'USAGE_STREAM',
    `${running.length} ${mode} sessions run: ${running.join(', ')}.`,
    `Say which one: --stream ${only}`,
  );
}

function noSession(mode: JournalMode, stream: string | undefined): UsageError {
  return new UsageError(
    'USAGE_NO_SESSION',
    stream === undefined ? `No ${mode} session runs.` : `No ${mode} session runs on stream ${stream}.`,
    `algo ${mode} status shows how the last one ended.`,
  );
}

function notYet(
  mode: JournalMode,
  stream: string,
  standing: SessionStanding | null,
  waitedMs: number,
): RiskStop {
  const held = (standing?.positions ?? []).map(
    ({ instrument, side, quantity }) => `${side === 'BUY' ? '' : '-'}${quantity} ${instrument}`,
  );
  return new RiskStop(
    'RISK_NOT_FLAT',
    `After ${Math.round(waitedMs / 1000)} s the session of stream ${stream} still ${held.length > 0 ? `holds ${held.join(', ')}` : 'runs'}.`,
    `It opens nothing and ends once everything is closed. Look with algo ${mode} status, or run: algo kill --flatten`,
  );
}
