import type { Ticket } from './ticket.ts';

/** Legs that an order may use up in changing places, well below what its tag has room for. */
const swapLegsMax = 30;

/**
 * The stop and the target of one position. Only one of them rests at the broker, since both could fill and each would tie up
 * margin: the stop, until the price touches the target; then the target, until the price has gone half of the way back.
 */
export class ExitPair {
  readonly stop: Ticket;
  readonly target: Ticket;
  #resting: 'stop' | 'target' = 'stop';

  constructor(stop: Ticket, target: Ticket) {
    this.stop = stop;
    this.target = target;
    stop.pair = this;
    target.pair = this;
  }

  /** Answers whether the other one is to rest from now on. */
  touched(price: number): boolean {
    const { stop, target } = this;
    const direction = target.order.side === 'SELL' ? 1 : -1;
    const reached = (price - target.price) * direction >= 0;
    const backHalf = (price - (target.price + stop.trigger) / 2) * direction < 0;
    if (this.#resting === 'stop' && reached && stop.legs.length < swapLegsMax) this.#resting = 'target';
    else if (this.#resting === 'target' && backHalf) this.#resting = 'stop';
    else return false;
    return true;
  }

  /** Whether this one has to wait for its sibling. */
  holds(ticket: Ticket): boolean {
    return ticket !== this.#rests || this.#waits.leg !== undefined;
  }

  /** The one that should not stand in the book. */
  get waits(): Ticket {
    return this.#waits;
  }

  get #rests(): Ticket {
    return this.#resting === 'stop' ? this.stop : this.target;
  }

  get #waits(): Ticket {
    return this.#resting === 'stop' ? this.target : this.stop;
  }

  /** Either has ended: the other goes on alone. Answers it. */
  dissolve(ended: Ticket): Ticket {
    this.stop.pair = undefined;
    this.target.pair = undefined;
    return ended === this.stop ? this.target : this.stop;
  }

  /** For a start after an interruption: whichever was found in the book rests on. */
  foundResting(side: 'stop' | 'target'): void {
    this.#resting = side;
  }
}
