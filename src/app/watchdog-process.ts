import { stopSignal } from '../adapters/system/stop-signal.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import type { Context } from './context.ts';
import { actAlone } from './kill-session.ts';
import type { SessionOptions } from './kite-session.ts';
import { type WatchdogPage, watchdog } from './watchdog.ts';

/** The watchdog as a process of its own: until Ctrl-C or SIGTERM. */
export async function watchUntilStopped(context: Context, session: SessionOptions): Promise<WatchdogPage> {
  const signal = stopSignal();
  let over = false;
  const stopped = signal.stopped.then(() => {
    over = true;
  });
  try {
    context.output.note('Watching for a KILL file and a silent session.');
    return await watchdog(context, {
      act: (flatten) => actAlone(context, session, flatten),
      sleep: (ms) => Promise.race([systemWaiting.sleep(ms), stopped]),
      stopped: () => over,
    });
  } finally {
    signal.release();
  }
}
