import { codeOf, messageOf } from '../../domain/errors.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import { type EpochMs, secondMs } from '../../domain/time.ts';
import type { BrokerDesk, KiteOrders } from './broker-parts.ts';
import { ExternalOrders } from './external-orders.ts';
import { sawRow } from './leg-rows.ts';
import { streamCode } from './order-tag.ts';
import type { KiteOrder, KiteTrade } from './schemas.ts';
import { type Leg, nameOf, type Ticket } from './ticket.ts';

const unreadableMax = 3;
/** How long an order may take on its way to the exchange. */
const passingMsMax = 30 * secondMs;

/** What a reading makes known. */
export interface ReadingEars {
  /** A row with the tag of a leg. */
  found(ticket: Ticket, leg: Leg, orderId: string): void;
  /** A leg that was settled as never placed stands in the book after all. */
  late(ticket: Ticket, leg: Leg): void;
  /** A whole book, asked for at that instant, is without the leg. */
  missing(ticket: Ticket, leg: Leg, startedAt: EpochMs): void;
  filled(ticket: Ticket, quantity: number, trade: KiteTrade): void;
  /** Book and trades have been told: what is due for this order now? */
  read(ticket: Ticket): void;
}

/** Reads the order book and, where it counts fills that were not told yet, the trades: the only source of fills. */
export class BookReading {
  readonly #desk: BrokerDesk;
  readonly #ears: ReadingEars;
  readonly #external: ExternalOrders;
  #unreadable = 0;

  constructor(desk: BrokerDesk, formerTags: ReadonlySet<string>, ears: ReadingEars) {
    const { record, stream } = desk.options;
    this.#desk = desk;
    this.#ears = ears;
    this.#external = new ExternalOrders(record, streamCode(stream), formerTags);
  }

  async read(kite: KiteOrders): Promise<void> {
    const desk = this.#desk;
    const startedAt = desk.options.clock.now();
    const rows = await kite.orders().catch((error: unknown) => this.#cannotRead(error));
    if (rows === undefined) return;
    this.#unreadable = 0;
    desk.guarded(() => this.#sawBook(rows, startedAt));
    // Trades are read after the book, so that they hold every fill that it counts.
    const trades = desk.table.isOwed
      ? await kite.trades().catch((error: unknown) => this.#cannotRead(error))
      : undefined;
    desk.guarded(() => {
      for (const trade of trades ?? []) this.#sawTrade(trade);
      for (const ticket of desk.table.open) this.#ears.read(ticket);
    });
  }

  #cannotRead(error: unknown): undefined {
    if (codeOf(error) === 'AUTH_TOKEN') this.#desk.tokenDied(messageOf(error));
    else {
      this.#unreadable += 1;
      if (this.#unreadable === unreadableMax) this.#desk.trouble('BOOK_UNREADABLE', messageOf(error));
    }
    return undefined;
  }

  #sawBook(rows: readonly KiteOrder[], startedAt: EpochMs): void {
    const { table, options } = this.#desk;
    const seen = new Set<Leg>();
    for (const row of rows) {
      const ours = table.whose(row);
      if (ours === undefined) {
        this.#sawExternal(row);
        continue;
      }
      const { ticket, leg } = ours;
      seen.add(leg);
      this.#ears.found(ticket, leg, row.order_id);
      if (leg.orderId !== row.order_id) continue;
      sawRow(leg, row, options.rules.instrument(ticket.key), startedAt);
      this.#checkPassing(ticket, leg);
      if (leg.gaveUp) this.#ears.late(ticket, leg);
    }
    for (const ticket of table.open)
      if (ticket.leg !== undefined && !seen.has(ticket.leg))
        this.#ears.missing(ticket, ticket.leg, startedAt);
  }

  #sawExternal(row: KiteOrder): void {
    if (this.#external.saw(row) !== 'unrecorded') return;
    this.#desk.trouble(
      'MISMATCH',
      `Order ${row.order_id} carries the mark of this stream, and its journal does not know it: another program runs the same stream.`,
    );
  }

  #checkPassing(ticket: Ticket, leg: Leg): void {
    const passes = leg.terminal === undefined && leg.status !== 'OPEN' && leg.status !== 'TRIGGER PENDING';
    const since = Math.max(leg.answeredAt, leg.askedUntil);
    if (!passes || leg.hangs || this.#desk.options.clock.now() - since < passingMsMax) return;
    leg.hangs = true;
    this.#desk.trouble(
      'STUCK',
      `${nameOf(ticket)} has been "${leg.status}" for ${passingMsMax / secondMs} seconds.`,
    );
  }

  #sawTrade(trade: KiteTrade): void {
    const ours = this.#desk.table.byOrderId(trade.order_id);
    if (ours === undefined || ours.leg.tradeIds.has(trade.trade_id)) return;
    const { ticket, leg } = ours;
    leg.tradeIds.add(trade.trade_id);
    const units = trade.quantity * kiteMultiplier(this.#desk.options.rules.instrument(ticket.key));
    leg.filledTold += units;
    // Told by a process before this one.
    if (ticket.tradeIds.has(trade.trade_id)) return;
    ticket.tradeIds.add(trade.trade_id);
    const quantity = ticket.ended ? 0 : Math.min(units, ticket.quantity - ticket.filled);
    if (quantity < units) this.#tooMuch(ticket, trade, units - quantity);
    if (quantity > 0) this.#ears.filled(ticket, quantity, trade);
  }

  #tooMuch(ticket: Ticket, { trade_id: tradeId }: KiteTrade, excess: number): void {
    const why = `${nameOf(ticket)} was filled in trade ${tradeId} by ${excess} units more than it still asked for.`;
    this.#desk.options.record({ t: 'mismatch', id: ticket.order.id, tradeId, excess, why }, 'soon');
    this.#desk.trouble('MISMATCH', why);
  }
}
