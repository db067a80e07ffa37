import type { BarSeries } from './bar-series.ts';
import type { OrderEvent, OrderIntent } from './order.ts';
import type { EpochMs } from './time.ts';

/** Where a decision can end, in the order in which it gets there. */
export const stages = [
  'session',
  'indicators',
  'signal',
  'sizing',
  'gatekeeper',
  'broker',
  'position',
] as const;
export type Stage = (typeof stages)[number];

/** Something that happened while a bar was the newest of its series. */
export type TurnStep =
  /** A signal that came to nothing: by which rule, and its words. */
  | { readonly type: 'refused'; readonly code: string; readonly why: string }
  | { readonly type: 'order'; readonly order: OrderIntent }
  /** News of an order, of this bar or of an earlier one. */
  | { readonly type: 'event'; readonly order: OrderIntent; readonly event: OrderEvent };

/** One bar of one strategy: what it was shown, what it did, and what became of it. Prices in rupees. */
export interface Turn {
  readonly row: number;
  /** The bar's opening instant, and the mark at which it was decided on. */
  readonly time: EpochMs;
  readonly decided: EpochMs;
  /** Units held before the decision, negative when short, and whether an entry was working. */
  readonly quantity: number;
  readonly entering: boolean;
  /** What halted trading when everybody had decided. */
  readonly halts: readonly { readonly code: string; readonly why: string }[];
  /** Indicators by the names of the requests; NaN where there is no value. */
  readonly lines: readonly { readonly name: string; readonly value: number }[];
  /** While the bar formed: fills and what they brought, before the strategy was asked. */
  readonly during: readonly TurnStep[];
  /** In the strategy's turn, and by the clock. */
  readonly decision: readonly TurnStep[];
  /** What became of the orders of this turn on later bars. */
  readonly later: readonly TurnStep[];
  /** Coded and exactly one: `NO_SIGNAL`, `RISK_FUNDS`, `ENTRY_FILLED`. */
  readonly reason: string;
}

/** How the bars of one strategy on one instrument ended. */
export interface StrategyTurns {
  readonly strategy: string;
  readonly series: BarSeries;
  /** Bars that had their turn. */
  readonly length: number;
  /** Bars on which a halt stood, by its code; a warm-up is not counted. */
  readonly halted: ReadonlyMap<string, number>;
  /** The reason of a row below `length`. */
  reasonAt(row: number): string;
  /** Everything about a bar that was asked for; undefined for any other. */
  turnAt(row: number): Turn | undefined;
}
