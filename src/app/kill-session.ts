import { systemWaiting } from '../adapters/system/waiting.ts';
import type { Context } from './context.ts';
import { liveSessions } from './heartbeat.ts';
import { engageKill, type Kill, noteKill } from './kill.ts';
import { actOnKill, type KillDeeds } from './kill-orders.ts';
import { kiteClientFor } from './kite-client.ts';
import { type SessionOptions, withKiteSession } from './kite-session.ts';
import { journalModes, journalsOf } from './streams.ts';
import { askSession } from './tell-session.ts';

export interface KillPage extends Kill {
  /** Live sessions that are running and do the rest by themselves. */
  readonly sessions: readonly string[];
  /** Sessions of either mode that have answered that they are halted, such as `live/ab1234`. */
  readonly halted: readonly string[];
  /** What was done at the broker; null where nothing was asked or a session does it. */
  readonly acted: KillDeeds | null;
}

/**
 * Stops all trading of this home. The KILL file is on the disk first; cancelling and closing are left to the session that runs, and done
 * here where none does.
 */
export async function kill(
  context: Context,
  wish: SessionOptions & { readonly reason: string; readonly cancel: boolean; readonly flatten: boolean },
): Promise<KillPage> {
  const standing = engageKill(context, wish);
  const sessions = liveSessions(context);
  const halted = await haltedAtOnce(context);
  const told = { ...standing, sessions, halted };
  if (sessions.length > 0 || !(wish.cancel || wish.flatten)) return { ...told, acted: null };
  return { ...told, acted: await actAlone(context, wish, wish.flatten) };
}

/** A session that hangs finds the file when it turns again; nobody waits longer for it. */
const haltWithinMs = 1_000;

/** Sessions look at the file every few seconds; told that it is there, they look at once. */
async function haltedAtOnce(context: Context): Promise<readonly string[]> {
  const streams = journalsOf(context, journalModes);
  const answers = await Promise.allSettled(
    streams.map((each) => askSession(context, each, { do: 'kill' }, haltWithinMs)),
  );
  return streams
    .filter((_, place) => {
      const answer = answers[place];
      return answer.status === 'fulfilled' && answer.value?.ok === true;
    })
    .map(({ mode, stream }) => `${mode}/${stream}`);
}

/** Cancels and closes at the broker from this process, and writes down what it did. */
export function actAlone(context: Context, session: SessionOptions, flatten: boolean): Promise<KillDeeds> {
  return withKiteSession(context, session, async (opened) => {
    const client = kiteClientFor(context, opened);
    const acted = await actOnKill(client, { flatten, clock: context.clock, waiting: systemWaiting });
    noteKill(context, { did: 'acted', flatten, ...acted });
    return acted;
  });
}
