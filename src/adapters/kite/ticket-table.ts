import { assert } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import { secondMs } from '../../domain/time.ts';
import { rests } from './exit-chase.ts';
import { tagsOf } from './leg-rows.ts';
import type { KiteOrder } from './schemas.ts';
import type { Leg, Ticket } from './ticket.ts';

/** Between reads of the order book: when something is in doubt or about to end, when orders stand, and when none do. */
const doubtMs = 1_500;
const openMs = 5 * secondMs;
const idleMs = 30 * secondMs;

export interface Owned {
  readonly ticket: Ticket;
  readonly leg: Leg;
}

/** Every order of the session, and whose a tag or an order id of the broker's is, also after the order has ended. */
export class TicketTable {
  readonly #tickets = new Map<OrderId, Ticket>();
  readonly #open = new Set<Ticket>();
  readonly #byTag = new Map<string, Owned>();
  readonly #byOrderId = new Map<string, Owned>();

  /** An order with the legs that it has had so far. */
  add(ticket: Ticket): void {
    this.#tickets.set(ticket.order.id, ticket);
    for (const leg of ticket.legs) this.know(ticket, leg);
    if (!ticket.ended && ticket.left > 0) this.#open.add(ticket);
  }

  know(ticket: Ticket, leg: Leg): void {
    this.#byTag.set(leg.tag, { ticket, leg });
    if (leg.orderId !== undefined) this.#byOrderId.set(leg.orderId, { ticket, leg });
  }

  get(id: OrderId): Ticket {
    const ticket = this.#tickets.get(id);
    assert(ticket !== undefined, 'an order is sent before it is changed or cancelled');
    return ticket;
  }

  isOpen(ticket: Ticket): boolean {
    return this.#open.has(ticket);
  }

  close(ticket: Ticket): void {
    ticket.ended = true;
    this.#open.delete(ticket);
  }

  /** Orders that have not ended; what is done with them may end some. */
  get open(): readonly Ticket[] {
    return [...this.#open];
  }

  byOrderId(orderId: string): Owned | undefined {
    return this.#byOrderId.get(orderId);
  }

  whose(row: KiteOrder): Owned | undefined {
    const known = this.#byOrderId.get(row.order_id);
    if (known) return known;
    for (const tag of tagsOf(row)) {
      const ours = this.#byTag.get(tag);
      if (ours) return ours;
    }
    return undefined;
  }

  /** Some order has fills that no trade has told of yet. */
  get isOwed(): boolean {
    for (const { leg } of this.#byTag.values()) if (leg.filledSeen > leg.filledTold) return true;
    return false;
  }

  /** How long until the book is worth reading again. */
  get intervalMs(): number {
    let interval = idleMs;
    for (const ticket of this.#open) {
      const { leg } = ticket;
      interval = Math.min(interval, openMs);
      if (leg !== undefined && (inDoubt(leg) || rests(ticket, leg))) interval = doubtMs;
    }
    return interval;
  }

  get standing(): { readonly open: number; readonly unknown: number; readonly moving: boolean } {
    let unknown = 0;
    let moving = false;
    for (const ticket of this.#open) {
      const { leg, order, pair } = ticket;
      if (leg?.phase === 'unknown') unknown += 1;
      // The target of a pair is kept here while its stop rests.
      if (leg === undefined) moving ||= pair?.waits !== ticket;
      else if (!leg.lapsed) moving ||= inDoubt(leg) || order.type === 'MARKET' || rests(ticket, leg);
    }
    return { open: this.#open.size, unknown, moving };
  }
}

function inDoubt({ phase, terminal, cancelTries, filledSeen, filledTold }: Leg): boolean {
  return phase !== 'placed' || terminal !== undefined || cancelTries > 0 || filledSeen > filledTold;
}
