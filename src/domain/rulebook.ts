import type { ChargeModel } from './charges.ts';
import type { Instrument } from './instrument.ts';
import type { EpochMs, Interval, IsoDate } from './time.ts';

/** Trading hours of one instrument on one day. */
export interface TradingSession {
  readonly dayNumber: number;
  /** Opening of the first window and closing of the last. */
  readonly open: EpochMs;
  readonly close: EpochMs;
  /** Continuous trading; more than one on disaster-recovery Saturdays. */
  readonly windows: readonly Interval[];
  /** `Muhurat`, `Union Budget`, …; absent on an ordinary day. */
  readonly name?: string;
}

/** Which days and hours a market trades. Pure look-ups over dated tables. */
export interface TradingCalendar {
  /** Undefined when the market is closed. @throws DataError RULE_CALENDAR for a day no table covers. */
  session(instrument: Instrument, dayNumber: number): TradingSession | undefined;
  /** First session on or after a day. */
  sessionFrom(instrument: Instrument, dayNumber: number): TradingSession;
  /** Last session on or before a day. */
  sessionUntil(instrument: Instrument, dayNumber: number): TradingSession;
  /** Minute of the day at which the broker closes MIS positions and takes no new ones. */
  squareOffMinute(instrument: Instrument, dayNumber: number): number;
}

export interface Expiry {
  readonly date: IsoDate;
  readonly kind: 'weekly' | 'monthly';
  /** The weekday rule's own day when a holiday moved it. */
  readonly shiftedFrom?: IsoDate;
}

/** Ticks, lots, freeze quantities, margins and expiries by date. @throws DataError RULE_CONTRACT when nothing covers the day. */
export interface ContractRules {
  /** Rupees; 0 means any price. Falls back on the instrument's own tick where its market has no dated table. */
  tickSize(instrument: Instrument, dayNumber: number, price: number): number;
  /** Units. An attribute of the contract (its expiry), so the day does not matter: where a cut reached listed contracts, the final lot. */
  lotSize(instrument: Instrument): number;
  /** Largest quantity of one order, units; undefined where the exchange sets none. */
  freezeQuantity(instrument: Instrument, dayNumber: number): number | undefined;
  /**
   * Share of the traded value that the account must carry, 0 to 1, by product and side. For a sold option the share is of
   * strike × quantity, since its premium says little about its risk. An approximation: a live account asks the broker.
   */
  marginRate(
    instrument: Instrument,
    dayNumber: number,
    product: 'CNC' | 'MIS' | 'NRML',
    side: 'BUY' | 'SELL',
  ): number;
  expiries(underlying: string, from: IsoDate, to: IsoDate): readonly Expiry[];
}

/** India's rules as dated data. `hash` changes when any row of any table does. */
export interface Rulebook {
  readonly hash: string;
  readonly calendar: TradingCalendar;
  readonly contracts: ContractRules;
  /** `zerodha`, `none`, `flat:0.1%`. @throws UsageError USAGE_CHARGES */
  charges(name: string): ChargeModel;
}
