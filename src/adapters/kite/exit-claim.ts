import type { Ticket } from './ticket.ts';

/**
 * Exits at market that wait until the stops and targets they replace have ended at the broker: a stop that fills while its cancel is
 * on the way would otherwise be followed by an exit of the same units, which turns the position around. What such a stop still
 * fills is taken off the exits.
 */
export class ExitClaim {
  readonly exits: Ticket[] = [];
  readonly #blockers = new Set<Ticket>();
  #deduct = 0;

  block(ticket: Ticket): void {
    this.#blockers.add(ticket);
  }

  get isBlocked(): boolean {
    return this.#blockers.size > 0;
  }

  has(ticket: Ticket): boolean {
    return this.#blockers.has(ticket);
  }

  filled(ticket: Ticket, units: number): void {
    if (this.has(ticket)) this.#deduct += units;
  }

  /** Answers the exits that may go now that this one has ended; none while another is awaited. */
  ended(ticket: Ticket): readonly Ticket[] {
    if (!this.#blockers.delete(ticket) || this.isBlocked) return [];
    for (const exit of this.exits) {
      const units = Math.min(this.#deduct, exit.left);
      exit.deducted += units;
      this.#deduct -= units;
      exit.claim = undefined;
    }
    return this.exits;
  }
}
