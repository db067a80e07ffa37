import { BarBuilder, type BuiltBar } from '../../domain/bar-builder.ts';
import type { SessionsByDay } from '../../domain/resample.ts';
import { type EpochMs, secondMs } from '../../domain/time.ts';
import type { Timeframe } from '../../domain/timeframe.ts';
import type { Cancel, TimerClock } from '../../engine/ports.ts';
import { Ticker } from './ticker.ts';
import type { TickerLoss, TickerOptions } from './ticker-line.ts';
import type { OrderFrame } from './ticker-text.ts';

/** Bars that a session decides on. */
export interface FedSeries {
  /** Of today. */
  readonly token: number;
  readonly timeframe: Timeframe;
  /** Undefined for a market without a calendar. */
  readonly sessions: SessionsByDay | undefined;
}

/** A bar that closed, and the place of its series among those that were asked for. */
export interface ClosedBar {
  readonly place: number;
  readonly bar: BuiltBar;
}

export interface FeedListener {
  /** All bars that closed at one instant, in the order of their series. Instants come in the order of time. */
  closed(time: EpochMs, bars: readonly ClosedBar[]): void;
  /** A trade of an instrument: rupees, by the first place that has its token. */
  price?(place: number, price: number): void;
  /** Whether everything is heard that was asked for. */
  hearing(heard: boolean, loss: TickerLoss | undefined): void;
  order?(frame: OrderFrame): void;
  tokenDead(): void;
  trouble?(message: string): void;
}

export interface KiteFeedOptions {
  readonly ticker: TickerOptions;
  readonly series: readonly FedSeries[];
  /** The market's time, by which a bar is closed when no later trade does. */
  readonly clock: TimerClock;
  /** How long after its end a bar waits for trades that come late; milliseconds of the market's time, which may change its pace. */
  readonly graceMs: () => number;
  /**
   * Ticks come in the order in which they happened, so the first one of a later time closes what ended before it. So does a sandbox
   * send them; Kite's three connections do not wait for each other.
   */
  readonly ordered: boolean;
}

/** What a feed counts over its life. */
export interface FeedCounts {
  ticks: number;
  late: number;
  outside: number;
  /** Stamped with a time that has not come yet. */
  ahead: number;
}

/** Clocks of exchanges and computers differ; more than this is nonsense that would close bars which have not ended. */
const aheadMsMax = 10 * secondMs;

/** Ticks of a broker's stream made into bars. Nothing here waits for whoever listens. */
export class KiteFeed {
  readonly counts: FeedCounts = { ticks: 0, late: 0, outside: 0, ahead: 0 };
  readonly #options: KiteFeedOptions;
  readonly #listener: FeedListener;
  readonly #ticker: Ticker;
  readonly #builders: readonly BarBuilder[];
  /** Places of the series of each of the ticker's slots. */
  readonly #places: readonly (readonly number[])[];
  readonly #volume: Float64Array;
  readonly #tradeTime: Float64Array;
  readonly #price: Float64Array;
  #heard = false;
  #earliestEnd = Number.POSITIVE_INFINITY;
  #cancel: Cancel = () => undefined;

  /** @throws UsageError USAGE_TOKENS beyond 9,000 instruments, ConfigError CONFIG_KITE_ROOT */
  constructor(options: KiteFeedOptions, listener: FeedListener) {
    this.#options = options;
    this.#listener = listener;
    const { series } = options;
    this.#builders = series.map(({ timeframe, sessions }) => new BarBuilder(timeframe, sessions));
    const tokens = [...new Set(series.map(({ token }) => token))];
    this.#places = tokens.map((token) =>
      series.flatMap((each, place) => (each.token === token ? [place] : [])),
    );
    const column = () => new Float64Array(tokens.length).fill(Number.NaN);
    this.#volume = column();
    this.#tradeTime = column();
    this.#price = column();
    this.#ticker = new Ticker(options.ticker, tokens, 'full', {
      tick: this.#tick,
      order: (frame) => listener.order?.(frame),
      connections: (standing, wanted, loss) => this.#connections(standing === wanted, loss),
      tokenDead: () => {
        this.#connections(false, 'refused');
        listener.tokenDead();
      },
      trouble: (message) => listener.trouble?.(message),
    });
  }

  connect(): void {
    this.#ticker.connect();
  }

  close(): void {
    this.#cancel();
    this.#ticker.close();
  }

  /** Last price of a series' instrument, rupees; NaN before the first tick. */
  lastPrice(place: number): number {
    const slot = this.#ticker.columns.slotOf(this.#options.series[place].token);
    return this.#ticker.columns.lastPrice[slot];
  }

  /** The exchange's time of the newest tick of a series' instrument; NaN before the first. */
  tickTime(place: number): EpochMs {
    const { columns } = this.#ticker;
    const slot = columns.slotOf(this.#options.series[place].token);
    return Number.isNaN(columns.exchangeTime[slot]) ? columns.arrived[slot] : columns.exchangeTime[slot];
  }

  /** Units since the day began with the newest tick of a series' instrument; NaN where there are none. */
  volume(place: number): number {
    const { columns } = this.#ticker;
    return columns.volume[columns.slotOf(this.#options.series[place].token)];
  }

  #connections(heard: boolean, loss: TickerLoss | undefined): void {
    if (heard && !this.#heard) {
      const from = this.#options.clock.now();
      for (const builder of this.#builders) builder.hearsFrom(from);
    } else if (!heard) for (const builder of this.#builders) builder.goesDeaf();
    if (heard !== this.#heard || loss) this.#listener.hearing(heard, loss);
    this.#heard = heard;
  }

  readonly #tick = (slot: number): void => {
    const { columns } = this.#ticker;
    this.counts.ticks += 1;
    const price = columns.lastPrice[slot];
    const volume = columns.volume[slot];
    const tradeTime = columns.lastTradeTime[slot];
    const exchangeTime = columns.exchangeTime[slot];
    const now = exchangeTime;
    // The first packet of an instrument may come before its mode is set, and without a time nothing can be done with it.
    if (Number.isNaN(now)) return;
    const { clock, graceMs } = this.#options;
    if (now > clock.now() + graceMs() + aheadMsMax) {
      this.counts.ahead += 1;
      return;
    }
    if (this.#options.ordered && now >= this.#earliestEnd) this.#closeUntil(now);
    // A packet that shows another depth only is no trade.
    const traded = !Number.isNaN(tradeTime);
    if (traded && tradeTime === this.#tradeTime[slot] && volume === this.#volume[slot]) {
      if (price === this.#price[slot]) return;
    }
    this.#tradeTime[slot] = tradeTime;
    this.#volume[slot] = volume;
    this.#price[slot] = price;
    const places = this.#places[slot];
    for (let at = 0; at < places.length; at++)
      this.#trade(places[at], traded ? tradeTime : now, price, volume);
    this.#listener.price?.(places[0], price);
  };

  #trade(place: number, time: EpochMs, price: number, volume: number): void {
    const builder = this.#builders[place];
    const taken = builder.trade(time, price, volume);
    if (taken === 'late') this.counts.late += 1;
    else if (taken === 'outside') this.counts.outside += 1;
    else if (builder.endsAt < this.#earliestEnd) this.#wakeFor(builder.endsAt);
  }

  #wakeFor(end: EpochMs): void {
    this.#cancel();
    this.#earliestEnd = end;
    const { clock, graceMs } = this.#options;
    this.#cancel =
      end === Number.POSITIVE_INFINITY
        ? () => undefined
        : clock.at(end + graceMs(), () => this.#closeUntil(clock.now() - graceMs()));
  }

  /** Closes every bar that has ended by then, instant by instant. */
  #closeUntil(until: EpochMs): void {
    let end = this.#nextEnd();
    while (end <= until) {
      const bars: ClosedBar[] = [];
      for (let place = 0; place < this.#builders.length; place++) {
        if (this.#builders[place].endsAt !== end) continue;
        const bar = this.#builders[place].close(end);
        if (bar) bars.push({ place, bar });
      }
      this.#listener.closed(end, bars);
      end = this.#nextEnd();
    }
    this.#wakeFor(end);
  }

  #nextEnd(): EpochMs {
    let end = Number.POSITIVE_INFINITY;
    for (const builder of this.#builders) end = Math.min(end, builder.endsAt);
    return end;
  }
}
