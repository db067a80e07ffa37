import { rmSync } from 'node:fs';
import { systemClock } from '../adapters/system/system-clock.ts';
import type { SessionReport } from '../reports/session-text.ts';
import type { Context } from './context.ts';
import { paper } from './paper.ts';
import { streamFolder } from './streams.ts';

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
