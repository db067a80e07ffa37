import { loadRulebook } from '../config/rulebook.ts';
import { DataError } from '../domain/errors.ts';
import { dayMs, istDate, istDayNumber, startOfDay } from '../domain/time.ts';
import type { TradingRecord } from '../research/analysis/trading-record.ts';
import { buyAndHold } from '../research/benchmark.ts';
import { numberOf } from '../research/figure.ts';
import type { Context } from './context.ts';
import { loadBars, storedInstrument } from './history.ts';
import { historyOf } from './open-history.ts';

/** What holding one instrument over a book's days would have earned. */
export interface HeldBenchmark {
  readonly key: string;
  readonly returnPercent: number;
  /** The account's over the same days. */
  readonly accountPercent: number;
  readonly from: string;
  readonly to: string;
}

/**
 * Holding an instrument from the close before a book's first day to the close of its last. Charges and dividends are left out.
 *
 * @throws DataError DATA_MISSING without two day bars
 */
export async function heldBenchmark(
  context: Context,
  key: string,
  { capitalPaise, equity: { time, equityPaise, length } }: Pick<TradingRecord, 'capitalPaise' | 'equity'>,
): Promise<HeldBenchmark> {
  const store = historyOf(context);
  const instrument = await storedInstrument(store, key.toUpperCase());
  const { calendar } = loadRulebook(context.folders.root, context.folders.home);
  const [first, last] = [istDayNumber(time[0] ?? 0), istDayNumber(time[length - 1] ?? 0)];
  // Ten days reach back over any closure to the close that was known when the book began.
  const span = { from: startOfDay(first) - 10 * dayMs, to: startOfDay(last + 1) };
  const { series } = await loadBars(store, calendar, { instrument, timeframe: 'day', span });
  const start = Math.max(0, series.rowAt(startOfDay(first), 0) - 1);
  const closes = series.close.subarray(start, series.length);
  const held = numberOf(
    buyAndHold([{ key: instrument.key, close: Float64Array.from(closes), length: closes.length }]),
  );
  if (length === 0 || held === undefined)
    throw new DataError(
      'DATA_MISSING',
      `${instrument.key} has no two day bars between ${istDate(span.from)} and ${istDate(span.to - 1)}.`,
      `Run: algo backfill "${instrument.key}" -i day --from ${istDate(span.from)}`,
    );
  return {
    key: instrument.key,
    returnPercent: held,
    accountPercent: (equityPaise[length - 1] / capitalPaise - 1) * 100,
    from: istDate(series.time[start]),
    to: istDate(series.time[series.length - 1]),
  };
}
