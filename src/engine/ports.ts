import type { BarSeries } from '../domain/bar-series.ts';
import type { CorporateAction } from '../domain/corporate-action.ts';
import type { Instrument, InstrumentKey } from '../domain/instrument.ts';
import type { Paise } from '../domain/money.ts';
import type { ApprovedOrder, OrderChange, OrderEvent, OrderId, OrderIntent, Side } from '../domain/order.ts';
import type { DaySpan, EpochMs, Interval } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { JournalEntry } from './journal-entry.ts';

/** Market updates in the order they happened. Handlers are synchronous; nothing is retained but the series itself. */
export interface MarketListener {
  /** `row` of `series` is closed and final. All bars that close at one instant come before that instant's `mark`. */
  barClosed(series: BarSeries, row: number): void;
  /** Every bar that closes at this instant has been told. Decisions are taken here. */
  mark(time: EpochMs): void;
  /**
   * Rows `from` to `to - 1`, all of one day and at least one, close one after the other, each its own length after it opened and
   * alone at that instant: says what `barClosed` and `mark` would say of each. Answers the first row it did not take,
   * because what it did on the row before concerns others too.
   */
  barsClosed(series: BarSeries, from: number, to: number): number;
}

export interface OrderListener {
  orderEvent(event: OrderEvent): void;
}

/** Where bars and ticks come from. `run` resolves when the feed has ended or was aborted. */
export interface MarketDataFeed {
  watch(key: InstrumentKey, timeframe: Timeframe): void;
  run(listener: MarketListener, signal: AbortSignal): Promise<void>;
}

/** Takes orders at once; the answer comes later as an OrderEvent. Never throws for a refusal. */
export interface Broker {
  connect(listener: OrderListener): void;
  submit(order: ApprovedOrder): void;
  modify(id: OrderId, change: OrderChange): void;
  cancel(id: OrderId): void;
}

/** The only source of time. */
export interface Clock {
  now(): EpochMs;
}

/** Calls off a timer or a subscription; calling it again changes nothing. */
export type Cancel = () => void;

/** A clock that also wakes: the only source of timers. */
export interface TimerClock extends Clock {
  /** Calls `wake` once when `time` is reached, at once when it has passed; never inside this call. */
  at(time: EpochMs, wake: () => void): Cancel;
}

/** What is stored of one instrument at one timeframe. */
export interface StoredSeries {
  readonly key: InstrumentKey;
  readonly timeframe: Timeframe;
  readonly bars: number;
  /** Opening instants of the first and the last bar. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Days in India that have at least one bar. */
  readonly days: number;
  /** Prices are stored as whole multiples of one rupee divided by this; 0 where no multiple is exact. */
  readonly stepsPerRupee: number;
  /** Whether the open interest of any bar is known. */
  readonly openInterest: boolean;
  /** SHA-256 of every stored bar, the same on every machine. */
  readonly checksum: string;
}

/** Bars of one instrument on their way into the store, which reads the columns until the save has been answered. */
export interface SeriesBatch {
  readonly instrument: Instrument;
  readonly series: BarSeries;
  /** The bars take the place of all that is stored of the series, instead of being laid over them. */
  readonly replace?: boolean;
  /** Days about which a source has said all it ever will; written down in the same transaction as the bars. */
  readonly answered?: { readonly source: string; readonly days: readonly DaySpan[] };
}

/** Days for which a source was asked and has answered for good: what has no bar there has none at all. */
export interface AnsweredDays extends DaySpan {
  readonly key: InstrumentKey;
  readonly timeframe: Timeframe;
  readonly source: string;
}

/** Days of one series that a source is asked for. */
export interface CandleQuestion {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly days: DaySpan;
  /** Day candles of the future that was nearest to its expiry, one contract after the other. */
  readonly continuous: boolean;
}

/** Where past candles come from: a broker or a website. One request is one question. */
export interface CandleSource {
  readonly name: string;
  /** Requests that may be on their way at a time; the source keeps to its own limits a second. */
  readonly parallel: number;
  readonly requestsPerSecond: number;
  /** Days that one request may span; undefined for a timeframe that is not served. */
  spanDays(timeframe: Timeframe): number | undefined;
  /** First day that is served at all, seen from a day. */
  firstDay(timeframe: Timeframe, today: number): number;
  /** The source's own clock. @throws BrokerError when it cannot be asked */
  now(): Promise<EpochMs>;
  /**
   * The candles of these days, oldest first, stamped with their opening instant, a day's with midnight in India; the running one may
   * be among them. Failures that may pass are tried again, a limited number of times.
   *
   * @throws AuthError when the session ended; BrokerError; DataError DATA_SYMBOL when the source does not know the instrument
   */
  candles(question: CandleQuestion): Promise<BarSeries>;
}

/** OHLCV history. Bars are stamped with their opening instant; nothing fills gaps. */
export interface HistoryStore {
  /** Bars with `from <= time < to`, oldest first; empty when nothing is stored. The columns are not to be written to. */
  load(key: InstrumentKey, timeframe: Timeframe, span: Interval): Promise<BarSeries>;
  /** Brings many series within quick reach of `load` in one go, where each by itself would have to open the store. */
  prepare(wanted: Iterable<Pick<StoredSeries, 'key' | 'timeframe'>>): Promise<void>;
  /** Saving the same bars twice stores them once. Answers how many rows are new or changed. */
  save(instrument: Instrument, series: BarSeries): Promise<number>;
  /** All or nothing: a batch that cannot be saved, or a source that throws, leaves the store as it was. Answers as `save`. */
  saveAll(batches: Iterable<SeriesBatch> | AsyncIterable<SeriesBatch>): Promise<number>;
  /** Stored stretches from the first to the last bar, oldest first; a week without a bar ends a stretch. */
  coverage(key: InstrumentKey, timeframe: Timeframe): Promise<readonly Interval[]>;
  /** Everything the store knows, sorted by key. */
  instruments(): Promise<readonly Instrument[]>;
  /** What is stored, sorted by key, finest timeframe first. */
  list(): Promise<readonly StoredSeries[]>;
  /** Days that sources have answered for good, of all series. */
  answered(): Promise<readonly AnsweredDays[]>;
  /** Recorded splits, bonuses and the like, sorted by key and ex-day. Stored bars are never changed by them. */
  actions(): Promise<readonly CorporateAction[]>;
  /** One action a share and day: a second one replaces the first. Answers how many are new or changed. */
  saveActions(actions: readonly CorporateAction[]): Promise<number>;
  close(): Promise<void>;
}

/** Where the engine writes down what it did. */
export interface Journal {
  append(entry: JournalEntry): void;
}

/** What the risk rules may know of the account. Paise. */
export interface AccountView {
  /** Value of the account at the newest mark. */
  readonly equityPaise: Paise;
  /** The same when the day began. */
  readonly dayStartEquityPaise: Paise;
  /** What new entries may tie up. */
  readonly availablePaise: Paise;
  readonly openPositions: number;
  /** Tied up by what is open or being entered. */
  readonly deployedPaise: Paise;
  /** Highest value at a mark so far, and of the day; kept only where a limit asks for them. */
  readonly peakEquityPaise: Paise;
  readonly dayPeakEquityPaise: Paise;
}

/** What one strategy did in one instrument. Instants lie before every other where it did not. */
export interface EntryHistory {
  /** The newest entry that was sent, whole. */
  readonly entryTime: EpochMs;
  readonly entrySide: Side;
  readonly entryQuantity: number;
  /** The newest protective stop that closed at a loss. */
  readonly stopTime: EpochMs;
}

/** Sums over everything on the account but the entry that is asked about; each is made when a rule asks. */
export interface AccountBookView {
  /** Entries open or under way. */
  openEntries(): number;
  /** Entries of a day that filled or may still fill. */
  entriesOn(dayNumber: number, of?: { readonly strategy?: string; readonly key?: string }): number;
  /** Worth at the newest closes of what is held or being entered, long and short added up. */
  strategyPaise(name: string): number;
  underlyingPaise(underlying: string): number;
  /** When the oldest of the last `maxEntriesPerMinute` entries was sent, and of the last `stopGuardStops` stops filled. */
  readonly crowdedSince: EpochMs;
  readonly stoppedSince: EpochMs;
}

/** What the risk rules may know of an order beyond its own fields. Prices in rupees, quantities in units. */
export interface OrderFacts {
  readonly instrument: Instrument;
  readonly dayNumber: number;
  /** Limit price, else trigger, else the newest close. */
  readonly referencePrice: number;
  /** Close of the day before; NaN when it is not known. */
  readonly previousClose: number;
  readonly lotSize: number;
  /** Largest quantity of one order. */
  readonly freezeQuantity: number;
  /** Margin and charges of an entry; 0 for an exit. */
  readonly marginPaise: Paise;
  readonly chargesPaise: Paise;
  /** Minute of the day from which MIS entries are refused, and the minute it is. */
  readonly cutOffMinute: number;
  readonly minute: number;
  /** False when the entry adds to what its strategy already holds or is entering, `heldQuantity` units in its direction. */
  readonly opensPosition: boolean;
  readonly heldQuantity: number;
  /** The newest price there is. */
  readonly lastPrice: number;
  readonly own: EntryHistory;
  readonly book: AccountBookView;
}

/** Pure: the same order, facts and account give the same verdict. */
export interface RiskRule {
  /** Coded reason of a refusal, such as RISK_LOT. */
  readonly code: string;
  /** Exits pass unchecked. */
  readonly entriesOnly: boolean;
  allows(order: OrderIntent, facts: OrderFacts, account: AccountView): boolean;
  /** The refusal in a trader's words. */
  why(order: OrderIntent, facts: OrderFacts, account: AccountView): string;
}

/** An entry that asks for its quantity. Prices in rupees. */
export interface SizingRequest {
  readonly instrument: Instrument;
  readonly price: number;
  /** Rupees a unit between entry and protective stop; NaN without a stop. */
  readonly stopDistance: number;
  readonly lotSize: number;
  readonly equityPaise: Paise;
  /** Highest value at a mark so far; kept where the rule needs it. */
  readonly peakEquityPaise: Paise;
  /** Mean true range of the last so many closed bars, rupees; NaN while there are fewer. */
  meanRange(bars: number): number;
  /** Charges of an entry of so many units, paise. */
  charges(quantity: number): Paise;
}

/** How many units an entry takes. */
export interface SizingRule {
  readonly name: string;
  /** Asks for the account's peak, which is then looked at on every mark. */
  readonly needsPeak?: boolean;
  /** Units, a multiple of the lot; 0 when the entry is too small to be one. */
  quantity(request: SizingRequest): number;
  /** Why the quantity is 0, in a trader's words. */
  whyNothing(request: SizingRequest): string;
}
