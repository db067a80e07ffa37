import type { InstrumentKey } from '../domain/instrument.ts';
import type { OrderId } from '../domain/order.ts';
import type { EpochMs } from '../domain/time.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';
import type { Protection } from '../research/picture.ts';

/** A protective order's price for as long as it stood, with whose it was. */
export interface ProtectionLevel extends Protection {
  readonly key: InstrumentKey;
  readonly strategy: string;
}

interface Standing {
  readonly key: InstrumentKey;
  readonly strategy: string;
  readonly role: 'stop' | 'target';
  from: EpochMs;
  price: number;
}

/** Stops and targets as they stood, read back from the journal in the order in which they ended. A moved stop is several levels. */
export function protectionLevels(entries: readonly JournalEntry[]): readonly ProtectionLevel[] {
  const standing = new Map<OrderId, Standing>();
  const levels: ProtectionLevel[] = [];
  const end = (order: Standing, to: EpochMs) => {
    if (to > order.from) levels.push({ ...order, to });
  };
  for (const entry of entries) {
    if (entry.type === 'intent') {
      const { id, key, strategy, role, trigger, price, time } = entry.order;
      if (role === 'stop' || role === 'target')
        standing.set(id, { key, strategy, role, from: time, price: role === 'stop' ? trigger : price });
      continue;
    }
    const { event } = entry;
    const order = standing.get(event.id);
    if (order === undefined) continue;
    if (event.type === 'modified' && event.trigger !== undefined) {
      end(order, event.time);
      order.from = Math.max(order.from, event.time);
      order.price = event.trigger;
    } else if (event.type === 'filled' || event.type === 'cancelled' || event.type === 'rejected') {
      end(order, event.time);
      standing.delete(event.id);
    }
  }
  return levels;
}
