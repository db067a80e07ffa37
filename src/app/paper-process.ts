import { systemClock } from '../adapters/system/system-clock.ts';
import type { PaperReport } from '../reports/paper-text.ts';
import type { Context } from './context.ts';
import { type PaperRequest, paper } from './paper.ts';

/** Runs a session until its feed ends or the process is told to stop, which ends it between two marks with everything written. */
export async function paperUntilInterrupted(context: Context, request: PaperRequest): Promise<PaperReport> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await paper({ ...context, clock: systemClock }, request, stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
