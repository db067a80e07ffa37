import type { Clock } from '../../engine/ports.ts';

/** Real time to wait in; `adapters/system/waiting.ts` has the computer's. */
export interface Waiting {
  sleep(ms: number): Promise<void>;
  /** 0 up to, not including, 1. */
  random(): number;
}

/** A second, and what clocks that count in milliseconds may be off. */
export const secondAndGrainMs = 1_005;

/**
 * Lets at most so many requests reach a server in any second, by whichever clock it counts; the others wait in the order in which they came.
 *
 * A request reaches the server at some instant between leaving and being answered. So the next but `perSecond` leaves a full second after
 * that answer, and no second of the server's holds more, however unevenly the network carries them. Only one that was given up may
 * still reach it later than that.
 */
export class Pace {
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #waiting: Waiting;
  /** The newest requests, oldest first: each resolves to when it was over. */
  readonly #over: Promise<number>[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(perSecond: number, clock: Clock, waiting: Waiting) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#waiting = waiting;
  }

  /** Does `work` when its turn comes, and knows by its end when the next may follow. */
  async turn<T>(work: () => Promise<T>): Promise<T> {
    const allowed = this.#queue.then(() => this.#wait());
    this.#queue = allowed;
    const over = await allowed;
    try {
      return await work();
    } finally {
      over(this.#clock.now());
    }
  }

  async #wait(): Promise<(time: number) => void> {
    if (this.#over.length >= this.#perSecond) {
      const last = await this.#over[this.#over.length - this.#perSecond];
      const wait = last + secondAndGrainMs - this.#clock.now();
      // A clock that was set back must not hold requests for hours.
      if (wait > 0) await this.#waiting.sleep(Math.min(wait, secondAndGrainMs));
      if (this.#over.length >= this.#perSecond) this.#over.shift();
    }
    let over: (time: number) => void = () => undefined;
    this.#over.push(
      new Promise((resolve) => {
        over = resolve;
      }),
    );
    return over;
  }
}

const attemptsMax = 5;
const firstPauseMs = 400;
const longestPauseMs = 20_000;
const retryAfterMsMax = 60_000;

/** A failure that another try may mend, and how long the server asked to wait. */
export interface Passing {
  readonly passing: true;
  readonly retryAfterSeconds: number;
}

/** Tries a read again while it fails in passing, with full jitter and an end. The last failure is thrown as it came. */
export async function tried<T>(
  waiting: Waiting,
  work: () => Promise<T>,
  passingOf: (error: unknown) => Passing | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const passing = passingOf(error);
      if (!passing || attempt >= attemptsMax) throw error;
      const asked = Number.isNaN(passing.retryAfterSeconds) ? 0 : passing.retryAfterSeconds * 1_000;
      // Whoever asks for more patience than that is not asked again before it is over, and nobody waits that long unasked.
      if (asked > retryAfterMsMax) throw error;
      const most = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
      await waiting.sleep(asked + most * waiting.random());
    }
  }
}
