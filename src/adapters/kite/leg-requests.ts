import { messageOf } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/order.ts';
import { istDayNumber, secondMs } from '../../domain/time.ts';
import type { KiteBrokerOptions, KiteOrders } from './broker-parts.ts';
import { movedTo } from './exit-chase.ts';
import { changeForm, placeForm } from './order-form.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { streamCode, writeTag } from './order-tag.ts';
import { Leg, sameTerms, type Ticket } from './ticket.ts';

/** A change or cancel that had no effect is not repeated at once: the book may only be behind. */
const afterAnswerMs = 5 * secondMs;
const afterFailureMs = 2 * secondMs;
export const cancelTriesMax = 20;

type Parts = Pick<KiteBrokerOptions, 'clock' | 'rules' | 'record' | 'stream' | 'nonce' | 'withheld'>;

/**
 * Sends what one leg needs. Each request is durable in the journal before it can leave, is sent once, and whatever its answer the truth
 * is then read from the book.
 */
export class LegRequests {
  kite: KiteOrders;
  readonly #parts: Parts;
  readonly #stream: string;
  readonly #placed: (ticket: Ticket, leg: Leg, outcome: OrderOutcome) => void;
  readonly #answered: (ticket: Ticket, leg: Leg, outcome: OrderOutcome) => void;
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    kite: KiteOrders,
    parts: Parts,
    ears: {
      placed(ticket: Ticket, leg: Leg, outcome: OrderOutcome): void;
      answered(ticket: Ticket, leg: Leg, outcome: OrderOutcome): void;
    },
  ) {
    this.kite = kite;
    this.#parts = parts;
    this.#stream = streamCode(parts.stream);
    this.#placed = ears.placed;
    this.#answered = ears.answered;
  }

  /** Resolves when every request that is on its way has been answered, or has run out of time. */
  async quiet(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Sends the ticket's next leg. */
  place(ticket: Ticket): Leg {
    const { clock, rules, nonce } = this.#parts;
    const { order } = ticket;
    const number = ticket.legs.length;
    const dayNumber = istDayNumber(clock.now());
    const tag = writeTag({ stream: this.#stream, dayNumber, id: order.id, leg: number, nonce });
    const leg = new Leg({ number, tag, dayNumber, terms: ticket.termsOf() });
    const form = placeForm(order, leg.terms, tag, rules);
    this.#record('sent', order.id, leg, { number, day: dayNumber, terms: leg.terms });
    ticket.legs.push(leg);
    ticket.leg = leg;
    const options = { exit: !ticket.isEntry, withheld: () => this.#whyNot(ticket) };
    this.#follow(this.kite.placeOrder('regular', form, options), (outcome) => {
      leg.answeredAt = clock.now();
      this.#placed(ticket, leg, outcome);
    });
    return leg;
  }

  /** What has changed our mind while the request waited for its turn. */
  #whyNot(ticket: Ticket): string | undefined {
    if (ticket.cancelling) return 'cancelled by us';
    return ticket.isEntry ? this.#parts.withheld() : undefined;
  }

  /** Asks for what the ticket now wants of its leg. */
  change(ticket: Ticket, leg: Leg, orderId: string): void {
    const terms = ticket.termsOf(leg);
    const form = changeForm(ticket.order, terms, leg.terms, this.#parts.rules);
    this.#record('change', ticket.order.id, leg, { terms });
    leg.modifications += 1;
    this.#ask(ticket, leg, this.kite.modifyOrder('regular', orderId, form), (outcome) => {
      if (outcome.kind === 'acknowledged') leg.terms = terms;
      // Kite's own words say that these terms cannot be; other failures may pass.
      if (outcome.kind === 'refused' && outcome.reason === 'refused') leg.refusedTerms = terms;
    });
  }

  /** Moves an exit at market that rests to where the market has gone. */
  chase(ticket: Ticket, leg: Leg, orderId: string, price: number): void {
    leg.modifications += 1;
    leg.chases += 1;
    const last = this.#parts.rules.lastPrice(ticket.key) ?? null;
    this.#record('chase', ticket.order.id, leg, { step: leg.chases, from: leg.shownPrice, price, last });
    movedTo(ticket, price);
    this.#ask(
      ticket,
      leg,
      this.kite.modifyOrder('regular', orderId, { order_type: 'LIMIT', price }),
      (outcome) => {
        if (outcome.kind === 'acknowledged' && !Number.isNaN(leg.terms.price))
          leg.terms = { ...leg.terms, price };
      },
    );
  }

  cancel(ticket: Ticket, leg: Leg, orderId: string): void {
    this.#record('cancel', ticket.order.id, leg, { withdrawing: leg.withdrawing && !ticket.cancelling });
    leg.cancelTries += 1;
    this.#ask(ticket, leg, this.kite.cancelOrder('regular', orderId));
  }

  #ask(
    ticket: Ticket,
    leg: Leg,
    request: Promise<OrderOutcome>,
    settle: (outcome: OrderOutcome) => void = () => undefined,
  ): void {
    const { clock, record } = this.#parts;
    leg.busy = true;
    this.#follow(request, (outcome) => {
      leg.busy = false;
      leg.askedUntil = clock.now();
      leg.retryAt = leg.askedUntil + (outcome.kind === 'acknowledged' ? afterAnswerMs : afterFailureMs);
      settle(outcome);
      if (outcome.kind !== 'acknowledged')
        record({ t: 'request_failed', id: ticket.order.id, tag: leg.tag, outcome }, 'soon');
      this.#answered(ticket, leg, outcome);
    });
  }

  #follow(request: Promise<OrderOutcome>, then: (outcome: OrderOutcome) => void): void {
    const followed = request
      // A fault of the client itself says nothing of the order either.
      .catch((error: unknown): OrderOutcome => ({ kind: 'unknown', why: messageOf(error) }))
      .then(then)
      .finally(() => this.#underWay.delete(followed));
    this.#underWay.add(followed);
  }

  #record(t: string, id: OrderId, { tag }: Leg, more: Readonly<Record<string, unknown>>): void {
    this.#parts.record({ t, id, tag, time: this.#parts.clock.now(), ...more }, 'durable');
  }
}

/** Whether a leg asks for something else than the ticket wants, that Kite has not refused yet. */
export function differs(ticket: Ticket, leg: Leg): boolean {
  const terms = ticket.termsOf(leg);
  if (sameTerms(terms, leg.terms)) return false;
  return leg.refusedTerms === undefined || !sameTerms(terms, leg.refusedTerms);
}
