import type { Clock } from '../../engine/ports.ts';

/** Real time to wait in; `adapters/system/waiting.ts` has the computer's. */
export interface Waiting {
  sleep(ms: number): Promise<void>;
  /** 0 up to, not including, 1. */
  random(): number;
}

// The server counts its own calendar seconds, and requests may reach it closer together than they left.
const windowMs = 1_100;

/** Lets at most so many requests go within any second of the server's, the others in the order in which they came. */
export class Pace {
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #waiting: Waiting;
  /** When the last requests left, oldest first. */
  readonly #left: number[] = [];
  #queue: Promise<void> = Promise.resolve();

  constructor(perSecond: number, clock: Clock, waiting: Waiting) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#waiting = waiting;
  }

  /** Resolves when the request may leave. */
  turn(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#wait());
    return this.#queue;
  }

  async #wait(): Promise<void> {
    if (this.#left.length >= this.#perSecond) {
      const free = this.#left[this.#left.length - this.#perSecond] + windowMs;
      const wait = free - this.#clock.now();
      // A clock that was set back must not hold requests for hours.
      if (wait > 0) await this.#waiting.sleep(Math.min(wait, windowMs));
    }
    this.#left.push(this.#clock.now());
    if (this.#left.length > this.#perSecond) this.#left.shift();
  }
}

const attemptsMax = 5;
const firstPauseMs = 400;
const longestPauseMs = 20_000;
const retryAfterMax = 60;

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
      const asked = Number.isNaN(passing.retryAfterSeconds)
        ? 0
        : Math.min(retryAfterMax, passing.retryAfterSeconds) * 1_000;
      const most = Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
      await waiting.sleep(asked + most * waiting.random());
    }
  }
}
