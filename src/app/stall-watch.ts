import type { SessionsByDay } from '../domain/resample.ts';
import { type EpochMs, istDayNumber, secondMs } from '../domain/time.ts';
import type { Clock } from '../engine/ports.ts';

/** A rehearsal that hurries is not stopped for the pauses of a busy computer. */
const patienceMsMin = 30 * secondMs;

export interface StallParts {
  /** The market's time, and this computer's. */
  readonly clock: Pick<Clock, 'now'> & { readonly speed: number };
  readonly base: Pick<Clock, 'now'>;
  readonly series: readonly { readonly sessions: SessionsByDay | undefined }[];
  /**
   * Without a trade in any instrument for so long while a market is open, a stream that beats is no better than one that is silent.
   * This computer's milliseconds at the market's own pace; Infinity where the clock is stepped, and jumps over trades.
   */
  readonly stalledMs: number;
}

/** Says when a stream that is heard brings no trades: without them no bar closes, and the square-off would be waited for in vain. */
export class StallWatch {
  readonly #parts: StallParts;
  #tradedAt: EpochMs = Number.NaN;
  /** No trade came for too long, and none has come since. */
  stalled = false;

  constructor(parts: StallParts) {
    this.#parts = parts;
  }

  /** The stream is heard from here on. */
  begins(): void {
    this.#tradedAt = this.#parts.base.now();
  }

  /** A trade came. Answers whether it ends a stall. */
  traded(): boolean {
    this.begins();
    const ends = this.stalled;
    this.stalled = false;
    return ends;
  }

  /** Answers whether a stall begins; outside trading hours none does. */
  look(): boolean {
    if (this.stalled) return false;
    const { base, clock, stalledMs } = this.#parts;
    if (!this.#isOpen()) this.begins();
    const patience = Math.max(patienceMsMin, stalledMs / Math.max(1, clock.speed));
    this.stalled = base.now() - this.#tradedAt > patience;
    return this.stalled;
  }

  #isOpen(): boolean {
    const now = this.#parts.clock.now();
    return this.#parts.series.some(({ sessions }) => {
      const session = sessions?.(istDayNumber(now));
      return session !== undefined && now >= session.open && now < session.close;
    });
  }
}
