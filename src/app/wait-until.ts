import type { EpochMs } from '../domain/time.ts';
import type { TimerClock } from '../engine/ports.ts';

/** Resolves at an instant, or as soon as somebody says to stop. */
export function until(clock: TimerClock, time: EpochMs, signal: AbortSignal): Promise<void> {
  if (signal.aborted || clock.now() >= time) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.at(time, wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
