import { BarClock, type SessionsByDay } from './resample.ts';
import { type EpochMs, istDayNumber, startOfDay } from './time.ts';
import type { Timeframe } from './timeframe.ts';

/** What became of a trade that was told. */
export type Taken = 'taken' | 'late' | 'outside';

/** A bar that has closed. Rupees, units. */
export interface BuiltBar {
  readonly time: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** The feed was heard from the bar's opening to its end; one that is not whole is to be taken from history. */
  readonly whole: boolean;
}

/** A bar under way; `start` is NaN while there is none. */
class Growing {
  start = Number.NaN;
  end = Number.POSITIVE_INFINITY;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  /** The day's volume with its last trade; NaN where the feed gives none. */
  volume = Number.NaN;
  whole = true;

  begin(start: EpochMs, end: EpochMs, whole: boolean): void {
    this.start = start;
    this.end = end;
    this.open = Number.NaN;
    this.volume = Number.NaN;
    this.whole = whole;
  }

  take(price: number, volume: number): void {
    if (Number.isNaN(this.open)) {
      this.open = price;
      this.high = price;
      this.low = price;
    } else {
      if (price > this.high) this.high = price;
      if (price < this.low) this.low = price;
    }
    this.close = price;
    if (!Number.isNaN(volume)) this.volume = volume;
  }

  clear(): void {
    this.start = Number.NaN;
    this.end = Number.POSITIVE_INFINITY;
  }
}

/**
 * Bars of one instrument at one timeframe out of its trades, on the grid of its trading hours. Two bars may be under way: the one
 * whose time has passed stays open for trades that come late until it is closed, while the next one grows.
 *
 * The exchange sends the day's volume so far, so a bar's volume is the difference of two ticks. A smaller figure than before means
 * that the exchange restarted its count: it is taken as it is.
 */
export class BarBuilder {
  private readonly clock: BarClock;
  private readonly ending = new Growing();
  private readonly growing = new Growing();
  /** Closed bars take nothing more. */
  private closedUntil = Number.NEGATIVE_INFINITY;
  /** The day's volume when the last bar closed, and the end of the day that it counts. */
  private volumeBefore = 0;
  private volumeDayEnd = Number.NEGATIVE_INFINITY;
  /** Until here the feed was not heard. */
  private deafUntil = Number.POSITIVE_INFINITY;

  constructor(timeframe: Timeframe, sessions: SessionsByDay | undefined) {
    // Trades are instants, so the source is as fine as it gets.
    this.clock = new BarClock('1m', timeframe, sessions);
  }

  /** The feed is heard from here on; bars that began before are not whole. */
  hearsFrom(time: EpochMs): void {
    this.deafUntil = time;
    this.growing.whole = false;
    this.ending.whole = false;
  }

  /** The feed is not heard any more. */
  goesDeaf(): void {
    this.hearsFrom(Number.POSITIVE_INFINITY);
  }

  /**
   * `volume` is the day's so far; NaN where there is none. The first tick after connecting is the last one there was, however old:
   * with what was traded before the opening it only tells from where the volume counts, and begins no bar.
   */
  trade(time: EpochMs, price: number, volume: number): Taken {
    if (time < this.closedUntil) return 'late';
    if (time >= this.volumeDayEnd) this.turnDay(time);
    const { clock, growing, ending } = this;
    if (time < this.deafUntil || !clock.find(time)) {
      if (Number.isNaN(growing.start) && !Number.isNaN(volume)) this.volumeBefore = volume;
      return 'outside';
    }
    if (clock.start !== growing.start) {
      if (clock.start === ending.start) {
        ending.take(price, volume);
        return 'taken';
      }
      if (clock.start < growing.start) return 'late';
      // Bars are closed long before a third one begins.
      if (!Number.isNaN(growing.start)) Object.assign(ending, growing);
      // A day bar is stamped with midnight, long before its first trade.
      const opens = Math.max(clock.start, clock.dayOpen);
      growing.begin(clock.start, clock.end, opens >= this.deafUntil);
    }
    growing.take(price, volume);
    return 'taken';
  }

  /** The end of the older bar under way; infinite while there is none. */
  get endsAt(): EpochMs {
    return Number.isNaN(this.ending.start) ? this.growing.end : this.ending.end;
  }

  /** Closes the older bar under way when it has ended by then. */
  close(until: EpochMs): BuiltBar | undefined {
    const { ending, growing } = this;
    const bar = Number.isNaN(ending.start) ? growing : ending;
    if (Number.isNaN(bar.start) || bar.end > until) return undefined;
    const built: BuiltBar = {
      time: bar.start,
      open: bar.open,
      high: bar.high,
      low: bar.low,
      close: bar.close,
      volume: this.volumeOf(bar.volume),
      whole: bar.whole,
    };
    this.closedUntil = bar.end;
    bar.clear();
    return built;
  }

  private volumeOf(total: number): number {
    if (Number.isNaN(total)) return 0;
    const volume = total >= this.volumeBefore ? total - this.volumeBefore : total;
    this.volumeBefore = total;
    return volume;
  }

  private turnDay(time: EpochMs): void {
    this.volumeDayEnd = startOfDay(istDayNumber(time) + 1);
    this.volumeBefore = 0;
  }
}
