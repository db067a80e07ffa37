import { codeOf } from '../domain/errors.ts';

/** The store waits ten seconds for another process by itself; an import of a whole exchange may take a minute. */
const attempts = 6;
const pauseMs = 250;

/** Does something with the history again while another process keeps it. @throws what the last attempt throws */
export async function patiently<T>(sleep: (ms: number) => Promise<void>, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) !== 'DATA_STORE_BUSY' || attempt === attempts) throw error;
      await sleep(pauseMs);
    }
  }
}
