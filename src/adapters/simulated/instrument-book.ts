import type { BarSeries } from '../../domain/bar-series.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { istDayNumber, startOfDay } from '../../domain/time.ts';
import { timeframeMs } from '../../domain/timeframe.ts';
import type { RestingOrder } from './resting-order.ts';

/** Daily bands of NSE and BSE shares, as fractions of the previous close. */
const bands = [0.02, 0.05, 0.1, 0.2];

/** One instrument in the simulated exchange: the bars it trades on and the orders that rest. */
export class InstrumentBook {
  readonly instrument: Instrument;
  readonly series: BarSeries;
  /** Finer bars that settle what happened inside a bar; undefined without them. */
  readonly detail: BarSeries | undefined;
  readonly barMs: number;
  /** False where the source knows no volume, as for an index: then volume limits nothing. */
  readonly hasVolume: boolean;
  readonly orders: RestingOrder[] = [];
  row = -1;
  /** Units that may still be filled in the current bar. */
  capacity = Number.POSITIVE_INFINITY;
  dayNumber = -1;
  previousClose = Number.NaN;

  constructor(instrument: Instrument, series: BarSeries, detail: BarSeries | undefined) {
    this.instrument = instrument;
    this.series = series;
    this.detail = detail;
    this.barMs = timeframeMs(series.timeframe);
    this.hasVolume = hasVolume(series);
  }

  /** Yesterday's close, looked up once a day and only when an order needs it. */
  enterDay(time: number): void {
    const dayNumber = istDayNumber(time);
    if (dayNumber === this.dayNumber) return;
    this.dayNumber = dayNumber;
    const row = this.series.rowAt(startOfDay(dayNumber)) - 1;
    this.previousClose = row >= 0 ? this.series.close[row] : Number.NaN;
  }

  /** +1 when the bar is locked at an upper circuit, where nobody sells; -1 at a lower one; 0 otherwise. */
  circuit(high: number, low: number, tick: number): -1 | 0 | 1 {
    const { kind, rules } = this.instrument;
    if (high !== low || kind !== 'EQ' || rules === 'none' || Number.isNaN(this.previousClose)) return 0;
    for (const band of bands) {
      if (Math.abs(high - this.previousClose * (1 + band)) <= tick) return 1;
      if (Math.abs(low - this.previousClose * (1 - band)) <= tick) return -1;
    }
    return 0;
  }
}

function hasVolume(series: BarSeries): boolean {
  for (let row = 0; row < series.length; row++) if (series.volume[row] > 0) return true;
  return false;
}
