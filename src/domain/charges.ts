import type { Instrument } from './instrument.ts';
import type { Paise } from './money.ts';
import type { Product, Side } from './order.ts';

/** Lines of a contract note in their printed order. `stt` holds CTT for commodities. */
export const chargeLines = ['brokerage', 'stt', 'exchange', 'ipft', 'sebi', 'stamp', 'gst', 'dp'] as const;
export type ChargeLine = (typeof chargeLines)[number];
/** Whole paise by line of the contract note. */
export type ChargeTotals = Readonly<Record<ChargeLine, Paise>>;

/** One executed order of a day, all its fills together. */
export interface ExecutedOrder {
  readonly side: Side;
  readonly product: Product;
  /** Units. */
  readonly quantity: number;
  /** Σ price × quantity of its fills (premium for options), paise. */
  readonly valuePaise: Paise;
}

/** What trading costs. Pure: the same order on the same day costs the same for ever. */
export interface ChargeModel {
  /** `zerodha`, `none`, `flat:0.1%`. */
  readonly name: string;
  /** One order by itself before its day's note is known: what margin checks and marks inside the day use. Whole paise. */
  estimate(instrument: Instrument, dayNumber: number, order: ExecutedOrder): Paise;
  /**
   * The day's contract note of one instrument. Writes whole paise to `out[order * chargeLines.length + line]`;
   * the rows sum to the note's lines exactly.
   */
  settle(
    instrument: Instrument,
    dayNumber: number,
    orders: readonly ExecutedOrder[],
    out: Float64Array,
  ): void;
  /** Rates between two days that nobody has checked, one sentence each, for the report's warnings. */
  unverified?(instrument: Instrument, dayFrom: number, dayTo: number): readonly string[];
}
