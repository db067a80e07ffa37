import { stopSignal } from '../adapters/system/stop-signal.ts';

/** Resolves when somebody presses Ctrl-C or sends SIGTERM, or when what runs has its own reason to end. */
export async function untilStopped(ended: Promise<void>): Promise<void> {
  const signal = stopSignal();
  try {
    await Promise.race([signal.stopped, ended]);
  } finally {
    signal.release();
  }
}
