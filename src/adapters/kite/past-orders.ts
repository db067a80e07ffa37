import { assert } from '../../domain/errors.ts';
import type { OrderEvent, OrderId, OrderIntent } from '../../domain/order.ts';
import type { BrokerRecord } from './broker-parts.ts';
import { movedTo } from './exit-chase.ts';
import type { OrderTerms } from './order-form.ts';
import { Leg, Ticket } from './ticket.ts';

/** What a stream's journal knows of orders. */
export interface PastOrders {
  /** Of the newest session, by their id. */
  readonly tickets: ReadonlyMap<OrderId, Ticket>;
  /** Tags of the sessions before. */
  readonly formerTags: ReadonlySet<string>;
}

/**
 * The orders of a stream as its journal tells of them: intents, what the engine was told, what was sent and what became of it.
 * A leg whose answer is not recorded may or may not have been placed.
 */
export function pastOrders(records: readonly BrokerRecord[]): PastOrders {
  const tickets = new Map<OrderId, Ticket>();
  const formerTags = new Set<string>();
  for (const record of records) {
    if (record.t === 'session') {
      // A session counts its orders from 1 again.
      for (const { legs } of tickets.values()) for (const { tag } of legs) formerTags.add(tag);
      tickets.clear();
    } else if (record.t === 'intent') {
      const order = intentOf(record.order);
      tickets.set(order.id, new Ticket(order));
    } else if (record.t === 'order') told(tickets, eventOf(record.event));
    else legTold(tickets, record);
  }
  return { tickets, formerTags };
}

function told(tickets: ReadonlyMap<number, Ticket>, event: OrderEvent): void {
  const ticket = tickets.get(event.id);
  assert(ticket !== undefined, 'a journal tells of an order before it tells what happened to it');
  switch (event.type) {
    case 'accepted':
      ticket.accepted = true;
      return;
    case 'filled':
      ticket.filled += event.quantity;
      ticket.tradeIds.add(String(event.tradeId));
      ticket.accepted = true;
      return;
    case 'cancelled':
    case 'rejected':
      ticket.ended = true;
      return;
    case 'unknown':
      ticket.doubtful = true;
      return;
    case 'modified':
      return;
    default:
      event satisfies never;
  }
}

function legTold(tickets: ReadonlyMap<number, Ticket>, record: BrokerRecord): void {
  const ticket = tickets.get(Number(record.id));
  if (ticket === undefined) return;
  if (record.t === 'sent') {
    ticket.leg = new Leg({
      number: Number(record.number),
      tag: String(record.tag),
      dayNumber: Number(record.day),
      terms: termsOf(record.terms),
    });
    // Whether it left, and what was answered, died with the process.
    ticket.leg.phase = 'unknown';
    ticket.legs[ticket.leg.number] = ticket.leg;
    return;
  }
  const { leg } = ticket;
  if (leg === undefined || leg.tag !== record.tag) return;
  if (record.t === 'ack') {
    leg.orderId = String(record.orderId);
    leg.phase = 'placed';
  } else if (record.t === 'change') leg.modifications += 1;
  else if (record.t === 'chase') {
    leg.modifications += 1;
    leg.chases += 1;
    movedTo(ticket, Number(record.price));
  } else if (record.t === 'cancel') leg.withdrawing ||= record.withdrawing === true;
  else if (record.t === 'leg_over') ticket.leg = undefined;
  else if (record.t === 'not_sent') {
    ticket.leg = undefined;
    ticket.legs.pop();
  }
}

/** The journal's own records: JSON has no NaN, so what does not apply is null there; older ones do not know `decided`. */
function intentOf(order: unknown): OrderIntent {
  const { price, trigger, decided, ...rest } = Object(order);
  return {
    ...rest,
    price: price ?? Number.NaN,
    trigger: trigger ?? Number.NaN,
    decided: decided ?? Number.NaN,
  } as OrderIntent;
}

function eventOf(event: unknown): OrderEvent {
  return event as OrderEvent;
}

function termsOf(terms: unknown): OrderTerms {
  const { quantity, price, trigger } = Object(terms);
  return { quantity: Number(quantity), price: price ?? Number.NaN, trigger: trigger ?? Number.NaN };
}
