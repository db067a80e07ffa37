import type { BarSeries } from '../../domain/bar-series.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { istDayNumber, startOfDay } from '../../domain/time.ts';
import { timeframeMs } from '../../domain/timeframe.ts';
import type { BarCursor } from '../../indicators/series.ts';
import { type CircuitLock, lockedCircuit } from './locked-circuit.ts';
import type { RestingOrder } from './resting-order.ts';

/** One instrument in the simulated exchange: the bars it trades on and the orders that rest. */
export class InstrumentBook {
  readonly instrument: Instrument;
  readonly series: BarSeries;
  /** Where the engine stands, which is where an order of its own finds the market. */
  readonly cursor: BarCursor;
  /** Finer bars that settle what happened inside a bar; undefined without them. */
  readonly detail: BarSeries | undefined;
  readonly barMs: number;
  /** First instant with a volume; before it, and for an index for ever, nothing is known that could limit a fill. */
  readonly volumeFrom: number;
  readonly orders: RestingOrder[] = [];
  /** Orders that came while a bar was being matched and wait for the next one. */
  readonly arrivals: RestingOrder[] = [];
  /** Units in a lot; fills are whole lots. */
  readonly lot: number;
  /** Last bar that orders met, whose volume is spoken for. */
  metRow = -1;
  /** Units that may still be filled in the current bar. */
  capacity = Number.POSITIVE_INFINITY;
  dayNumber = -1;
  /** Prices at which resting orders can act, and the instant up to which they are known. */
  private above = Number.POSITIVE_INFINITY;
  private below = Number.NEGATIVE_INFINITY;
  private sleepsUntil = Number.NEGATIVE_INFINITY;
  /** Rows already known to wake nobody. */
  private calmFrom = 0;
  private calmTo = 0;
  previousClose = Number.NaN;
  /** What is known of a lock from elsewhere than the bars; undefined leaves it to them. */
  locked: CircuitLock | undefined;

  constructor(instrument: Instrument, lot: number, cursor: BarCursor, detail: BarSeries | undefined) {
    this.instrument = instrument;
    this.lot = lot;
    this.cursor = cursor;
    this.series = cursor.series;
    this.detail = detail;
    this.barMs = timeframeMs(this.series.timeframe);
    this.volumeFrom = volumeFrom(this.series);
  }

  add(resting: RestingOrder): void {
    this.orders.push(resting);
    this.wake();
  }

  /** Something changed, so the next bar is met in full. */
  wake(): void {
    this.sleepsUntil = Number.NEGATIVE_INFINITY;
    this.calmTo = 0;
  }

  /** After a bar: until a price is reached at which a resting order can act, or an entry's day ends, nothing can happen. */
  sleep(): void {
    this.above = Number.POSITIVE_INFINITY;
    this.below = Number.NEGATIVE_INFINITY;
    this.sleepsUntil = Number.POSITIVE_INFINITY;
    this.calmTo = 0;
    for (const resting of this.orders) {
      // An order's day is the day of the first bar it meets, so it meets one before it may be passed over.
      if (resting.isMarket || resting.dayNumber < 0) this.wake();
      const level = resting.isStop ? resting.trigger : resting.price;
      if (resting.isStop === resting.buys) this.above = Math.min(this.above, level);
      else this.below = Math.max(this.below, level);
      if (resting.entry) this.sleepsUntil = Math.min(this.sleepsUntil, startOfDay(this.dayNumber + 1));
    }
  }

  /** First row from `from` on that wakes a resting order; `to` when none before it does. */
  calmUntil(from: number, to: number): number {
    if (this.orders.length === 0) return to;
    // Asked again and again while the engine goes through a calm stretch, so what is known is kept.
    if (from < this.calmFrom || from > this.calmTo) this.calmTo = from;
    this.calmFrom = from;
    let row = this.calmTo;
    const { sleepsUntil, above, below } = this;
    const { time, high, low } = this.series;
    while (row < to && time[row] < sleepsUntil && high[row] < above && low[row] > below) row++;
    this.calmTo = row;
    return row < to ? row : to;
  }

  /** Yesterday's close, looked up once a day and only when an order needs it. */
  enterDay(time: number): void {
    const dayNumber = istDayNumber(time);
    if (dayNumber === this.dayNumber) return;
    this.dayNumber = dayNumber;
    const row = this.series.rowAt(startOfDay(dayNumber)) - 1;
    this.previousClose = row >= 0 ? this.series.close[row] : Number.NaN;
  }

  circuit(high: number, low: number, tick: number): CircuitLock {
    if (this.locked !== undefined) return this.locked;
    return lockedCircuit(this.instrument, { high, low, previousClose: this.previousClose, tick });
  }
}

function volumeFrom({ time, volume, length }: BarSeries): number {
  for (let row = 0; row < length; row++) if (volume[row] > 0) return time[row];
  return Number.POSITIVE_INFINITY;
}
