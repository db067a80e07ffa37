/**
 * Work that never yields, during which Ctrl-C must still end the program. A listener runs only when the program yields, so
 * it is taken away meanwhile and the signal ends the process by itself.
 */
export function interruptible<T>(work: () => T): T {
  const listeners = process.rawListeners('SIGINT');
  process.removeAllListeners('SIGINT');
  try {
    return work();
  } finally {
    for (const listener of listeners) process.on('SIGINT', () => listener('SIGINT'));
  }
}
