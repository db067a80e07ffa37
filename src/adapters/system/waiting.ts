/** Real time and chance for whoever waits for a busy file. */
export const systemWaiting = {
  sleep: (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms)),
  random: (): number => Math.random(),
};
