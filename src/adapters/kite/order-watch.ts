import type { EpochMs } from '../../domain/time.ts';
import type { Cancel, TimerClock } from '../../engine/ports.ts';

/** A storm of order frames must not use up what the account may ask. */
const gapMsMin = 250;

/** Reads the order book again and again, one read at a time: at once when told to, else at its interval. */
export class OrderWatch {
  readonly #clock: TimerClock;
  readonly #read: () => Promise<void>;
  readonly #intervalMs: () => number;
  #timer: Cancel = () => undefined;
  #reading = false;
  #wanted = false;
  #stopped = true;
  #lastStart: EpochMs = Number.NEGATIVE_INFINITY;
  #due: EpochMs = Number.POSITIVE_INFINITY;

  /** `read` never rejects; `intervalMs` is asked when a read is over. */
  constructor(options: {
    readonly clock: TimerClock;
    readonly read: () => Promise<void>;
    readonly intervalMs: () => number;
  }) {
    this.#clock = options.clock;
    this.#read = options.read;
    this.#intervalMs = options.intervalMs;
  }

  /** Reads now, and resolves when that read is over. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.#go();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer();
  }

  /** Something has happened: read as soon as may be. What is being read already may be too old to show it. */
  soon(): void {
    this.#wanted = true;
    if (!this.#reading) this.#arm(this.#lastStart + gapMsMin);
  }

  /** There is more to watch than before: the interval may have become shorter. */
  sooner(): void {
    const time = this.#clock.now() + this.#intervalMs();
    if (!this.#reading && time < this.#due) this.#arm(time);
  }

  #arm(time: EpochMs): void {
    this.#timer();
    if (this.#stopped) return;
    this.#due = time;
    this.#timer = this.#clock.at(time, () => void this.#go());
  }

  async #go(): Promise<void> {
    if (this.#reading || this.#stopped) return;
    this.#timer();
    this.#reading = true;
    this.#wanted = false;
    this.#lastStart = this.#clock.now();
    await this.#read();
    this.#reading = false;
    this.#arm(this.#wanted ? this.#lastStart + gapMsMin : this.#clock.now() + this.#intervalMs());
  }
}
