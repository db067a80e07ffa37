import type { Side } from '../domain/order.ts';
import type { EpochMs } from '../domain/time.ts';

/** A distance from the entry price: a bare number is percent, or say it in rupees a unit, or as a price. */
export type Distance =
  | number
  | { readonly percent: number }
  | { readonly points: number }
  | { readonly price: number };

/** How to enter. Everything is optional: a bare `buy()` is a market order sized by the profile. */
export interface EntryOptions {
  /** Protective stop, placed when the entry fills. A bare number is percent from the entry price. */
  stopLoss?: Distance;
  target?: Distance;
  /** Stop that follows the best close since entry and never loosens. */
  trailingStop?: Distance;
  /** Enter only at this price or better. */
  limit?: number;
  /** Enter only once the market reaches this price. */
  trigger?: number;
  /** Bars an unfilled limit or trigger entry lives; the session's end cancels it in any case. */
  bars?: number;
  /** Units, instead of the profile's sizing. */
  quantity?: number;
  /** Lots, instead of the profile's sizing. */
  lots?: number;
  /** Adds to a position in the same direction; without it a second entry is refused. */
  add?: boolean;
  /** The strategy's own word for why, kept with the trade. */
  note?: string;
}

export interface ExitOptions {
  /** The strategy's own word for why, kept with the trade. */
  note?: string;
}

/** What this strategy holds in this instrument: its virtual book, not the account's. */
export interface Position {
  readonly flat: boolean;
  readonly long: boolean;
  readonly short: boolean;
  /** Units, negative when short. */
  readonly quantity: number;
  /** Mean entry price in rupees, NaN when flat. */
  readonly averagePrice: number;
  /** Unrealised profit at the newest close, rupees, before charges. */
  readonly profit: number;
  /** The same in percent of the entry value. */
  readonly profitPercent: number;
  /** Closed bars since the entry filled; 0 when flat. */
  readonly bars: number;
  /** An entry has been sent and has not ended yet. */
  readonly entering: boolean;
  /** Entries filled since the session began in this instrument, by this strategy. */
  readonly entriesToday: number;
}

/** The bar that just closed. */
export interface Bar {
  readonly time: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Bars seen so far in the run, from 0. */
  readonly index: number;
}

/** Where the closed bar stands in its trading day. All times India's. */
export interface Session {
  /** Bar of the day, from 0. */
  readonly bar: number;
  /** Minute of the day at which the bar closed: 09:30 is 570. */
  readonly minute: number;
  /** Minutes from the session's open to the bar's close. */
  readonly elapsed: number;
  /** Minutes from the bar's close to the session's close. */
  readonly remaining: number;
}

/** What a hook receives. One object for the whole run, valid only inside the call. */
export interface Trade {
  readonly position: Position;
  readonly bar: Bar;
  readonly session: Session;
  /** The account's value in rupees at the newest closes. */
  readonly equity: number;
  /** Goes long; closes a short first. */
  buy(options?: EntryOptions): void;
  /** Goes short; closes a long first. */
  sell(options?: EntryOptions): void;
  /** Closes what this strategy holds here and cancels its working entries. */
  exit(options?: ExitOptions): void;
  /** Cancels working entries only. */
  cancelEntries(): void;
  /** Moves the protective stop of the open position. Refused when it would loosen. */
  moveStop(to: Distance): void;
}

export interface FillView {
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  readonly entry: boolean;
}

export interface Hooks {
  onBar?(trade: Trade): void;
  onFill?(trade: Trade, fill: FillView): void;
  /** `'09:20'`: called once a day on the first bar that closes at or after that time, before `onBar`. */
  at?: Readonly<Record<string, (trade: Trade) => void>>;
}
