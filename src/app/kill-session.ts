import { systemWaiting } from '../adapters/system/waiting.ts';
import type { Context } from './context.ts';
import { liveSessions } from './heartbeat.ts';
import { engageKill, type Kill, noteKill } from './kill.ts';
import { actOnKill, type KillDeeds } from './kill-orders.ts';
import { kiteClientFor } from './kite-client.ts';
import { type SessionOptions, withKiteSession } from './kite-session.ts';

export interface KillPage extends Kill {
  /** Live sessions that are running and do the rest by themselves. */
  readonly sessions: readonly string[];
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
  if (sessions.length > 0 || !(wish.cancel || wish.flatten)) return { ...standing, sessions, acted: null };
  return { ...standing, sessions, acted: await actAlone(context, wish, wish.flatten) };
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
