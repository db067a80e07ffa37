import { messageOf } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { liveSessions } from './heartbeat.ts';
import { killed } from './kill.ts';
import type { KillDeeds } from './kill-orders.ts';

/** Between two looks at the KILL file and the heartbeats, and after a round that failed or left something. */
export const lookMs = 1_000;
const againMs = 5_000;

export interface WatchdogParts {
  readonly act: (flatten: boolean) => Promise<KillDeeds>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly stopped: () => boolean;
}

export interface WatchdogPage {
  /** Rounds at the broker, and those that failed. */
  readonly rounds: number;
  readonly failed: number;
}

/**
 * Stands beside a live session and acts in its place when it cannot: once a KILL file is there and no session has shown for some seconds,
 * it cancels by itself, and closes where the kill says so, again and again until nothing is left. A session that turns is left to do it.
 */
export async function watchdog(
  { folders, clock, output }: Pick<Context, 'folders' | 'clock' | 'output'>,
  { act, sleep, stopped }: WatchdogParts,
): Promise<WatchdogPage> {
  let rounds = 0;
  let failed = 0;
  let done: string | undefined;
  while (!stopped()) {
    const kill = killed(folders);
    if (kill === undefined) done = undefined;
    const wanted = kill && `${kill.at} ${kill.flatten}`;
    if (kill === undefined || wanted === done || liveSessions({ folders, clock }).length > 0) {
      await sleep(lookMs);
      continue;
    }
    rounds += 1;
    try {
      const { deeds, complete } = await act(kill.flatten);
      for (const { did, side, quantity, symbol, outcome } of deeds)
        output.note(`${did} ${side} ${quantity} ${symbol}: ${outcome}`);
      if (complete) {
        output.note(deeds.length > 0 ? 'The kill has been carried out.' : 'The kill finds nothing to do.');
        done = wanted;
        continue;
      }
    } catch (error) {
      failed += 1;
      output.warn(`The kill could not be carried out: ${messageOf(error)} Trying again.`);
    }
    await sleep(againMs);
  }
  return { rounds, failed };
}
