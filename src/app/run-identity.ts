import { createHash } from 'node:crypto';
import type { ClosedTrade } from '../domain/run-result.ts';
import type { JournalEntry } from '../engine/journal-entry.ts';

/** SHA-256 in hex of text parts, each on a line of its own. */
export function hashOf(parts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex');
}

/** What came out: every order, every fill and every trade's money. Two runs with one result hash did the same, to the paisa. */
export function resultHash(entries: readonly JournalEntry[], trades: readonly ClosedTrade[]): string {
  const lines: string[] = [];
  for (const entry of entries) {
    if (entry.type === 'intent') {
      const { id, strategy, key, side, role, type, product, quantity, price, trigger, time } = entry.order;
      lines.push(
        `${id} ${strategy} ${key} ${side} ${role} ${type} ${product} ${quantity} ${price} ${trigger} ${time}`,
      );
    } else if (entry.event.type === 'filled') {
      const { id, quantity, price, time } = entry.event;
      lines.push(`${id} ${quantity} ${price} ${time}`);
    }
  }
  for (const { id, grossPaise, chargesPaise, exitReason } of trades)
    lines.push(`${id} ${grossPaise} ${chargesPaise} ${exitReason}`);
  return hashOf([lines.join('\n')]);
}
