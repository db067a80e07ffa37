import { generateMarket } from '../adapters/synthetic/generate-market.ts';
import { type Likeness, measureLikeness } from '../adapters/synthetic/likeness.ts';
import { syntheticExchange } from '../adapters/synthetic/listings.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { resample } from '../domain/resample.ts';
import type { Rulebook, TradingCalendar } from '../domain/rulebook.ts';
import { type IsoDate, isoInstant } from '../domain/time.ts';
import { parseTimeframe, type Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore, StoredSeries } from '../engine/ports.ts';
import { sessionsOf } from './history.ts';

export const syntheticTimeframes = ['1m', '5m', '15m', 'day'] as const;
export type SyntheticTimeframe = (typeof syntheticTimeframes)[number];

export interface GenerateRequest {
  readonly seed: number;
  readonly from: IsoDate;
  /** Trading days. */
  readonly days: number;
  /** Stocks beside the index. */
  readonly symbols: number;
  readonly timeframe: SyntheticTimeframe;
}

export interface GeneratedSeries {
  readonly symbol: string;
  readonly kind: string;
  readonly bars: number;
  /** Opening instants of the first and last bar, ISO-8601 with +05:30. */
  readonly from: string;
  readonly to: string;
}

export interface Generated {
  readonly synthetic: true;
  readonly seed: number;
  readonly timeframe: SyntheticTimeframe;
  /** Bars that are new in the history or differ from what it held. */
  readonly saved: number;
  readonly series: readonly GeneratedSeries[];
  /** Measured against NSE, when asked for. */
  readonly check?: readonly Likeness[];
}

export interface GenerateParts {
  readonly store: HistoryStore;
  readonly rulebook: Pick<Rulebook, 'calendar' | 'contracts'>;
}

/** Reads the word as every command does. @throws UsageError USAGE_TIMEFRAME when the invented market is not made in it */
export function syntheticTimeframe(word: string): SyntheticTimeframe {
  const timeframe = parseTimeframe(word);
  const known = syntheticTimeframes.find((one) => one === timeframe);
  if (known) return known;
  throw new UsageError(
    'USAGE_TIMEFRAME',
    `The synthetic market was asked for in ${timeframe} bars.`,
    `Use one of ${syntheticTimeframes.join(', ')}; other timeframes are made from them when they are read.`,
  );
}

/**
 * Invents a market and saves it, all of it or nothing.
 *
 * @throws DataError DATA_SYNTHETIC when the history holds another invented market that this one would not replace as a whole:
 *   prices of two seeds beside each other would be neither
 */
export async function dataGenerate(
  { store, rulebook }: GenerateParts,
  request: GenerateRequest & { readonly check?: boolean },
): Promise<Generated> {
  const { seed, timeframe } = request;
  const { calendar } = rulebook;
  const minutes = [...generateMarket({ ...request, ...rulebook })];
  const made = minutes.map(({ instrument, series }) => ({
    instrument,
    series: inTimeframe(series, timeframe, instrument, calendar),
  }));

  const stored = (await store.list()).filter(({ key }) => key.startsWith(`${syntheticExchange}:`));
  const replacesAll = stored.every((old) => made.some(({ series }) => covers(series, old)));
  if (!replacesAll && !(await holdsMarket(store, stored, minutes[0], calendar))) throw anotherMarket(seed);

  const saved = await store.saveAll(made);
  return {
    synthetic: true,
    seed,
    timeframe,
    saved,
    series: made.map(described),
    ...(request.check && {
      check: measureLikeness(
        minutes[0].series,
        minutes.slice(1).map(({ series }) => series),
      ),
    }),
  };
}

/** Whether the stored index is the one that these minutes make, as far as both reach. */
export async function holdsMarket(
  store: HistoryStore,
  stored: readonly StoredSeries[],
  { instrument, series }: { instrument: Instrument; series: BarSeries },
  calendar: TradingCalendar,
): Promise<boolean> {
  const index = stored.find(({ key }) => key === instrument.key);
  if (!index) return false;
  const expected = inTimeframe(series, index.timeframe, instrument, calendar);
  const held = await store.load(index.key, index.timeframe, { from: index.first, to: index.last + 1 });
  const shared = Math.min(expected.length, held.length);
  for (let row = 0; row < shared; row++) {
    if (held.time[row] !== expected.time[row] || held.close[row] !== expected.close[row]) return false;
  }
  return true;
}

function anotherMarket(seed: number): DataError {
  return new DataError(
    'DATA_SYNTHETIC',
    `The history holds another synthetic market than the one of seed ${seed}, with days, symbols or timeframes that this one would leave as they are.`,
    'Use the seed and first day it was made with, or keep the new market apart with --home <folder>.',
  );
}

function covers(series: BarSeries, old: StoredSeries): boolean {
  if (series.key !== old.key || series.timeframe !== old.timeframe) return false;
  return series.time[0] <= old.first && series.time[series.length - 1] >= old.last;
}

function inTimeframe(
  minutes: BarSeries,
  timeframe: Timeframe,
  instrument: Instrument,
  calendar: TradingCalendar,
): BarSeries {
  return timeframe === '1m' ? minutes : resample(minutes, timeframe, sessionsOf(calendar, instrument)).series;
}

function described({ instrument, series }: { instrument: Instrument; series: BarSeries }): GeneratedSeries {
  return {
    symbol: instrument.key,
    kind: instrument.kind,
    bars: series.length,
    from: isoInstant(series.time[0]),
    to: isoInstant(series.time[series.length - 1]),
  };
}
