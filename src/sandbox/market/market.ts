import type { CircuitLock } from '../../adapters/simulated/locked-circuit.ts';
import type { Instrument, InstrumentKey } from '../../domain/instrument.ts';
import type { Listing } from '../../domain/listing.ts';
import type { Cancel, TimerClock } from '../../engine/ports.ts';

/** The sandbox's own time: runs at a chosen speed, stands still, or goes forward step by step. */
export interface SandboxClock extends TimerClock {
  /** How many sandbox seconds pass in a second; 0 while paused. */
  readonly speed: number;
  setSpeed(speed: number): void;
  /** Goes forward at once, waking everything on the way in order; the only way while paused. */
  step(ms: number): void;
}

/** What the sandbox trades: the row of its instrument list and the instrument behind it. Wire names, such as NSE:INFY. */
export interface Listed {
  readonly listing: Listing;
  readonly instrument: Instrument;
}

/** One level of the book. Rupees, units. */
export interface DepthLevel {
  quantity: number;
  price: number;
  orders: number;
}

/** An instrument as the market sees it now; one object an instrument, changed in place. Rupees, units, epoch ms. */
export interface Quote {
  readonly listed: Listed;
  time: number;
  lastTradeTime: number;
  lastPrice: number;
  lastQuantity: number;
  averagePrice: number;
  /** Units since the day began. */
  volume: number;
  buyQuantity: number;
  sellQuantity: number;
  open: number;
  high: number;
  low: number;
  previousClose: number;
  openInterest: number;
  openInterestHigh: number;
  openInterestLow: number;
  lowerCircuit: number;
  upperCircuit: number;
  /** At the upper circuit (+1) nobody sells, at the lower one (-1) nobody buys. */
  locked: CircuitLock;
  /** Five levels each, best first. */
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

/** A day as the sandbox plays it. Everything else in the sandbox learns of prices and time from here and nowhere else. */
export interface SandboxMarket {
  readonly clock: SandboxClock;
  /** Every instrument, in the order of the instrument list. */
  readonly listed: readonly Listed[];
  byKey(key: InstrumentKey): Listed | undefined;
  byToken(token: number): Listed | undefined;
  /** Undefined before the instrument's first print. */
  quote(key: InstrumentKey): Quote | undefined;
  /** Told of every print, after the quote has changed and in the order of time. `quantity` is what traded since the print before. */
  onPrint(listen: (quote: Quote, quantity: number) => void): Cancel;
  /** Told when a new trading day of the sandbox's clock begins, before its first print. */
  onDay(listen: (dayNumber: number) => void): Cancel;
}
