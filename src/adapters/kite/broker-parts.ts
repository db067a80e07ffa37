import type { InstrumentKey } from '../../domain/instrument.ts';
import type { OrderEvent, OrderIntent } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { TimerClock } from '../../engine/ports.ts';
import type { KiteClient } from './kite-client.ts';
import type { FormRules } from './order-form.ts';
import type { Ticket } from './ticket.ts';
import type { TicketTable } from './ticket-table.ts';

/** What the broker needs of Kite's client. */
export type KiteOrders = Pick<KiteClient, 'placeOrder' | 'modifyOrder' | 'cancelOrder' | 'orders' | 'trades'>;

/** A record of the journal: what happened to requests, told in RELIABILITY §4's classes. */
export type BrokerRecord = { readonly t: string } & Readonly<Record<string, unknown>>;
export type RecordOrder = (fields: BrokerRecord, durability: 'durable' | 'soon') => void;

/** What needs a person, or a halt. */
export type BrokerTrouble =
  /** The session is dead: nothing can be read or sent until there is a new one. */
  | 'TOKEN_DEAD'
  /** The order book cannot be read. */
  | 'BOOK_UNREADABLE'
  /** Nobody knows whether an exit was placed. */
  | 'EXIT_UNKNOWN'
  /** A stop or an exit ended, or could not be placed, and the position stands without it. */
  | 'UNPROTECTED'
  /** The book says something that cannot be: two orders of one tag, or more filled than was asked for. */
  | 'MISMATCH'
  /** An order hangs on its way to the exchange, or does not end although its cancel was asked for again and again. */
  | 'STUCK';

export interface KiteBrokerOptions {
  readonly kite: KiteOrders;
  readonly clock: TimerClock;
  readonly rules: FormRules;
  /** Name of the stream, which is in every order's tag. */
  readonly stream: string;
  /** Drawn anew by every process; see `tagNonce`. */
  readonly nonce: string;
  readonly record: RecordOrder;
  /** Asked right before an entry's first byte leaves: why none may leave now. */
  readonly withheld: () => string | undefined;
  readonly trouble?: (code: BrokerTrouble, why: string) => void;
  /** The engine or the journal threw while they were told: the session cannot go on. */
  readonly failed: (error: unknown) => void;
  /** Records of the stream's journal, oldest first, when the session goes on. */
  readonly past?: readonly BrokerRecord[];
  /**
   * From when on the stop or exit of an earlier day may be placed again, its day being over; undefined where the account does not hold
   * that many units any more. At once, whatever is held, when left out.
   */
  readonly rearmFrom?: (order: OrderIntent, units: number) => EpochMs | undefined;
  /**
   * The market of an instrument has closed for the day: the broker ends orders of the day then. A stop, target or exit that ends so is
   * not over but waits for the next day, like one whose end nobody heard. Never, when left out.
   */
  readonly dayOver?: (key: InstrumentKey) => boolean;
  /** How long the book has to be read without an unanswered order before it counts as never placed. */
  readonly settleMs?: number;
  /** An exit that provably never left is tried again for so long. */
  readonly exitTriesMs?: number;
}

/** What the broker's parts may ask of each other. */
export interface BrokerDesk {
  readonly options: KiteBrokerOptions;
  readonly table: TicketTable;
  readonly tell: (event: OrderEvent) => void;
  readonly accept: (ticket: Ticket) => void;
  readonly end: (ticket: Ticket, type: 'cancelled' | 'rejected', reason: string) => void;
  /** Does what is due about an order, when nothing about it is on its way already. */
  readonly next: (ticket: Ticket) => void;
  readonly tokenDied: (why: string) => void;
  readonly trouble: (code: BrokerTrouble, why: string) => void;
  /** What the engine or the journal throws meanwhile ends the session, not the reading. */
  readonly guarded: (work: () => void) => void;
}
