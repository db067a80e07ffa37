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

  clear(): void {
    this.#times.fill(Number.NEGATIVE_INFINITY);
  }
}
