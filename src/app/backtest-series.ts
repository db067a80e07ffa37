import { type BarSeries, hasVolume } from '../domain/bar-series.ts';
import { codeOf, UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { type Interval, isoDateOfDay, istDayNumber, startOfDay } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore } from '../engine/ports.ts';
import type { BacktestRequest } from './backtest-request.ts';
import type { BacktestSeries } from './backtest-run.ts';
import type { ChosenStrategy } from './chosen-strategies.ts';
import { coverageWarnings } from './coverage-warnings.ts';
import { type LoadedBars, loadBars, prepareBars } from './history.ts';
import { spanOf } from './run-span.ts';
import type { Universe } from './universe.ts';
import { Warnings } from './warnings.ts';

/**
 * The bars a run goes over: for each instrument one series per timeframe that a strategy decides on.
 *
 * @throws DataError DATA_MISSING when an instrument has no bar in the span
 */
export async function runSeries({
  store,
  rulebook,
  universe,
  chosen,
  timeframe,
  request,
  prices,
  detail,
}: {
  readonly store: HistoryStore;
  readonly rulebook: Rulebook;
  readonly universe: Universe;
  readonly chosen: readonly ChosenStrategy[];
  readonly timeframe: Timeframe | undefined;
  readonly request: BacktestRequest;
  readonly prices: 'raw' | 'adjusted';
  readonly detail: 'none' | Timeframe;
}): Promise<{ readonly series: readonly BacktestSeries[]; readonly warnings: readonly string[] }> {
  const { calendar } = rulebook;
  const asked = spanOf(request);
  const found: BacktestSeries[] = [];
  const warnings = new Warnings();
  const { instruments, named } = universe;
  const frames = byTimeframe(chosen, timeframe);
  await prepareBars(store, instruments, [...frames.keys()]);
  for (const instrument of instruments) {
    for (const [frame, strategies] of frames) {
      const { key } = instrument;
      const loaded = await barsOf(instrument, frame);
      if (loaded === undefined) {
        warnings.add('absent', `${key} has no ${frame} bars in the span and is left out.`);
        continue;
      }
      const series = lastDays(fromDay(loaded.series, universe.begins.get(key)), request.days);
      if (series.length === 0) continue;
      if (loaded.dropped > 0) {
        warnings.add(
          'dropped',
          `${loaded.dropped} stored bars of ${key} lie outside the trading hours and are left out.`,
        );
      }
      const { applied } = loaded;
      if (applied.length > 0) {
        warnings.add(
          'adjusted',
          `Prices of ${key} before ${isoDateOfDay(applied[applied.length - 1].exDay)} are adjusted for ${applied.length} recorded ${applied.length === 1 ? 'action' : 'actions'}; --prices raw takes them as printed.`,
        );
      }
      for (const sentence of coverageWarnings(instrument, series, asked, calendar))
        warnings.add('coverage', sentence);
      if (!hasVolume(series)) {
        warnings.add(
          'volume',
          `${key} has no volumes, so the share of a bar's volume does not limit its fills.`,
        );
      }
      const fine = detail === 'none' ? undefined : await detailOf(instrument, series, detail);
      found.push({ instrument, series, detail: fine, strategies });
    }
  }
  if (found.length === 0)
    throw new UsageError(
      'USAGE_UNIVERSE',
      'The universe is empty.',
      'Name instruments that have bars in the span; algo data list shows them.',
    );
  return { series: found, warnings: warnings.sentences() };

  /** Of a list, instruments without bars in the span are left out; one that was named must have them. */
  async function barsOf(instrument: Instrument, frame: Timeframe): Promise<LoadedBars | undefined> {
    try {
      return await loadBars(store, calendar, {
        instrument,
        timeframe: frame,
        span: asked,
        prices,
      });
    } catch (cause) {
      const missing = codeOf(cause) === 'DATA_MISSING';
      if (missing && instruments.length > 1 && !named.has(instrument.key)) return undefined;
      throw cause;
    }
  }

  async function detailOf(
    instrument: Instrument,
    series: BarSeries,
    frame: Timeframe,
  ): Promise<BarSeries | undefined> {
    if (frame === series.timeframe) return undefined;
    const span: Interval = {
      from: series.time[0],
      to: startOfDay(istDayNumber(series.time[series.length - 1]) + 1),
    };
    return (await loadBars(store, calendar, { instrument, timeframe: frame, span, prices })).series;
  }
}

export function byTimeframe(
  chosen: readonly ChosenStrategy[],
  timeframe: Timeframe | undefined,
): ReadonlyMap<Timeframe, readonly ChosenStrategy[]> {
  const groups = new Map<Timeframe, ChosenStrategy[]>();
  for (const each of chosen) {
    const frame = timeframe ?? each.strategy.timeframe;
    groups.set(frame, [...(groups.get(frame) ?? []), each]);
  }
  return groups;
}

function fromDay(series: BarSeries, day: number | undefined): BarSeries {
  if (day === undefined || day === Number.NEGATIVE_INFINITY) return series;
  return series.slice(series.rowAt(startOfDay(day)), series.length);
}

/** The bars of the last so many days that have any. */
function lastDays(series: BarSeries, days: number | undefined): BarSeries {
  if (days === undefined) return series;
  let left = days;
  let row = series.length;
  while (row > 0 && left > 0) {
    row = series.rowAt(startOfDay(istDayNumber(series.time[row - 1])));
    left -= 1;
  }
  return row === 0 ? series : series.slice(row, series.length);
}
