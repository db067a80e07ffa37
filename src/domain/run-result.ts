import type { InstrumentKey } from './instrument.ts';
import type { Paise } from './money.ts';
import type { ExitReason, OrderId, OrderType, Product, Side } from './order.ts';
import type { EpochMs } from './time.ts';

/** A round trip: one entry and its exit. `grossPaise - chargesPaise` is its net, and the nets sum to the account's change. */
export interface ClosedTrade {
  /** From 1, in order of entry. */
  readonly id: number;
  readonly strategy: string;
  readonly key: InstrumentKey;
  readonly direction: 'LONG' | 'SHORT';
  readonly product: Product;
  /** Units. */
  readonly quantity: number;
  readonly entryTime: EpochMs;
  /** Volume-weighted mean of the fills, rupees. */
  readonly entryPrice: number;
  readonly exitTime: EpochMs;
  readonly exitPrice: number;
  readonly grossPaise: Paise;
  readonly chargesPaise: Paise;
  /** What the protective stop put at risk when the entry filled: distance × quantity, before charges. Absent without a stop. */
  readonly riskPaise?: Paise;
  /** Where its first protective stop and its target were placed, rupees. Absent without them. */
  readonly stop?: number;
  readonly target?: number;
  readonly exitReason: ExitReason;
  /** The strategy's own words for entry and exit, when it gave any. */
  readonly note?: string;
  /** Bars between entry fill and exit fill. */
  readonly bars: number;
  /** Worst and best mark against and for the trade while it was open, rupees a unit (both >= 0). */
  readonly adverse: number;
  readonly favourable: number;
  readonly entryOrder: OrderId;
  readonly exitOrder: OrderId;
  /** Types of its first entry and its last exit. Absent where they were not written down. */
  readonly entryType?: OrderType;
  readonly exitType?: OrderType;
  /**
   * What entry and exit were decided on, rupees: the trigger of an order that waits for one, the limit of a target, else the market
   * when the order was decided; the mean by quantity of several orders. Absent where it was not written down.
   */
  readonly entryDecision?: number;
  readonly exitDecision?: number;
}

/** A round trip that has been entered and not yet left. `quantity` is what is still open. */
export type HeldTrade = Pick<
  ClosedTrade,
  | 'id'
  | 'strategy'
  | 'key'
  | 'direction'
  | 'product'
  | 'quantity'
  | 'entryTime'
  | 'entryPrice'
  | 'stop'
  | 'target'
  | 'note'
  | 'entryOrder'
>;

/** An order that was sent and has not ended. Prices in rupees, null where the order has none. */
export interface OrderUnderWay {
  readonly id: OrderId;
  readonly strategy: string;
  readonly key: InstrumentKey;
  readonly side: Side;
  readonly type: OrderType;
  readonly product: Product;
  readonly purpose: 'entry' | 'stop' | 'target' | 'exit';
  readonly quantity: number;
  readonly filled: number;
  readonly price: number | null;
  readonly trigger: number | null;
  readonly time: EpochMs;
}

/** Account value after every mark, oldest first. Columns may be longer than `length`. */
export interface EquityCurve {
  readonly time: Float64Array;
  readonly equityPaise: Float64Array;
  /** 1 where a position was open at the mark, else 0. */
  readonly exposed: Uint8Array;
  readonly length: number;
}

/** A signal that did not become an order, counted by rule code: who, what, why, how often, and the first case in words. */
export interface RefusalCount {
  readonly strategy: string;
  readonly key: InstrumentKey;
  /** Coded reason, such as RISK_CASH, RISK_LOT, RISK_DAILY_LOSS, ORDER_REJECTED. */
  readonly code: string;
  readonly count: number;
  readonly first: string;
}
