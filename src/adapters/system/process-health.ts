import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface ProcessHealth {
  /** How late the process came to its work since it began to be watched, milliseconds: 99 of 100 times less, and at worst. */
  readonly loopLagMs: { readonly p99: number; readonly max: number };
  /** Resident memory, whole MB. */
  readonly memoryMb: number;
}

/** Milliseconds between two looks at the clock; a look that comes on time is no lag. */
const resolutionMs = 20;

/** Watches how promptly this process does its work, at hardly any cost. */
export function watchHealth(): { read(): ProcessHealth; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const late = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / 1e6 - resolutionMs));
  return {
    read: () => ({
      loopLagMs: { p99: late(delays.percentile(99)), max: late(delays.max) },
      memoryMb: Math.round(process.memoryUsage().rss / 1_048_576),
    }),
    stop: () => {
      delays.disable();
    },
  };
}
