import type { InstrumentKey } from '../../domain/instrument.ts';
import type { OrderIntent } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import { Absence } from './absence.ts';
import type { ExitClaim } from './exit-claim.ts';
import type { ExitPair } from './exit-pair.ts';
import type { OrderTerms } from './order-form.ts';

/** How far the request that placed a leg has come. */
export type LegPhase =
  /** The request may leave or has left, and no answer came. */
  | 'posting'
  /** Kite refused it, which is verified by looking for its tag once. */
  | 'refused'
  /** No telling whether it was placed. */
  | 'unknown'
  /** It stands in the broker's book, or stood there. */
  | 'placed';

export type TerminalStatus = 'COMPLETE' | 'CANCELLED' | 'REJECTED';

/** One order at the broker. What is read of it only ever goes forward: fills never fall, an end is never taken back. */
export class Leg {
  readonly number: number;
  readonly tag: string;
  readonly dayNumber: number;
  phase: LegPhase = 'posting';
  orderId: string | undefined = undefined;
  status = '';
  words = '';
  terminal: TerminalStatus | undefined = undefined;
  /** Units the order book says are filled, and units that were told from trades. */
  filledSeen = 0;
  filledTold = 0;
  /** Trades of this leg that are counted in `filledTold`. */
  readonly tradeIds = new Set<string>();
  /** What Kite was last asked for and, as far as is known, does. */
  terms: OrderTerms;
  /** Terms that Kite has refused; they are not asked for again. */
  refusedTerms: OrderTerms | undefined = undefined;
  modifications = 0;
  /** Price at which the book shows it, rupees; of a protected market order a price of the exchange's. */
  shownPrice = Number.NaN;
  /** How often it was moved after a market that had run away; counted in `modifications` too. */
  chases = 0;
  /** To be taken out of the book although its order goes on: its sibling rests in its place, or a fresh leg does. */
  withdrawing = false;
  cancelTries = 0;
  /** A request to change or cancel it is on its way. */
  busy = false;
  /** Changes and cancels wait until then. */
  retryAt: EpochMs = Number.NEGATIVE_INFINITY;
  /** Refused for asking too often, or for a price that has moved: an exit is worth another try. */
  refusedInPassing = false;
  /** It has been told that it hangs in a state that orders only pass through. */
  hangs = false;
  /** It counts as never placed, and its order goes on or has ended without it. */
  gaveUp = false;
  /** Ended by the close of the market, and due again the next day. */
  lapsed = false;
  /** Other orders with its tag, which cannot be. */
  readonly rivals = new Set<string>();
  /** When the last request about it was over. */
  askedUntil: EpochMs = Number.NEGATIVE_INFINITY;
  /** When the request that placed it was over. */
  answeredAt: EpochMs = Number.POSITIVE_INFINITY;
  readonly absence = new Absence();

  constructor(identity: {
    readonly number: number;
    readonly tag: string;
    readonly dayNumber: number;
    readonly terms: OrderTerms;
  }) {
    this.number = identity.number;
    this.tag = identity.tag;
    this.dayNumber = identity.dayNumber;
    this.terms = identity.terms;
  }

  /** Every fill that the order book knows of has been told, and there will be no other. */
  get isOver(): boolean {
    return this.terminal !== undefined && this.filledTold >= this.filledSeen;
  }
}

/** An order of the engine from its approval to its end; at most one leg of it stands at the broker at a time. */
export class Ticket {
  readonly order: OrderIntent;
  /** What the engine wants now. */
  quantity: number;
  price: number;
  trigger: number;
  /** Units that the engine was told of, and the trades they came from. */
  filled = 0;
  readonly tradeIds = new Set<string>();
  /** Of them, those that a journal has told once more after an interruption. */
  retold = 0;
  accepted = false;
  doubtful = false;
  ended = false;
  cancelling = false;
  /** The one that stands, or may stand, at the broker. */
  leg: Leg | undefined = undefined;
  /** Every one so far. */
  readonly legs: Leg[] = [];
  pair: ExitPair | undefined = undefined;
  /** What an exit waits for. */
  claim: ExitClaim | undefined = undefined;
  /** Units that went out through what the exit waited for. */
  deducted = 0;
  /** A request that provably never left goes again from then on. */
  againAt: EpochMs = Number.NEGATIVE_INFINITY;
  /** When it first could not leave. */
  stuckSince: EpochMs = Number.NaN;

  constructor(order: OrderIntent) {
    this.order = order;
    this.quantity = order.quantity;
    this.price = order.price;
    this.trigger = order.trigger;
  }

  get key(): InstrumentKey {
    return this.order.key;
  }

  get isEntry(): boolean {
    return this.order.role === 'entry';
  }

  /** Units to ask the broker for. */
  get left(): number {
    return this.quantity - this.filled - this.deducted;
  }

  /** What a leg should ask for. A leg's quantity includes what it has filled itself. */
  termsOf(leg?: Leg): OrderTerms {
    return {
      quantity: this.left + (leg?.filledTold ?? 0),
      price: this.price,
      trigger: this.trigger,
    };
  }
}

export function sameTerms(one: OrderTerms, other: OrderTerms): boolean {
  return (
    one.quantity === other.quantity &&
    Object.is(one.price, other.price) &&
    Object.is(one.trigger, other.trigger)
  );
}

/** For people. */
export function nameOf({ order: { id, side, quantity, key, role } }: Ticket): string {
  return `Order ${id} (${role}: ${side} ${quantity} ${key})`;
}
