import { protectedPrice, protectionPercent } from '../../domain/market-protection.ts';
import type { FormRules } from './order-form.ts';
import type { Leg, Ticket } from './ticket.ts';

/** How often one order is moved after the market; with its other changes it stays below the 25 that Kite takes. */
export const chasesMax = 8;

/**
 * Where to move an exit at market that rests in the book, since the market has gone past its protected price: as far beyond the newest
 * price as a fresh order at market would go. Undefined while there is nothing to move, or no newest price.
 */
export function chasePrice(ticket: Ticket, leg: Leg, rules: FormRules): number | undefined {
  const { side, key } = ticket.order;
  const last = rules.lastPrice(key);
  if (last === undefined || !rests(ticket, leg) || !runAway(side === 'BUY' ? 1 : -1, leg, last))
    return undefined;
  const percent = protectionPercent(rules.instrument(key), last, rules.marketProtection);
  const tick = rules.tick(key, last) || 0.01;
  return protectedPrice(side, last, percent, { tick, lower: 0, upper: 0 });
}

/** An exit that is to be over at any price stands in the book. A stop that waits for its trigger does not, nor does a limit that was chosen. */
export function rests({ isEntry, order }: Ticket, { status }: Leg): boolean {
  return !isEntry && order.role !== 'target' && order.type !== 'LIMIT' && status === 'OPEN';
}

function runAway(direction: 1 | -1, { shownPrice }: Leg, last: number): boolean {
  return (last - shownPrice) * direction > 0;
}

/** The limit of a stop is then where it was moved to, or it would be asked back. */
export function movedTo(ticket: Ticket, price: number): void {
  if (!Number.isNaN(ticket.price)) ticket.price = price;
}
