import { splitLikeRows } from '../domain/bar-faults.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { type Instrument, isOption } from '../domain/instrument.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import { dayMs, type Interval, isoDateOfDay, istDate, istDayNumber } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';

/**
 * What the bars lack: sessions of the calendar without a bar, asked-for time before the first or after the last one, and
 * splits that their prices know nothing of.
 */
export function coverageWarnings(
  instrument: Instrument,
  series: BarSeries,
  asked: Interval,
  calendar: TradingCalendar,
): readonly string[] {
  const warnings: string[] = [];
  const first = istDayNumber(series.time[0]);
  const last = istDayNumber(series.time[series.length - 1]);
  if (series.time[0] - asked.from > 7 * dayMs && Number.isFinite(asked.from)) {
    warnings.push(
      `${instrument.key} begins on ${isoDateOfDay(first)}, after the ${istDate(asked.from)} that was asked for.`,
    );
  }
  if (asked.to - series.time[series.length - 1] > 8 * dayMs && Number.isFinite(asked.to)) {
    warnings.push(
      `${instrument.key} ends on ${isoDateOfDay(last)}, before the ${istDate(asked.to - 1)} that was asked for.`,
    );
  }
  const missing = missingSessions(instrument, series, calendar, first, last);
  if (missing.length > 0) {
    const some = missing.slice(0, 3).map(isoDateOfDay).join(', ');
    warnings.push(
      `${instrument.key} has no bar on ${missing.length} trading day${missing.length === 1 ? '' : 's'} between its first and last: ` +
        `${some}${missing.length > 3 ? ' …' : ''}.`,
    );
  }
  const jumps = isOption(instrument) ? [] : splitLikeRows(series);
  if (jumps.length > 0) {
    const [row] = jumps;
    const more = jumps.length > 1 ? `, and ${jumps.length - 1} more such` : '';
    warnings.push(
      `${instrument.key} jumps from ${series.close[row - 1]} to ${series.open[row]} on ${istDate(series.time[row])}${more}, ` +
        'like a split or bonus that its prices are not adjusted for; record it with algo data actions import.',
    );
  }
  return warnings;
}

function missingSessions(
  instrument: Instrument,
  series: BarSeries,
  calendar: TradingCalendar,
  first: number,
  last: number,
): readonly number[] {
  if (instrument.rules === 'none' || !daily(series.timeframe)) return [];
  const days = new Set<number>();
  let day = -1;
  for (let row = 0; row < series.length; row++) {
    const next = istDayNumber(series.time[row]);
    if (next !== day) days.add(next);
    day = next;
  }
  const missing: number[] = [];
  for (let each = first; each <= last; each++) {
    if (!days.has(each) && calendar.session(instrument, each)) missing.push(each);
  }
  return missing;
}

function daily(timeframe: Timeframe): boolean {
  return timeframe !== 'week' && timeframe !== 'month';
}
