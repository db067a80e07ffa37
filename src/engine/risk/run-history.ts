import type { Side } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { EntryHistory } from '../ports.ts';

/** What one strategy has done in one instrument, as far as a risk rule may ask. */
export class RunHistory implements EntryHistory {
  entryTime = Number.NEGATIVE_INFINITY;
  entrySide: Side = 'BUY';
  entryQuantity = 0;
  stopTime = Number.NEGATIVE_INFINITY;
  #dayNumber = -1;
  #entries = 0;

  /** An entry left, whole, whatever its slices. */
  entered(time: EpochMs, dayNumber: number, side: Side, quantity: number): void {
    this.entryTime = time;
    this.entrySide = side;
    this.entryQuantity = quantity;
    this.#entries = this.entriesOn(dayNumber) + 1;
    this.#dayNumber = dayNumber;
  }

  /** An entry of that day ended without a fill, and was none after all. */
  withdrawn(dayNumber: number): void {
    if (dayNumber === this.#dayNumber) this.#entries -= 1;
  }

  entriesOn(dayNumber: number): number {
    return dayNumber === this.#dayNumber ? this.#entries : 0;
  }
}
