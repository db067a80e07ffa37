import { BarSeries } from '../domain/bar-series.ts';
import type { Instrument } from '../domain/instrument.ts';
import { canResample, closesOf, insideSessions, resample, type SessionsByDay } from '../domain/resample.ts';
import { type EpochMs, istDayNumber } from '../domain/time.ts';
import { type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { CandleSource } from '../engine/ports.ts';

export interface CandleSpan {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly sessions: SessionsByDay | undefined;
  /** Bars that close after `after` and not after `until`; the source's running candle closes later than now. */
  readonly after: EpochMs;
  readonly until: EpochMs;
}

/**
 * Bars of a source that have closed, on the grid of the trading hours. A timeframe that it does not serve is made from the coarsest
 * one that divides it.
 *
 * @throws what the source throws
 */
export async function closedCandles(
  source: CandleSource,
  { instrument, timeframe, sessions, after, until }: CandleSpan,
): Promise<BarSeries> {
  const served = servedAs(source, timeframe);
  const spanDays = Math.max(1, source.spanDays(served) ?? 1);
  const first = Math.max(istDayNumber(after), source.firstDay(served, istDayNumber(until)));
  const last = istDayNumber(until);
  const all = new BarSeries(instrument.key, served);
  for (let from = first; from <= last; from += spanDays) {
    const days = { from, to: Math.min(last, from + spanDays - 1) };
    const part = await source.candles({ instrument, timeframe: served, days, continuous: false });
    for (let row = 0; row < part.length; row++) copyRow(part, row, all);
  }
  const bars =
    served === timeframe ? insideSessions(all, sessions).series : resample(all, timeframe, sessions).series;
  const closes = closesOf(bars, sessions);
  const kept = new BarSeries(instrument.key, timeframe);
  for (let row = 0; row < bars.length; row++)
    if (closes[row] > after && closes[row] <= until) copyRow(bars, row, kept);
  return kept;
}

/** Coarsest timeframe first. */
function servedAs(source: CandleSource, timeframe: Timeframe): Timeframe {
  const candidates = [...timeframes].reverse();
  return (
    candidates.find((each) => source.spanDays(each) !== undefined && canResample(each, timeframe)) ??
    timeframe
  );
}

export function copyRow(from: BarSeries, row: number, to: BarSeries): void {
  to.append(from.time[row], from.open[row], from.high[row], from.low[row], from.close[row], from.volume[row]);
}
