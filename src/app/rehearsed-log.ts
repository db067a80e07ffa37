import type { RecordFields, RecordLog } from '../adapters/journal/journal-log.ts';
import { type JournalRecord, recordVersion } from '../adapters/journal/record-line.ts';
import { entryOf } from '../adapters/journal/session-journal.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import type { EpochMs } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';

/** The journal of a session that ends with the process that runs it, and how the session stands by what it says. */
export class RehearsedLog implements RecordLog {
  readonly records: JournalRecord[] = [];
  /** The newest instant that was marked. */
  markedUntil: EpochMs = Number.NEGATIVE_INFINITY;
  /** Units that fills have told of. */
  filled = 0;
  /** Records of a kind so far. */
  readonly #counts = new Map<string, number>();
  readonly #orders = new Map<number, { readonly key: InstrumentKey; readonly sign: 1 | -1 }>();
  readonly #working = new Set<number>();
  readonly #held = new Map<InstrumentKey, number>();

  append(fields: RecordFields): void {
    // Events are used again once they have been told.
    const record = structuredClone({ s: this.records.length + 1, v: recordVersion, ...fields });
    this.records.push(record);
    this.#counts.set(fields.t, this.count(fields.t) + 1);
    if (fields.t === 'mark') this.markedUntil = Number(fields.time);
    const entry = entryOf(record);
    if (entry) this.#entered(entry);
  }

  flush(): void {}

  count(t: string): number {
    return this.#counts.get(t) ?? 0;
  }

  /** Nothing is held and no order is under way. */
  get idle(): boolean {
    return this.#working.size === 0 && [...this.#held.values()].every((units) => units === 0);
  }

  get entries(): readonly JournalEntry[] {
    return this.records.map(entryOf).filter((entry) => entry !== undefined);
  }

  #entered(entry: JournalEntry): void {
    if (entry.type === 'intent') {
      const { id, key, side } = entry.order;
      this.#orders.set(id, { key, sign: side === 'BUY' ? 1 : -1 });
      this.#working.add(id);
      return;
    }
    const { event } = entry;
    if (event.type === 'cancelled' || event.type === 'rejected') this.#working.delete(event.id);
    if (event.type !== 'filled') return;
    const order = this.#orders.get(event.id);
    this.filled += event.quantity;
    // One that is filled in parts is under way until nothing is held, which its position says as well.
    this.#working.delete(event.id);
    if (order) this.#held.set(order.key, (this.#held.get(order.key) ?? 0) + order.sign * event.quantity);
  }
}
