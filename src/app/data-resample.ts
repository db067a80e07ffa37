import { DataError } from '../domain/errors.ts';
import { canResample, resample, sessionsOf } from '../domain/resample.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import { isoInstant } from '../domain/time.ts';
import { parseTimeframe, type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { HistoryStore, SeriesBatch } from '../engine/ports.ts';
import { chosenSeries } from './chosen-series.ts';

export interface ResampledRow {
  readonly symbol: string;
  readonly source: Timeframe;
  readonly timeframe: Timeframe;
  readonly bars: number;
  /** ISO, +05:30. */
  readonly from: string;
  readonly to: string;
  /** Source bars outside the trading hours, which are left out. */
  readonly dropped: number;
}

export interface ResampleResult {
  /** Bars that are new in the history or differ from what it held. */
  readonly saved: number;
  readonly series: readonly ResampledRow[];
}

/**
 * Makes bars of a longer timeframe from the coarsest stored ones that divide it, and stores them, all or nothing. A last bar
 * whose time had not ended when the source did is left out.
 *
 * @throws DataError DATA_TIMEFRAME when an instrument has no finer bars
 */
export async function resampleData(
  { store, calendar }: { readonly store: HistoryStore; readonly calendar: TradingCalendar },
  request: { readonly symbols: readonly string[]; readonly timeframe: string },
): Promise<ResampleResult> {
  const timeframe = parseTimeframe(request.timeframe);
  const chosen = await chosenSeries(store, request.symbols);
  const instruments = new Map(chosen.map(({ instrument }) => [instrument.key, instrument]));
  const batches: SeriesBatch[] = [];
  const rows: ResampledRow[] = [];
  for (const instrument of instruments.values()) {
    const held = chosen
      .filter((each) => each.instrument === instrument)
      .map(({ stored }) => stored.timeframe);
    const [source] = held
      .filter((each) => each !== timeframe && canResample(each, timeframe))
      .sort((a, b) => timeframes.indexOf(b) - timeframes.indexOf(a));
    if (source === undefined) {
      throw new DataError(
        'DATA_TIMEFRAME',
        `${timeframe} bars of ${instrument.key} cannot be made of what is stored: ${held.join(', ')}.`,
        'Import finer bars whose length divides it.',
      );
    }
    const bars = await store.load(instrument.key, source, { from: -Infinity, to: Infinity });
    const { series: made, dropped, unfinished } = resample(bars, timeframe, sessionsOf(calendar, instrument));
    const series = unfinished ? made.slice(0, made.length - 1) : made;
    if (series.length === 0) continue;
    batches.push({ instrument, series });
    rows.push({
      symbol: instrument.key,
      source,
      timeframe,
      bars: series.length,
      from: isoInstant(series.time[0]),
      to: isoInstant(series.time[series.length - 1]),
      dropped,
    });
  }
  return { saved: await store.saveAll(batches), series: rows };
}
