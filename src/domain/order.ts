import type { InstrumentKey } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** Kite's own words, so that a trader finds in a journal what he sees in the order book. */
export type Side = 'BUY' | 'SELL';
export type Product = 'CNC' | 'MIS' | 'NRML';
export const orderTypes = ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const;
export type OrderType = (typeof orderTypes)[number];
export type Validity = 'DAY' | 'IOC';

/** Why an order exists. `entry` opens; everything else closes, and the name is the trade's exit reason. */
export const exitReasons = [
  'signal',
  'stop',
  'target',
  'trail',
  'square-off',
  'reversal',
  'expiry',
  'end-of-data',
  'kill',
] as const;
export type ExitReason = (typeof exitReasons)[number];
export type OrderRole = 'entry' | ExitReason;

/** Position of an order in the run, from 1. Broker ids are the adapter's business. */
export type OrderId = number;

/** What a strategy wants, sized and on the tick grid, before the gate has looked at it. Prices in rupees, NaN when not used. */
export interface OrderIntent {
  readonly id: OrderId;
  readonly strategy: string;
  readonly key: InstrumentKey;
  readonly side: Side;
  readonly role: OrderRole;
  readonly type: OrderType;
  readonly product: Product;
  readonly validity: Validity;
  /** Units, a multiple of the lot. */
  readonly quantity: number;
  /** Limit price of LIMIT and SL. */
  readonly price: number;
  /** Trigger of SL and SL-M. */
  readonly trigger: number;
  /** When it was decided. */
  readonly time: EpochMs;
  /** Where the market stood then: the last price the engine knew. NaN where it knew none, or where nobody wrote it down. */
  readonly decided: number;
}

declare const approval: unique symbol;

/** An intent that passed every risk rule. Only `engine/risk/gate.ts` can make one, and brokers take nothing else. */
export type ApprovedOrder = OrderIntent & { readonly [approval]: true };

/** What may change on a working order. */
export interface OrderChange {
  readonly quantity?: number;
  readonly price?: number;
  readonly trigger?: number;
}

/**
 * What happened to an order, told by the broker; valid inside the call, since brokers may use the object again. `denied` is ours (the gate), `rejected` is theirs with their words unchanged,
 * `unknown` means no answer came and the order may or may not live.
 */
export type OrderEvent =
  | { readonly type: 'accepted'; readonly id: OrderId; readonly time: EpochMs }
  | {
      readonly type: 'filled';
      readonly id: OrderId;
      readonly time: EpochMs;
      readonly quantity: number;
      readonly price: number;
      /** The exchange's own. A number counts the fills of an exchange that has no names for them. */
      readonly tradeId: string | number;
    }
  | { readonly type: 'cancelled'; readonly id: OrderId; readonly time: EpochMs; readonly reason: string }
  | { readonly type: 'rejected'; readonly id: OrderId; readonly time: EpochMs; readonly reason: string }
  /** `trigger` is where a stop now stands, when that is what changed. */
  | { readonly type: 'modified'; readonly id: OrderId; readonly time: EpochMs; readonly trigger?: number }
  | { readonly type: 'unknown'; readonly id: OrderId; readonly time: EpochMs };
