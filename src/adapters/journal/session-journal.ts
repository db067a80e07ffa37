import { CheckFailed } from '../../domain/errors.ts';
import type { JournalEntry } from '../../engine/journal-entry.ts';
import type { Journal } from '../../engine/ports.ts';
import type { RecordLog } from './journal-log.ts';

/**
 * The durable journal of one session. An intent is on the disk before the broker hears of it; what happened to orders follows at
 * the next flush. A session that goes on after an interruption plays its bars again from the start: what it then appends has to be
 * what was recorded, entry by entry, and only what comes after is written.
 */
export class SessionJournal implements Journal {
  readonly entries: JournalEntry[] = [];
  readonly #log: RecordLog;
  readonly #recorded: readonly JournalEntry[];
  readonly #intents: 'durable' | 'soon';

  /**
   * `intents` is `soon` where the broker itself writes down durably what is about to leave, in the same log: that makes all before it
   * durable too, and one sync an order is enough.
   */
  constructor(log: RecordLog, recorded: readonly JournalEntry[], intents: 'durable' | 'soon' = 'durable') {
    this.#log = log;
    this.#recorded = recorded;
    this.#intents = intents;
  }

  /** Entries that were recorded before and have not come again yet. */
  get awaited(): number {
    return Math.max(0, this.#recorded.length - this.entries.length);
  }

  /** @throws CheckFailed CHECK_REPLAY at the first entry that differs from what was recorded, DataError DATA_JOURNAL_WRITE */
  append(entry: JournalEntry): void {
    const at = this.entries.length;
    // Orders and events are used again once they have been told.
    this.entries.push(keptEntry(entry));
    if (at >= this.#recorded.length) {
      this.#log.append(fieldsOf(entry), entry.type === 'intent' ? this.#intents : 'soon');
      return;
    }
    const recorded = this.#recorded[at];
    const [now, before] = [comparable(entry, recorded), recorded].map((each) =>
      JSON.stringify(fieldsOf(each)),
    );
    if (now === before) return;
    throw new CheckFailed(
      'CHECK_REPLAY',
      `The session took another way than it had recorded: entry ${at + 1} is ${now}, recorded was ${before}.`,
      'Something the session depends on has changed. algo paper reset ends it; a new one begins afresh.',
    );
  }
}

function keptEntry(entry: JournalEntry): JournalEntry {
  return entry.type === 'intent'
    ? { type: 'intent', order: { ...entry.order } }
    : { type: 'order', event: { ...entry.event } };
}

/** An entry as the program that recorded it would have written it: one of version 1 did not say where the market stood. */
function comparable(entry: JournalEntry, recorded: JournalEntry): JournalEntry {
  if (entry.type !== 'intent' || recorded.type !== 'intent' || !Number.isNaN(recorded.order.decided))
    return entry;
  const { decided: _, ...order } = entry.order;
  return { type: 'intent', order: { ...order, decided: Number.NaN } };
}

interface EntryFields {
  readonly t: 'intent' | 'order';
  readonly order?: unknown;
  readonly event?: unknown;
  readonly [field: string]: unknown;
}

function fieldsOf(entry: JournalEntry): EntryFields {
  return entry.type === 'intent' ? { t: 'intent', order: entry.order } : { t: 'order', event: entry.event };
}

/** The entry of a record of any version; prices that do not apply or were not written down are NaN. Undefined for a record of another kind. */
export function entryOf(record: {
  readonly t: string;
  readonly [field: string]: unknown;
}): JournalEntry | undefined {
  if (record.t === 'intent') {
    const order = record.order as Extract<JournalEntry, { type: 'intent' }>['order'];
    return {
      type: 'intent',
      order: {
        ...order,
        price: order.price ?? Number.NaN,
        trigger: order.trigger ?? Number.NaN,
        decided: order.decided ?? Number.NaN,
      },
    };
  }
  if (record.t !== 'order') return undefined;
  return { type: 'order', event: record.event as Extract<JournalEntry, { type: 'order' }>['event'] };
}
