/** The end of a program that runs until somebody stops it. */
export interface StopSignal {
  /** Resolves at the first Ctrl-C or SIGTERM, or when `stop` is called; a second Ctrl-C ends the process at once. */
  readonly stopped: Promise<void>;
  stop(): void;
  /** Gives the signals back to whoever listened before. */
  release(): void;
}

/** Takes the place of whatever else listens to Ctrl-C, so that what runs can be closed in order. */
export function stopSignal(): StopSignal {
  const names = ['SIGINT', 'SIGTERM'] as const;
  const before = names.map((name) => ({ name, listeners: process.listeners(name) }));
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  // Added before the others go: a signal that comes while nobody listens, for however short, is lost.
  for (const { name, listeners } of before) {
    process.once(name, stop);
    for (const listener of listeners) process.off(name, listener);
  }
  return {
    stopped,
    stop,
    release() {
      for (const { name, listeners } of before) {
        for (const listener of listeners) process.on(name, () => listener(name));
        process.off(name, stop);
      }
    },
  };
}
