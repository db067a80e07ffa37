import type { BarSeries } from '../../domain/bar-series.ts';
import type { TradingSession } from '../../domain/rulebook.ts';
import { type EpochMs, istDayNumber, minuteMs } from '../../domain/time.ts';

/** Minutes at the end of the underlying's last day over whose closes its derivatives settle. */
export const averagingMinutes = 30;

/** The underlying as its derivatives see it on one day, in bars of their hours. */
export interface SpotDay {
  readonly length: number;
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Minutes of the underlying's own trading that are left when the bar opens and when it closes. */
  readonly leftAtOpen: Float64Array;
  readonly leftAtClose: Float64Array;
  /** Row of the underlying that ends the bar, or the last one before it. */
  readonly row: Int32Array;
  /** When the bar ends. */
  readonly end: Float64Array;
}

/**
 * An underlying by days. On the day of expiry its level is what the settlement is expected to be: the mean of the last thirty closes,
 * those that are not yet known taken at the level of the moment. After the underlying's close it stands still.
 */
export class SpotDays {
  readonly #series: BarSeries;
  readonly #step: number;
  readonly #firstRow = new Map<number, number>();
  readonly #ordinary = new Map<number, SpotDay | undefined>();
  readonly #expiring = new Map<number, SpotDay | undefined>();

  /** `step` is the length of the bars in minutes. */
  constructor(series: BarSeries, step: number) {
    this.#series = series;
    this.#step = step;
    for (let row = 0; row < series.length; row++) {
      const day = istDayNumber(series.time[row]);
      if (!this.#firstRow.has(day)) this.#firstRow.set(day, row);
    }
  }

  /** Undefined on a day on which the underlying does not trade. */
  day(session: TradingSession, expires: boolean): SpotDay | undefined {
    const known = expires ? this.#expiring : this.#ordinary;
    const { dayNumber } = session;
    if (!known.has(dayNumber)) known.set(dayNumber, this.#seen(session, expires));
    return known.get(dayNumber);
  }

  /** Last close before a day; NaN at the beginning of the market. */
  closeBefore(dayNumber: number): number {
    const row = this.#firstRow.get(dayNumber) ?? 0;
    return row > 0 ? this.#series.close[row - 1] : Number.NaN;
  }

  #endOf(first: number): number {
    const { time, length } = this.#series;
    const day = istDayNumber(time[first]);
    let end = first;
    while (end < length && istDayNumber(time[end]) === day) end++;
    return end;
  }

  #seen(session: TradingSession, expires: boolean): SpotDay | undefined {
    const first = this.#firstRow.get(session.dayNumber);
    if (first === undefined) return undefined;
    const end = this.#endOf(first);
    const level = expires ? expectedSettlement(this.#series, first, end) : undefined;
    const source = level ?? this.#series;
    const offset = level ? first : 0;
    const starts: EpochMs[] = [];
    const ends: EpochMs[] = [];
    for (const { from, to } of session.windows) {
      for (let at = from; at < to; at += this.#step * minuteMs) {
        starts.push(at);
        ends.push(Math.min(to, at + this.#step * minuteMs));
      }
    }
    const seen = emptyDay(starts.length);
    let row = first;
    let last = level ? level.open[0] : this.#series.open[first];
    for (let bar = 0; bar < starts.length; bar++) {
      seen.time[bar] = starts[bar];
      seen.end[bar] = ends[bar];
      seen.leftAtOpen[bar] = end - row;
      let open = Number.NaN;
      let high = last;
      let low = last;
      while (row < end && this.#series.time[row] < ends[bar]) {
        const at = row - offset;
        if (Number.isNaN(open)) {
          open = source.open[at];
          high = source.high[at];
          low = source.low[at];
        }
        if (source.high[at] > high) high = source.high[at];
        if (source.low[at] < low) low = source.low[at];
        last = source.close[at];
        row++;
      }
      seen.open[bar] = Number.isNaN(open) ? last : open;
      seen.high[bar] = high;
      seen.low[bar] = low;
      seen.close[bar] = last;
      seen.leftAtClose[bar] = end - row;
      seen.row[bar] = Math.max(first, row - 1);
    }
    return seen;
  }
}

interface Levels {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

function expectedSettlement(series: BarSeries, first: number, end: number): Levels {
  const rows = end - first;
  const window = Math.min(averagingMinutes, rows);
  const levels = {
    open: series.open.slice(first, end),
    high: series.high.slice(first, end),
    low: series.low.slice(first, end),
    close: series.close.slice(first, end),
  };
  let known = 0;
  for (let minute = 0; minute < window; minute++) {
    const at = rows - window + minute;
    const left = window - minute;
    levels.open[at] = (known + levels.open[at] * left) / window;
    levels.high[at] = (known + levels.high[at] * left) / window;
    levels.low[at] = (known + levels.low[at] * left) / window;
    const close = levels.close[at];
    known += close;
    levels.close[at] = (known + close * (left - 1)) / window;
  }
  return levels;
}

function emptyDay(length: number): SpotDay {
  const column = () => new Float64Array(length);
  return {
    length,
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    leftAtOpen: column(),
    leftAtClose: column(),
    row: new Int32Array(length),
    end: column(),
  };
}
