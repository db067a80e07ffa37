import { assert } from '../../domain/errors.ts';
import type { InstrumentKey } from '../../domain/instrument.ts';
import type { ApprovedOrder, OrderChange, OrderEvent, OrderId } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Broker, OrderListener } from '../../engine/ports.ts';
import { BookReading } from './book-reading.ts';
import type { BrokerDesk, KiteBrokerOptions, KiteOrders } from './broker-parts.ts';
import { chasePrice, chasesMax } from './exit-chase.ts';
import { ExitRoom } from './exit-room.ts';
import { cancelTriesMax, differs, LegRequests } from './leg-requests.ts';
import { LegSettling } from './leg-settling.ts';
import type { OrderOutcome } from './order-outcome.ts';
import { legsMax } from './order-tag.ts';
import { OrderWatch } from './order-watch.ts';
import { pastOrders } from './past-orders.ts';
import type { KiteTrade } from './schemas.ts';
import { type Leg, nameOf, Ticket } from './ticket.ts';
import { TicketTable } from './ticket-table.ts';

/** Kite lets an order be changed 25 times; the rest is for getting out by hand. */
const modificationsMax = 20;
/** Legs up to which a fresh one takes the place of one that was changed too often; an order's tag has room for a few more. */
const replacedLegsMax = legsMax - 4;

/**
 * Kite as a broker. Orders leave at once and are sent once; whatever the answer, what becomes of them is read from the order book
 * and from trades. A request without an answer is looked up by its tag until it is found or provably was never placed.
 */
export class KiteBroker implements Broker {
  readonly #options: KiteBrokerOptions;
  readonly #table = new TicketTable();
  readonly #exits = new ExitRoom();
  readonly #past: ReadonlyMap<OrderId, Ticket>;
  readonly #requests: LegRequests;
  readonly #settling: LegSettling;
  readonly #watch: OrderWatch;
  #listener: OrderListener | undefined;
  /** Until `start` the engine only retraces what its journal says. */
  #muted = true;
  #tokenDead = false;

  constructor(options: KiteBrokerOptions) {
    this.#options = options;
    const { tickets, formerTags } = pastOrders(options.past ?? []);
    this.#past = tickets;
    const desk = this.#desk();
    this.#settling = new LegSettling(desk);
    this.#requests = new LegRequests(options.kite, options, {
      placed: (ticket, leg, outcome) =>
        this.#guarded(() => {
          this.#settling.answered(ticket, leg, outcome);
          this.#watch.soon();
        }),
      answered: (ticket, leg, outcome) => this.#guarded(() => this.#answered(ticket, leg, outcome)),
    });
    const reading = new BookReading(desk, formerTags, {
      found: (ticket, leg, orderId) => this.#settling.adopt(ticket, leg, orderId),
      missing: (ticket, leg, startedAt) => this.#settling.missing(ticket, leg, startedAt),
      late: (ticket, leg) => this.#late(ticket, leg),
      filled: (ticket, quantity, trade) => this.#filled(ticket, quantity, trade),
      read: (ticket) => {
        this.#finish(ticket);
        this.#next(ticket);
      },
    });
    this.#watch = new OrderWatch({
      clock: options.clock,
      read: () => reading.read(this.#requests.kite),
      intervalMs: () => this.#table.intervalMs,
    });
  }

  connect(listener: OrderListener): void {
    this.#listener = listener;
  }

  /**
   * Begins to send and to tell. Before it, a session that goes on has shown the engine what its journal holds; orders that were under
   * way are looked up, and what happened to them meanwhile is told. Resolves when the book has been read once.
   */
  async start(): Promise<void> {
    assert(this.#listener !== undefined, 'a broker is connected before it trades');
    this.#muted = false;
    this.#guarded(() => {
      for (const ticket of this.#table.open) this.#resume(ticket);
    });
    await this.#watch.start();
  }

  /** Reads and sends nothing more; what stands at the broker stays there. Resolves when what had left has been answered. */
  async stop(): Promise<void> {
    this.#watch.stop();
    this.#muted = true;
    await this.#requests.quiet();
  }

  /** Goes on with another session, after the one before has died. Resolves as `start` does. */
  async renewed(kite: KiteOrders): Promise<void> {
    this.#requests.kite = kite;
    this.#tokenDead = false;
    this.#guarded(() => {
      for (const ticket of this.#table.open) this.#next(ticket);
    });
    await this.#watch.start();
  }

  /** An order frame came, or the stream of them came back: a hint that the book is worth reading. */
  hint(): void {
    this.#watch.soon();
  }

  /**
   * Orders that have not ended, those of them of which nobody knows whether they were placed, and whether any is on its way: not yet in
   * the book, or at market and not yet filled.
   */
  get standing(): TicketTable['standing'] {
    return this.#table.standing;
  }

  submit(order: ApprovedOrder): void {
    const ticket = (this.#muted ? this.#past.get(order.id) : undefined) ?? new Ticket(order);
    this.#table.add(ticket);
    // What has ended since may have held others back when it was sent.
    this.#exits.submitted(ticket);
    if (!this.#table.isOpen(ticket)) return;
    this.#next(ticket);
    if (!this.#muted) this.#watch.sooner();
  }

  modify(id: OrderId, { quantity, price, trigger }: OrderChange): void {
    const ticket = this.#table.get(id);
    if (ticket.ended) return;
    if (quantity !== undefined) ticket.quantity = quantity;
    if (price !== undefined) ticket.price = price;
    if (trigger !== undefined) ticket.trigger = trigger;
    // An earlier process was told that it filled, once it had been made this small.
    if (this.#muted && ticket.left <= 0) {
      this.#table.close(ticket);
      this.#release(ticket);
      return;
    }
    // What is only kept here changes here; what stands at the broker is told of when the broker has said so.
    if (ticket.leg === undefined) this.#later(() => this.#tellChanged(ticket, trigger));
    this.#next(ticket);
  }

  cancel(id: OrderId): void {
    const ticket = this.#table.get(id);
    if (ticket.cancelling || (ticket.ended && !this.#muted)) return;
    ticket.cancelling = true;
    this.#exits.cancelling(ticket);
    this.#next(ticket);
  }

  /**
   * What a journal says the engine was told, before the engine is told it again: exits that waited for the end of another went by it, and
   * what it filled meanwhile is none of theirs.
   */
  retold(event: OrderEvent): void {
    const ticket = this.#table.get(event.id);
    if (event.type === 'filled') {
      ticket.retold += event.quantity;
      this.#exits.filled(ticket, event.quantity);
    }
    const over = event.type === 'cancelled' || event.type === 'rejected';
    if (over || (ticket.left <= 0 && ticket.retold === ticket.filled)) this.#exits.ended(ticket);
  }

  /** The newest price of an instrument, rupees: makes a target take the place of its stop, and back. */
  touch(key: InstrumentKey, price: number): void {
    if (this.#muted) return;
    for (const { stop, target, waits } of this.#exits.touched(key, price)) {
      const resting = waits === stop ? 'target' : 'stop';
      this.#options.record({ t: 'swap', id: target.order.id, resting, price }, 'soon');
      this.#next(stop);
      this.#next(target);
    }
  }

  #next(ticket: Ticket): void {
    if (this.#muted || this.#tokenDead || ticket.ended) return;
    const { leg } = ticket;
    if (leg === undefined) this.#placeOrWait(ticket);
    else if (leg.phase === 'placed' && leg.orderId !== undefined) this.#tend(ticket, leg, leg.orderId);
  }

  #placeOrWait(ticket: Ticket): void {
    if (ticket.cancelling) {
      this.#later(() => this.#end(ticket, 'cancelled', 'cancelled by us before it left'));
      return;
    }
    if (ticket.claim !== undefined || ticket.pair?.holds(ticket)) return;
    if (ticket.left <= 0) {
      this.#later(() => this.#end(ticket, 'cancelled', 'what it was to close is closed'));
      return;
    }
    if (this.#now() < ticket.againAt) return;
    this.#table.know(ticket, this.#requests.place(ticket));
  }

  /** A leg in the book: taken out, changed, or left alone. */
  #tend(ticket: Ticket, leg: Leg, orderId: string): void {
    if (leg.terminal !== undefined || leg.busy) return;
    if (ticket.pair?.waits === ticket) leg.withdrawing = true;
    const leaves = ticket.cancelling || leg.withdrawing;
    if (this.#now() < leg.retryAt && !(leaves && leg.cancelTries === 0)) return;
    if (leaves) this.#takeOut(ticket, leg, orderId);
    else if (differs(ticket, leg)) this.#change(ticket, leg, orderId);
    else this.#chase(ticket, leg, orderId);
  }

  #takeOut(ticket: Ticket, leg: Leg, orderId: string): void {
    if (leg.cancelTries === cancelTriesMax) {
      const why = `${nameOf(ticket)} does not end although its cancel was asked for ${cancelTriesMax} times.`;
      this.#trouble('STUCK', why);
    }
    this.#requests.cancel(ticket, leg, orderId);
  }

  /** Rather than stand still for the rest of the day, an order that was changed too often is cancelled, and a fresh leg takes its place. */
  #change(ticket: Ticket, leg: Leg, orderId: string): void {
    if (leg.modifications < modificationsMax) this.#requests.change(ticket, leg, orderId);
    else if (ticket.legs.length < replacedLegsMax) {
      this.#options.record({ t: 'modifications_spent', id: ticket.order.id, tag: leg.tag }, 'soon');
      leg.withdrawing = true;
      this.#requests.cancel(ticket, leg, orderId);
    }
  }

  /** An exit at market has to get out; one that has been moved as often as may be is left to a person. */
  #chase(ticket: Ticket, leg: Leg, orderId: string): void {
    const { rules } = this.#options;
    const price = chasePrice(ticket, leg, rules);
    if (price === undefined || leg.chases > chasesMax) return;
    if (leg.chases < chasesMax && leg.modifications < modificationsMax) {
      this.#requests.chase(ticket, leg, orderId, price);
      return;
    }
    leg.chases = chasesMax + 1;
    this.#trouble(
      'UNPROTECTED',
      `${nameOf(ticket)} rests at ${leg.shownPrice} although it was moved ${chasesMax} times; the last price is ${rules.lastPrice(ticket.key)}.`,
    );
  }

  /** A change or cancel was answered, or will not be any more. */
  #answered(ticket: Ticket, leg: Leg, outcome: OrderOutcome): void {
    if (outcome.kind === 'token-dead') {
      this.#tokenDied(outcome.message);
      return;
    }
    const changed = outcome.kind === 'acknowledged' && !ticket.cancelling && !leg.withdrawing;
    if (changed) this.#tellChanged(ticket, leg.terms.trigger);
    this.#watch.soon();
    this.#next(ticket);
  }

  /** What was settled as never placed may not live, and what it has filled is nobody's. */
  #late(ticket: Ticket, leg: Leg): void {
    if (leg.cancelTries > 0 || leg.orderId === undefined) return;
    this.#trouble(
      'MISMATCH',
      `${nameOf(ticket)} was settled as never placed and is in the book as ${leg.orderId}.`,
    );
    if (leg.terminal === undefined) this.#requests.cancel(ticket, leg, leg.orderId);
    else leg.cancelTries += 1;
  }

  #filled(ticket: Ticket, quantity: number, trade: KiteTrade): void {
    this.#accept(ticket);
    ticket.filled += quantity;
    this.#exits.filled(ticket, quantity);
    const complete = ticket.filled === ticket.quantity;
    if (complete) this.#table.close(ticket);
    this.#tell({
      type: 'filled',
      id: ticket.order.id,
      time: trade.fill_timestamp ?? trade.exchange_timestamp ?? this.#now(),
      quantity,
      price: trade.average_price,
      tradeId: trade.trade_id,
    });
    if (complete) this.#release(ticket);
  }

  /** Acts on the end of a leg, once every fill of it has been told. */
  #finish(ticket: Ticket): void {
    const { leg } = ticket;
    if (leg === undefined || !leg.isOver || ticket.ended || this.#waitsForTomorrow(ticket, leg)) return;
    this.#options.record({ t: 'leg_over', id: ticket.order.id, tag: leg.tag, why: leg.terminal }, 'soon');
    ticket.leg = undefined;
    const words = leg.words === '' ? '' : `: ${leg.words}`;
    if (leg.terminal === 'REJECTED') this.#end(ticket, 'rejected', leg.words || 'rejected without a reason');
    else if (ticket.cancelling) this.#end(ticket, 'cancelled', `cancelled by us${words}`);
    else if (leg.terminal === 'COMPLETE') this.#end(ticket, 'cancelled', 'what it was to close is closed');
    // It stays an order of the engine's; its place in the book is free.
    else if (leg.withdrawing) this.#nextOfPair(ticket);
    else this.#end(ticket, 'cancelled', `cancelled at the broker${words}`);
  }

  /** Nobody asked for its end but the clock; the next day's start places it again. */
  #waitsForTomorrow(ticket: Ticket, leg: Leg): boolean {
    if (ticket.isEntry || ticket.cancelling || leg.withdrawing || leg.terminal !== 'CANCELLED') return false;
    if (leg.lapsed) return true;
    leg.lapsed = this.#options.dayOver?.(ticket.key) ?? false;
    if (leg.lapsed) this.#options.record({ t: 'lapsed', id: ticket.order.id, tag: leg.tag }, 'soon');
    return leg.lapsed;
  }

  #nextOfPair(ticket: Ticket): void {
    const { pair } = ticket;
    this.#next(ticket);
    if (pair) this.#next(pair.stop === ticket ? pair.target : pair.stop);
  }

  #end(ticket: Ticket, type: 'cancelled' | 'rejected', reason: string): void {
    if (ticket.ended) return;
    this.#table.close(ticket);
    const wanted = ticket.cancelling || ticket.left <= 0;
    this.#tell({ type, id: ticket.order.id, time: this.#now(), reason });
    if (!ticket.isEntry && !wanted && ticket.order.role !== 'target')
      this.#trouble('UNPROTECTED', `${nameOf(ticket)} ended without being filled: ${reason}.`);
    this.#release(ticket);
  }

  #release(ticket: Ticket): void {
    for (const freed of this.#exits.ended(ticket)) this.#next(freed);
  }

  /** An order that was under way when the process before ended. */
  #resume(ticket: Ticket): void {
    const { leg } = ticket;
    if (leg !== undefined) {
      leg.answeredAt = this.#now();
      if (ticket.order.role === 'target' && !leg.withdrawing) ticket.pair?.foundResting('target');
      return;
    }
    // An entry that never left was decided on a market that is gone; an exit is as good as it was.
    if (ticket.isEntry) this.#end(ticket, 'cancelled', 'it had not left when the session was interrupted');
    else this.#next(ticket);
  }

  #accept(ticket: Ticket): void {
    if (ticket.accepted || ticket.ended) return;
    ticket.accepted = true;
    this.#tell({ type: 'accepted', id: ticket.order.id, time: this.#now() });
  }

  #tellChanged(ticket: Ticket, trigger: number | undefined): void {
    if (ticket.ended) return;
    const event = { type: 'modified', id: ticket.order.id, time: this.#now() } as const;
    this.#tell(trigger === undefined || Number.isNaN(trigger) ? event : { ...event, trigger });
  }

  #tell(event: OrderEvent): void {
    this.#listener?.orderEvent(event);
  }

  #tokenDied(why: string): void {
    if (this.#tokenDead) return;
    this.#tokenDead = true;
    this.#watch.stop();
    this.#trouble('TOKEN_DEAD', why);
  }

  #trouble: BrokerDesk['trouble'] = (code, why) => {
    this.#options.record({ t: 'trouble', code, why }, 'soon');
    this.#options.trouble?.(code, why);
  };

  #now(): EpochMs {
    return this.#options.clock.now();
  }

  /** The engine is not told inside of its own calls. */
  #later(work: () => void): void {
    if (this.#muted) return;
    void Promise.resolve().then(() => {
      if (!this.#muted) this.#guarded(work);
    });
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.failed(error);
    }
  }

  #desk(): BrokerDesk {
    return {
      options: this.#options,
      table: this.#table,
      tell: (event) => this.#tell(event),
      accept: (ticket) => this.#accept(ticket),
      end: (ticket, type, reason) => this.#end(ticket, type, reason),
      next: (ticket) => this.#next(ticket),
      tokenDied: (why) => this.#tokenDied(why),
      trouble: this.#trouble,
      guarded: (work) => this.#guarded(work),
    };
  }
}
