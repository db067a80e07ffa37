import type { EpochMs } from '../../domain/time.ts';

const readsMin = 3;
/** Reads that are kept as evidence; the first always is. */
const readsKept = 50;

/** The reads of the order book, all begun after the request was over, in which an order was not found. */
export class Absence {
  readonly #reads: EpochMs[] = [];

  /** A whole order book without the order, asked for at that instant. */
  add(startedAt: EpochMs): void {
    if (this.#reads.length === readsKept) this.#reads.splice(1, 1);
    this.#reads.push(startedAt);
  }

  /**
   * The order was never placed. Orders whose request was not answered have shown up minutes later, so one look proves nothing
   * (RELIABILITY §2: three reads at least, over the settling time).
   */
  proves(settleMs: number): boolean {
    const first = this.#reads[0];
    const last = this.#reads.at(-1);
    if (first === undefined || last === undefined) return false;
    return this.#reads.length >= readsMin && last - first >= settleMs;
  }

  /** When the book was read. */
  get reads(): readonly EpochMs[] {
    return this.#reads;
  }
}
