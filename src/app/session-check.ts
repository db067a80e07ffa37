import type { RawSeries } from '../adapters/files/raw-series.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Rulebook, TradingSession } from '../domain/rulebook.ts';
import { istDayNumber, istMinuteOfDay } from '../domain/time.ts';
import { isIntraday, minutesOf, type Timeframe } from '../domain/timeframe.ts';

const openingMinute = 9 * 60 + 15;
const closingMinute = 15 * 60 + 30;

/** Counts what looks odd about the times of bars. Nothing is left out for it: the bars are stored as they came. */
export class SessionCheck {
  readonly #rulebook: Rulebook | undefined;
  #outside = 0;
  #closedDays = 0;
  #uncovered = false;
  readonly #endStamped = new Set<string>();

  constructor(rulebook: Rulebook | undefined) {
    this.#rulebook = rulebook;
  }

  /** Looks whether stamps that were taken for starts are ends: never a bar at the opening, always one at the close. */
  stamps({ rules, key }: Instrument, timeframe: Timeframe, series: RawSeries): void {
    if (!['NSE', 'BSE', 'NFO', 'BFO'].includes(rules) || !isIntraday(timeframe) || minutesOf(timeframe) > 30)
      return;
    let opening = 0;
    let closing = 0;
    for (let row = 0; row < series.length; row++) {
      const minute = istMinuteOfDay(series.time[row]);
      if (minute === openingMinute) opening++;
      if (minute === closingMinute) closing++;
    }
    if (opening === 0 && closing > 0) this.#endStamped.add(key);
  }

  bars(instrument: Instrument, series: BarSeries): void {
    const { calendar } = this.#rulebook ?? {};
    if (!calendar || instrument.rules === 'none' || this.#uncovered) return;
    let day = Number.NaN;
    let session: TradingSession | undefined;
    for (let row = 0; row < series.length; row++) {
      const time = series.time[row];
      const today = istDayNumber(time);
      if (today !== day) {
        day = today;
        try {
          session = calendar.session(instrument, day);
        } catch {
          // A day before the calendar's first: its bars are kept, and there is nothing to compare them with.
          this.#uncovered = true;
          return;
        }
        if (!session && !isIntraday(series.timeframe)) this.#closedDays++;
      }
      if (!isIntraday(series.timeframe)) continue;
      if (!session?.windows.some(({ from, to }) => from <= time && time < to)) this.#outside++;
    }
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#outside > 0)
      notes.push(
        `${this.#outside} bars lie outside trading hours; they are stored and left out when a run builds its bars.`,
      );
    if (this.#closedDays > 0) notes.push(`${this.#closedDays} day bars fall on days without a session.`);
    for (const key of this.#endStamped) {
      notes.push(
        `${key} has no bar at 09:15 but one at 15:30: its stamps may be the ends of bars. If so, import it with --stamps end.`,
      );
    }
    return notes;
  }
}
