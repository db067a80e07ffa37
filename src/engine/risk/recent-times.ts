import type { EpochMs } from '../../domain/time.ts';

/** The newest instants of something, as many as a limit asks about; older ones are forgotten. */
export class RecentTimes {
  readonly #times: Float64Array;
  #next = 0;

  constructor(count: number) {
    this.#times = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  }

  push(time: EpochMs): void {
    this.#times[this.#next] = time;
    this.#next = (this.#next + 1) % this.#times.length;
  }

  /** When the oldest of the last so many happened; before every instant while there were fewer. */
  get oldest(): EpochMs {
    return this.#times[this.#next];
  }

  /** The newest of these, as many as another limit asks about. */
  resized(count: number): RecentTimes {
    const resized = new RecentTimes(count);
    const { length } = this.#times;
    for (let age = Math.min(length, count); age > 0; age--)
      resized.push(this.#times[(this.#next + length - age) % length]);
    return resized;
  }

  clear(): void {
    this.#times.fill(Number.NEGATIVE_INFINITY);
  }
}
