import { assert } from '../../domain/errors.ts';
import type { OrderEvent, OrderIntent } from '../../domain/order.ts';
import {
  exitReasons,
  type OrderRole,
  orderTypes,
  type Product,
  type Side,
  type Validity,
} from '../../domain/order.ts';
import type { JournalEntry } from '../../engine/journal-entry.ts';
import type { Journal } from '../../engine/ports.ts';

const sides: readonly Side[] = ['BUY', 'SELL'];
const roles: readonly OrderRole[] = ['entry', ...exitReasons];
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

/**
 * Numbers of one record: what it is, order id, time, quantity, price, trigger (of a fill its trade id, of other events the place
 * of their reason or a trigger), and of an intent the places of its strategy and instrument and where the market stood.
 */
const width = 8;
/** Added to what an intent is, in bits; events are 1 + the place in `events`. */
const intentFlag = 1_024;
/** Two places in one number. */
const secondPlace = 2 ** 24;
/** Numbers of one piece of memory. The first is small, for runs that do little. */
const firstLength = width * 256;
const pieceLength = width * 4_096;

/**
 * A journal that lives as long as the run. Entries are kept as rows of numbers, since thousands of objects that live to the
 * end of a run cost more in garbage collection than the run itself; `entries` makes them readable again.
 */
export class MemoryJournal implements Journal {
  /** Memory by the piece: a list that doubled would copy everything again and again, and leave as much behind for the collector. */
  private readonly pieces: Float64Array[] = [];
  private rows = new Float64Array(0);
  /** Place of the next record in the newest piece. */
  private next = 0;
  private readonly words: string[] = [];
  private readonly places = new Map<string, number>();
  private lastWord: string | undefined = undefined;
  private lastPlace = -1;
  private wordBefore: string | undefined = undefined;
  private placeBefore = -1;
  private read: JournalEntry[] | undefined = undefined;

  append(entry: JournalEntry): void {
    if (this.next === this.rows.length) this.grow();
    const at = this.next;
    this.next += width;
    this.read = undefined;
    if (entry.type === 'intent') this.writeIntent(at, entry.order);
    else this.writeEvent(at, entry.event);
  }

  /** Everything appended so far, in order. */
  get entries(): readonly JournalEntry[] {
    this.read ??= this.pieces.flatMap((rows) => {
      const end = rows === this.rows ? this.next : rows.length;
      return Array.from({ length: end / width }, (_, row) => this.entryAt(rows, row * width));
    });
    return this.read;
  }

  private grow(): void {
    this.rows = new Float64Array(this.pieces.length === 0 ? firstLength : pieceLength);
    this.pieces.push(this.rows);
    this.next = 0;
  }

  private writeIntent(at: number, order: OrderIntent): void {
    const { rows } = this;
    rows[at] =
      intentFlag |
      placeIn(sides, order.side) |
      (placeIn(validities, order.validity) << 1) |
      (placeIn(orderTypes, order.type) << 2) |
      (placeIn(products, order.product) << 4) |
      (placeIn(roles, order.role) << 6);
    rows[at + 1] = order.id;
    rows[at + 2] = order.time;
    rows[at + 3] = order.quantity;
    rows[at + 4] = order.price;
    rows[at + 5] = order.trigger;
    rows[at + 6] = this.placeOf(order.strategy) * secondPlace + this.placeOf(order.key);
    rows[at + 7] = order.decided;
  }

  private writeEvent(at: number, event: OrderEvent): void {
    const { rows } = this;
    rows[at] = 1 + placeIn(events, event.type);
    rows[at + 1] = event.id;
    rows[at + 2] = event.time;
    if (event.type === 'filled') {
      rows[at + 3] = event.quantity;
      rows[at + 4] = event.price;
      // Names of trades never repeat, so looking for a place they already have would be in vain.
      rows[at + 5] = typeof event.tradeId === 'number' ? event.tradeId : -this.words.push(event.tradeId);
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
    if (rows[at] >= intentFlag) return { type: 'intent', order: this.intentAt(rows, at) };
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
            tradeId: rows[at + 5] < 0 ? words[-1 - rows[at + 5]] : rows[at + 5],
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
    const what = rows[at];
    const names = rows[at + 6];
    return {
      id: rows[at + 1],
      strategy: words[Math.floor(names / secondPlace)],
      key: words[names % secondPlace],
      side: sides[what & 1],
      role: roles[(what >> 6) & 15],
      type: orderTypes[(what >> 2) & 3],
      product: products[(what >> 4) & 3],
      validity: validities[(what >> 1) & 1],
      quantity: rows[at + 3],
      price: rows[at + 4],
      trigger: rows[at + 5],
      time: rows[at + 2],
      decided: rows[at + 7],
    };
  }
}

function placeIn<Word extends string>(words: readonly Word[], word: Word): number {
  let place = words.length - 1;
  while (place >= 0 && words[place] !== word) place--;
  assert(place >= 0, 'a journal knows the words of its entries');
  return place;
}
