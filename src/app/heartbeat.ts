import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs } from '../domain/time.ts';
import type { Context } from './context.ts';
import { streamFolder, streamNames } from './streams.ts';

/** A session that has not shown for so long is not counted on. */
export const heartbeatMsMax = 3_000;

const beatFile = (folder: string) => join(folder, 'heartbeat');

/** Shows that a live session's loop turns; called every second from that loop, so that one which is blocked falls silent. */
export function beat(folder: string, time: EpochMs): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(beatFile(folder), `${JSON.stringify({ pid: process.pid, time })}\n`, { mode: 0o600 });
}

/** Live streams whose session showed within the last seconds. */
export function liveSessions({ folders, clock }: Pick<Context, 'folders' | 'clock'>): readonly string[] {
  const now = clock.now();
  return streamNames({ folders }, 'live').filter((stream) => {
    const shown = statSync(beatFile(streamFolder({ folders }, 'live', stream)), { throwIfNoEntry: false });
    return shown !== undefined && now - shown.mtimeMs < heartbeatMsMax;
  });
}
