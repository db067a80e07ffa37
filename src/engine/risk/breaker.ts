import { type EpochMs, minuteMs } from '../../domain/time.ts';
import type { Halts } from './halts.ts';
import { RecentTimes } from './recent-times.ts';

/** Halts when a broker has rejected so many orders within a minute: something is wrong that another order will not mend. */
export class Breaker {
  readonly #rejections: RecentTimes;
  readonly #most: number;
  readonly #halts: Halts;

  /** `before` is one whose rejections still count. */
  constructor(most: number, halts: Halts, before?: Breaker) {
    this.#rejections = before ? before.#rejections.resized(most) : new RecentTimes(most);
    this.#most = most;
    this.#halts = halts;
  }

  rejected(time: EpochMs, reason: string): void {
    this.#rejections.push(time);
    if (time - this.#rejections.oldest > minuteMs) return;
    this.#halts.set(
      'HALT_BREAKER',
      `${this.#most} orders were rejected within a minute, the last with "${reason}"`,
    );
    // Released by a person, it counts from nothing.
    this.#rejections.clear();
  }
}
