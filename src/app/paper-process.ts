import { systemClock } from '../adapters/system/system-clock.ts';
import type { PaperReport } from '../reports/paper-text.ts';
import type { Context } from './context.ts';
import { type PaperRequest, paper } from './paper.ts';
import { paperOnStream } from './paper-on-stream.ts';

/**
 * Runs a session until its feed ends or the process is told to stop, which ends it between two marks with everything written.
 * Undefined when the markets are closed today.
 */
export async function paperUntilInterrupted(
  context: Context,
  request: PaperRequest,
): Promise<PaperReport | undefined> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const { feed } = request;
    if (feed === 'kite' || feed === 'sandbox')
      return await paperOnStream(context, { ...request, feed }, stop.signal);
    return await paper({ ...context, clock: systemClock }, request, stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
