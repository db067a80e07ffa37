import type { OrderEvent, OrderIntent } from '../../domain/order.ts';
import {
  exitReasons,
  type OrderRole,
  type OrderType,
  type Product,
  type Side,
  type Validity,
} from '../../domain/order.ts';
import type { JournalEntry } from '../../engine/journal-entry.ts';
import type { Journal } from '../../engine/ports.ts';

const sides: readonly Side[] = ['BUY', 'SELL'];
const roles: readonly OrderRole[] = ['entry', ...exitReasons];
const types: readonly OrderType[] = ['MARKET', 'LIMIT', 'SL', 'SL-M'];
const products: readonly Product[] = ['CNC', 'MIS', 'NRML'];
const validities: readonly Validity[] = ['DAY', 'IOC'];
const events: readonly OrderEvent['type'][] = [
  'accepted',
  'filled',
  'cancelled',
  'rejected',
  'modified',
  'unknown',
];

/** Numbers of one record. The first says what it is: 0 an intent, else 1 + the place in `events`. */
const width = 13;
/** Numbers of one piece of memory: 2,048 records. */
const pieceLength = width * 2_048;

/**
 * A journal that lives as long as the run. Entries are kept as rows of numbers, since thousands of objects that live to the
 * end of a run cost more in garbage collection than the run itself; `entries` makes them readable again.
 */
export class MemoryJournal implements Journal {
  /** Memory by the piece: a list that doubled would copy everything again and again, and leave as much behind for the collector. */
  private readonly pieces: Float64Array[] = [];
  private rows = new Float64Array(0);
  /** Place of the next record in the newest piece. */
  private next = pieceLength;
  private readonly words: string[] = [];
  private readonly places = new Map<string, number>();
  private lastWord: string | undefined = undefined;
  private lastPlace = -1;
  private wordBefore: string | undefined = undefined;
  private placeBefore = -1;
  private read: JournalEntry[] | undefined = undefined;

  append(entry: JournalEntry): void {
    if (this.next === pieceLength) this.grow();
    const at = this.next;
    this.next += width;
    this.read = undefined;
    if (entry.type === 'intent') this.writeIntent(at, entry.order);
    else this.writeEvent(at, entry.event);
  }

  /** Everything appended so far, in order. */
  get entries(): readonly JournalEntry[] {
    this.read ??= this.pieces.flatMap((rows) => {
      const end = rows === this.rows ? this.next : pieceLength;
      return Array.from({ length: end / width }, (_, row) => this.entryAt(rows, row * width));
    });
    return this.read;
  }

  private grow(): void {
    this.rows = new Float64Array(pieceLength);
    this.pieces.push(this.rows);
    this.next = 0;
  }

  private writeIntent(at: number, order: OrderIntent): void {
    const { rows } = this;
    rows[at] = 0;
    rows[at + 1] = order.id;
    rows[at + 2] = order.time;
    rows[at + 3] = order.quantity;
    rows[at + 4] = order.price;
    rows[at + 5] = order.trigger;
    rows[at + 6] = sides.indexOf(order.side);
    rows[at + 7] = roles.indexOf(order.role);
    rows[at + 8] = types.indexOf(order.type);
    rows[at + 9] = products.indexOf(order.product);
    rows[at + 10] = validities.indexOf(order.validity);
    rows[at + 11] = this.placeOf(order.strategy);
    rows[at + 12] = this.placeOf(order.key);
  }

  private writeEvent(at: number, event: OrderEvent): void {
    const { rows } = this;
    rows[at] = 1 + events.indexOf(event.type);
    rows[at + 1] = event.id;
    rows[at + 2] = event.time;
    if (event.type === 'filled') {
      rows[at + 3] = event.quantity;
      rows[at + 4] = event.price;
      // Trade ids never repeat, so looking for a place they already have would be in vain.
      rows[at + 5] = this.words.push(event.tradeId) - 1;
    } else if (event.type === 'cancelled' || event.type === 'rejected')
      rows[at + 5] = this.placeOf(event.reason);
    else if (event.type === 'modified') rows[at + 5] = event.trigger ?? Number.NaN;
  }

  private placeOf(word: string): number {
    // Orders of one run name the same strategy and instrument again and again.
    if (word === this.lastWord) return this.lastPlace;
    if (word === this.wordBefore) return this.placeBefore;
    this.wordBefore = this.lastWord;
    this.placeBefore = this.lastPlace;
    this.lastWord = word;
    this.lastPlace = this.lookUp(word);
    return this.lastPlace;
  }

  private lookUp(word: string): number {
    let place = this.places.get(word);
    if (place === undefined) {
      place = this.words.push(word) - 1;
      this.places.set(word, place);
    }
    return place;
  }

  private entryAt(rows: Float64Array, at: number): JournalEntry {
    const { words } = this;
    if (rows[at] === 0) return { type: 'intent', order: this.intentAt(rows, at) };
    const id = rows[at + 1];
    const time = rows[at + 2];
    const type = events[rows[at] - 1];
    switch (type) {
      case 'filled':
        return {
          type: 'order',
          event: {
            type,
            id,
            time,
            quantity: rows[at + 3],
            price: rows[at + 4],
            tradeId: words[rows[at + 5]],
          },
        };
      case 'cancelled':
      case 'rejected':
        return { type: 'order', event: { type, id, time, reason: words[rows[at + 5]] } };
      case 'modified': {
        const trigger = rows[at + 5];
        return {
          type: 'order',
          event: Number.isNaN(trigger) ? { type, id, time } : { type, id, time, trigger },
        };
      }
      default:
        return { type: 'order', event: { type, id, time } };
    }
  }

  private intentAt(rows: Float64Array, at: number): OrderIntent {
    const { words } = this;
    return {
      id: rows[at + 1],
      strategy: words[rows[at + 11]],
      key: words[rows[at + 12]],
      side: sides[rows[at + 6]],
      role: roles[rows[at + 7]],
      type: types[rows[at + 8]],
      product: products[rows[at + 9]],
      validity: validities[rows[at + 10]],
      quantity: rows[at + 3],
      price: rows[at + 4],
      trigger: rows[at + 5],
      time: rows[at + 2],
    };
  }
}
