import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { entryOf } from '../adapters/journal/session-journal.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import type { OrderId, OrderIntent, Product } from '../domain/order.ts';

/** What a stream's journal says is held. Units, negative for short. */
export interface JournalPosition {
  readonly key: InstrumentKey;
  readonly product: Product;
  readonly quantity: number;
}

export interface JournalView {
  /** Everything that was ever traded, also what is flat again. */
  readonly positions: readonly JournalPosition[];
  /** Orders that were sent and have not ended, as far as the journal knows. */
  readonly open: number;
  /** Tags under which orders may have left. */
  readonly tags: ReadonlySet<string>;
}

/** Adds up the fills of all sessions of a stream. */
export function journalView(records: readonly JournalRecord[]): JournalView {
  const held = new Map<string, JournalPosition>();
  const tags = new Set<string>();
  const orders = new Map<OrderId, OrderIntent>();
  const left = new Map<OrderId, number>();
  let open = 0;
  for (const record of records) {
    if (record.t === 'sent') tags.add(String(record.tag));
    if (record.t === 'session') {
      // A session counts its orders from 1 again.
      open += left.size;
      orders.clear();
      left.clear();
    }
    const entry = entryOf(record);
    if (entry?.type === 'intent') {
      orders.set(entry.order.id, entry.order);
      left.set(entry.order.id, entry.order.quantity);
    }
    if (entry?.type !== 'order') continue;
    const { event } = entry;
    if (event.type === 'cancelled' || event.type === 'rejected') left.delete(event.id);
    const order = orders.get(event.id);
    if (event.type !== 'filled' || order === undefined) continue;
    const rest = (left.get(event.id) ?? 0) - event.quantity;
    if (rest > 0) left.set(event.id, rest);
    else left.delete(event.id);
    const { key, product, side } = order;
    const name = `${key} ${product}`;
    const before = held.get(name)?.quantity ?? 0;
    held.set(name, { key, product, quantity: before + (side === 'BUY' ? event.quantity : -event.quantity) });
  }
  return { positions: [...held.values()], open: open + left.size, tags };
}
