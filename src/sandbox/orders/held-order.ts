import { kiteTime } from '../../domain/kite-time.ts';
import type { OrderId } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { KiteOrderRow, KiteTradeRow } from './order-row.ts';
import type { Wanted } from './wanted.ts';

export interface Identity {
  readonly userId: string;
  readonly orderId: string;
  readonly parentId: string | undefined;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** An order from its arrival to its end, with every status it has had. */
export class HeldOrder implements Identity {
  readonly userId: string;
  /** At the simulated exchange; a new one when the order enters it anew as another type. 0 before it does. */
  number: OrderId = 0;
  readonly orderId: string;
  readonly parentId: string | undefined;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  wanted: Wanted;
  /** What the book shows: a protected market order stands there as LIMIT. */
  shownType: string;
  shownPrice: number;
  status = '';
  statusMessage: string | null = null;
  statusMessageRaw: string | null = null;
  exchangeOrderId: string | null = null;
  readonly placedAt: EpochMs;
  exchangeTime: EpochMs | undefined;
  updateTime: EpochMs | undefined;
  filled = 0;
  filledValue = 0;
  cancelled = 0;
  modifications = 0;
  /** Handed to the matching, which therefore knows it. */
  atExchange = false;
  triggered = false;
  /** The sandbox's own doing, such as a square-off: it reserves no margin. */
  readonly closing: boolean;
  readonly history: KiteOrderRow[] = [];
  readonly trades: KiteTradeRow[] = [];

  constructor(identity: Identity, wanted: Wanted, placedAt: EpochMs, closing = false) {
    this.userId = identity.userId;
    this.orderId = identity.orderId;
    this.parentId = identity.parentId;
    this.tags = identity.tags;
    this.meta = identity.meta;
    this.wanted = wanted;
    this.shownType = wanted.type;
    this.shownPrice = wanted.price;
    this.placedAt = placedAt;
    this.closing = closing;
  }

  get left(): number {
    return this.wanted.quantity - this.filled - this.cancelled;
  }

  /** COMPLETE, REJECTED and CANCELLED are for ever. */
  get ended(): boolean {
    return this.status === 'COMPLETE' || this.status === 'REJECTED' || this.status === 'CANCELLED';
  }

  row(status = this.status): KiteOrderRow {
    const { wanted, orderId } = this;
    const { listing } = wanted.listed;
    return {
      account_id: this.userId,
      placed_by: this.userId,
      order_id: orderId,
      exchange_order_id: this.exchangeOrderId,
      parent_order_id: this.parentId ?? null,
      status,
      status_message: this.statusMessage,
      status_message_raw: this.statusMessageRaw,
      order_timestamp: kiteTime(this.placedAt),
      exchange_update_timestamp: this.updateTime === undefined ? null : kiteTime(this.updateTime),
      exchange_timestamp: this.exchangeTime === undefined ? null : kiteTime(this.exchangeTime),
      variety: wanted.variety,
      modified: this.modifications > 0,
      exchange: listing.exchange,
      tradingsymbol: listing.tradingsymbol,
      instrument_token: listing.token,
      order_type: this.shownType,
      transaction_type: wanted.side,
      validity: wanted.validity,
      validity_ttl: wanted.validityTtl,
      product: wanted.product,
      quantity: wanted.quantity,
      disclosed_quantity: wanted.disclosed,
      price: this.shownPrice,
      trigger_price: wanted.trigger,
      ...(wanted.auctionNumber === undefined ? {} : { auction_number: wanted.auctionNumber }),
      average_price: this.filled > 0 ? Math.round((this.filledValue / this.filled) * 1e6) / 1e6 : 0,
      filled_quantity: this.filled,
      pending_quantity: status === 'REJECTED' ? 0 : this.left,
      cancelled_quantity: this.cancelled,
      market_protection: Math.max(0, wanted.marketProtection),
      meta: this.meta,
      tag: wanted.tag ?? null,
      ...(this.tags.length > 0 ? { tags: this.tags } : {}),
      guid: null,
    };
  }
}
