/**
 * Work that may never yield, during which Ctrl-C must still end the program. A listener runs only when the program yields,
 * so it is taken away meanwhile, until a promised result has come too, and the signal ends the process by itself.
 */
export function interruptible<T>(work: () => T): T {
  const listeners = process.rawListeners('SIGINT');
  process.removeAllListeners('SIGINT');
  const restore = () => {
    for (const listener of listeners) process.on('SIGINT', () => listener('SIGINT'));
  };
  let promised = false;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    promised = true;
    return result.finally(restore) as T;
  } finally {
    if (!promised) restore();
  }
}
