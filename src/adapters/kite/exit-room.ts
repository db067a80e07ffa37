import type { InstrumentKey } from '../../domain/instrument.ts';
import type { OrderIntent } from '../../domain/order.ts';
import { ExitClaim } from './exit-claim.ts';
import { ExitPair } from './exit-pair.ts';
import type { Ticket } from './ticket.ts';

/** The orders by which one strategy leaves one instrument on one side. */
interface Group {
  readonly stops: Set<Ticket>;
  readonly targets: Set<Ticket>;
  claim: ExitClaim;
}

/** Keeps the exits of a position from overtaking each other: pairs of stop and target, and exits that wait for both to be gone. */
export class ExitRoom {
  readonly #groups = new Map<string, Group>();
  readonly #pairs = new Map<InstrumentKey, Set<ExitPair>>();
  readonly #claims = new Set<ExitClaim>();

  submitted(ticket: Ticket): void {
    const group = this.#groupOf(ticket.order);
    switch (ticket.order.role) {
      case 'entry':
        return;
      case 'stop':
        this.#pairUp(ticket, group.targets, (stop, target) => new ExitPair(stop, target));
        group.stops.add(ticket);
        return;
      case 'target':
        this.#pairUp(ticket, group.stops, (target, stop) => new ExitPair(stop, target));
        group.targets.add(ticket);
        return;
      default:
        if (group.claim.isBlocked) {
          ticket.claim = group.claim;
          group.claim.exits.push(ticket);
        }
    }
  }

  /** An exit is to be cancelled: what is sent next instead of it waits for its end. */
  cancelling(ticket: Ticket): void {
    if (ticket.isEntry) return;
    const group = this.#groupOf(ticket.order);
    // What has been claimed by exits already is theirs alone.
    if (group.claim.exits.length > 0) group.claim = new ExitClaim();
    group.claim.block(ticket);
    this.#claims.add(group.claim);
  }

  filled(ticket: Ticket, units: number): void {
    for (const claim of this.#claims) claim.filled(ticket, units);
  }

  /** Answers what may go on now that this one has ended. */
  ended(ticket: Ticket): readonly Ticket[] {
    if (ticket.isEntry) return [];
    const freed: Ticket[] = [];
    const group = this.#groupOf(ticket.order);
    group.stops.delete(ticket);
    group.targets.delete(ticket);
    const { pair } = ticket;
    if (pair) {
      this.#pairs.get(ticket.key)?.delete(pair);
      freed.push(pair.dissolve(ticket));
    }
    for (const claim of this.#claims) {
      freed.push(...claim.ended(ticket));
      if (!claim.isBlocked) this.#claims.delete(claim);
    }
    return freed;
  }

  /** Pairs in which a price makes the other one rest. */
  touched(key: InstrumentKey, price: number): readonly ExitPair[] {
    const pairs = this.#pairs.get(key);
    if (pairs === undefined || pairs.size === 0) return [];
    return [...pairs].filter((pair) => pair.touched(price));
  }

  /**
   * The one of the same size that was decided at the same instant and has no partner yet, since stop and target of one fill are placed
   * one after the other; else the newest, for a stop that a strategy gives to a trade which had a target only.
   */
  #pairUp(ticket: Ticket, others: ReadonlySet<Ticket>, pair: (one: Ticket, other: Ticket) => ExitPair): void {
    const free = [...others].filter(
      (other) => !other.pair && !other.ended && !other.cancelling && other.left === ticket.left,
    );
    const partner = free.findLast(({ order }) => order.time === ticket.order.time) ?? free.at(-1);
    if (partner === undefined) return;
    const pairs = this.#pairs.get(ticket.key) ?? new Set();
    this.#pairs.set(ticket.key, pairs.add(pair(ticket, partner)));
  }

  #groupOf({ strategy, key, product, side }: OrderIntent): Group {
    const name = `${strategy} ${key} ${product} ${side}`;
    const known = this.#groups.get(name);
    if (known) return known;
    const group: Group = { stops: new Set(), targets: new Set(), claim: new ExitClaim() };
    this.#groups.set(name, group);
    return group;
  }
}
