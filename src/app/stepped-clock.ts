import type { EpochMs } from '../domain/time.ts';
import type { Cancel, TimerClock } from '../engine/ports.ts';
import type { MarketClock } from './market-clock.ts';

/** A market's time that somebody else moves: it shows what it is told, and wakes nobody before `wakeDue`. */
export class SteppedClock implements MarketClock {
  readonly speed: number;
  readonly #shown: () => EpochMs;
  #timers: Timer[] = [];

  constructor(shown: () => EpochMs, speed = 1) {
    this.speed = speed;
    this.#shown = shown;
  }

  now(): EpochMs {
    return this.#shown();
  }

  at(time: EpochMs, wake: () => void): Cancel {
    const timer = { time, wake };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Wakes whoever is due by now, in the order of time; what they set for now as well. */
  wakeDue(): void {
    for (let due = this.#first(); due && due.time <= this.now(); due = this.#first()) {
      const { wake } = due;
      this.#timers = this.#timers.filter((each) => each !== due);
      wake();
    }
  }

  stop(): void {
    this.#timers = [];
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (!first || timer.time < first.time) first = timer;
    return first;
  }
}

interface Timer {
  readonly time: EpochMs;
  readonly wake: () => void;
}

/** A clock that runs so many times as fast as another: for waiting that a rehearsal need not sit through. */
export function hurried(base: TimerClock, speed: number): TimerClock {
  const start = base.now();
  const now = () => start + (base.now() - start) * speed;
  return { now, at: (time, wake) => base.at(base.now() + Math.max(0, time - now()) / speed, wake) };
}
