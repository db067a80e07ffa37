import { type EpochMs, isoInstant, istDayNumber, secondMs } from '../../domain/time.ts';
import type { BrokerDesk } from './broker-parts.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { type Leg, nameOf, type Ticket } from './ticket.ts';

const settleMsUsual = 120 * secondMs;
const exitTriesMsUsual = 60 * secondMs;
const againMs = secondMs;
/** A refused order is looked for once, when it has had time to appear all the same. */
const verifyAfterMs = 2 * secondMs;

/** Settles what became of the request that placed a leg, by its answer and by reading (RELIABILITY §2). Nothing is ever sent twice. */
export class LegSettling {
  readonly #desk: BrokerDesk;

  constructor(desk: BrokerDesk) {
    this.#desk = desk;
  }

  /** The request was answered, or will not be any more. */
  answered(ticket: Ticket, leg: Leg, outcome: OrderOutcome): void {
    const desk = this.#desk;
    // The book may have been quicker than the answer.
    if (leg.phase === 'placed' && outcome.kind !== 'acknowledged') return;
    switch (outcome.kind) {
      case 'acknowledged':
        this.adopt(ticket, leg, outcome.orderId);
        desk.next(ticket);
        return;
      case 'refused':
        leg.phase = 'refused';
        leg.words = outcome.message;
        leg.refusedInPassing =
          outcome.reason === 'too-many-requests' || isPassedStop(ticket, outcome.message);
        this.#record('refused', ticket, leg, { errorType: outcome.errorType, message: outcome.message });
        return;
      case 'token-dead':
        this.#giveUp(ticket, leg, 'refused');
        // An exit is as good with the next session.
        if (ticket.isEntry) desk.end(ticket, 'rejected', outcome.message);
        desk.tokenDied(outcome.message);
        return;
      case 'not-sent':
        this.#record('not_sent', ticket, leg, { why: outcome.why });
        ticket.leg = undefined;
        ticket.legs.pop();
        this.#again(ticket, `it never left: ${outcome.why}`);
        return;
      case 'unknown':
        leg.phase = 'unknown';
        this.#record('unknown', ticket, leg, { why: outcome.why });
        this.#doubt(ticket, outcome.why);
        return;
      default:
        outcome satisfies never;
    }
  }

  /** The order is known at the broker under this id. */
  adopt(ticket: Ticket, leg: Leg, orderId: string): void {
    if (leg.orderId !== undefined && leg.orderId !== orderId) {
      const why = `Two orders carry the tag ${leg.tag}: ${leg.orderId} and ${orderId}.`;
      if (!leg.rivals.has(orderId)) this.#desk.trouble('MISMATCH', why);
      leg.rivals.add(orderId);
      return;
    }
    leg.phase = 'placed';
    if (leg.orderId === undefined) {
      leg.orderId = orderId;
      this.#desk.table.know(ticket, leg);
      this.#record('ack', ticket, leg, { orderId });
    }
    ticket.stuckSince = Number.NaN;
    this.#desk.accept(ticket);
  }

  /** A whole book without the leg. Of one that was placed it says nothing: books come in part. */
  missing(ticket: Ticket, leg: Leg, startedAt: EpochMs): void {
    const { options, end } = this.#desk;
    if (leg.dayNumber < istDayNumber(options.clock.now()) && leg.phase !== 'posting')
      this.#dayOver(ticket, leg);
    else if (leg.phase === 'refused' && startedAt >= leg.answeredAt + verifyAfterMs) {
      this.#giveUp(ticket, leg, 'refused');
      if (ticket.cancelling) end(ticket, 'cancelled', leg.words);
      else if (leg.refusedInPassing) this.#again(ticket, leg.words);
      else end(ticket, 'rejected', leg.words);
    } else if (leg.phase === 'unknown' && startedAt >= leg.answeredAt) {
      leg.absence.add(startedAt);
      if (leg.absence.proves(options.settleMs ?? settleMsUsual)) this.#notPlaced(ticket, leg);
    }
  }

  /**
   * The book is of one day, and orders live as long. What protects a position that was carried over is placed again, as far as the
   * account still holds it: an order of the day before may have filled when nobody was there.
   */
  #dayOver(ticket: Ticket, leg: Leg): void {
    const { options, end, guarded, next } = this.#desk;
    this.#giveUp(ticket, leg, 'its day was over');
    if (ticket.isEntry || ticket.cancelling) {
      end(ticket, 'cancelled', 'its day was over');
      return;
    }
    const now = options.clock.now();
    const from = options.rearmFrom ? options.rearmFrom(ticket.order, ticket.left) : now;
    if (from === undefined) {
      end(ticket, 'cancelled', 'its day was over, and the account does not hold what it would close');
      return;
    }
    // The stop rests first; the price says when the target takes its place.
    ticket.pair?.foundResting('stop');
    ticket.againAt = from;
    const { order, trigger, left } = ticket;
    options.record({ t: 'rearm', id: order.id, units: left, trigger, from }, 'soon');
    if (from <= now) next(ticket);
    else options.clock.at(from, () => guarded(() => next(ticket)));
  }

  #notPlaced(ticket: Ticket, leg: Leg): void {
    const { reads } = leg.absence;
    const { record } = this.#desk.options;
    record({ t: 'not_placed', id: ticket.order.id, tag: leg.tag, reads }, 'durable');
    this.#giveUp(ticket, leg, 'never placed');
    const [first, last] = [reads[0], reads.at(-1)].map((time) => isoInstant(time ?? Number.NaN));
    const why = `never placed: ${reads.length} order books from ${first} to ${last} do not have it`;
    this.#desk.end(ticket, ticket.cancelling ? 'cancelled' : 'rejected', why);
  }

  #giveUp(ticket: Ticket, leg: Leg, why: string): void {
    this.#record('leg_over', ticket, leg, { why });
    leg.gaveUp = true;
    ticket.leg = undefined;
  }

  /** Nothing came of it, so it may go again: an exit does, for a while; an entry is thought over anew. */
  #again(ticket: Ticket, why: string): void {
    const { options, end, guarded, next } = this.#desk;
    if (ticket.cancelling) {
      end(ticket, 'cancelled', 'cancelled by us before it left');
      return;
    }
    const now = options.clock.now();
    if (Number.isNaN(ticket.stuckSince)) ticket.stuckSince = now;
    if (ticket.isEntry || now - ticket.stuckSince >= (options.exitTriesMs ?? exitTriesMsUsual)) {
      end(ticket, 'rejected', why);
      return;
    }
    ticket.againAt = now + againMs;
    options.clock.at(ticket.againAt, () => guarded(() => next(ticket)));
  }

  #doubt(ticket: Ticket, why: string): void {
    const { tell, options, trouble } = this.#desk;
    // It has been told as placed when only a later leg of it is in doubt.
    if (!ticket.doubtful && !ticket.accepted && !ticket.ended) {
      ticket.doubtful = true;
      tell({ type: 'unknown', id: ticket.order.id, time: options.clock.now() });
    }
    if (!ticket.isEntry)
      trouble('EXIT_UNKNOWN', `Nobody knows whether ${nameOf(ticket)} was placed: ${why}.`);
  }

  #record(t: string, { order }: Ticket, { tag }: Leg, more: Readonly<Record<string, unknown>>): void {
    this.#desk.options.record({ t, id: order.id, tag, ...more }, 'soon');
  }
}

/** The price has passed the trigger while the stop was on its way: the next one leaves at market. */
function isPassedStop({ order }: Ticket, words: string): boolean {
  return order.role === 'stop' && /trigger/i.test(words);
}
