import { DerivativeSample, measureVolatilityIndex } from '../adapters/synthetic/derivative-likeness.ts';
import { indexUnderlying } from '../adapters/synthetic/derivatives-plan.ts';
import { generateMarket, marketEvents } from '../adapters/synthetic/generate-market.ts';
import { type Likeness, measureLikeness } from '../adapters/synthetic/likeness.ts';
import { syntheticExchange } from '../adapters/synthetic/listings.ts';
import type { CircuitDay, CorporateAction } from '../adapters/synthetic/market-events.ts';
import type { Scenario } from '../adapters/synthetic/scenario.ts';
import { volatilityInstrument } from '../adapters/synthetic/volatility-index.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { DataError, UsageError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { resample, sessionsOf } from '../domain/resample.ts';
import type { Rulebook, TradingCalendar } from '../domain/rulebook.ts';
import { type EpochMs, type IsoDate, isoInstant, istDayNumber } from '../domain/time.ts';
import { parseTimeframe, type Timeframe } from '../domain/timeframe.ts';
import type { HistoryStore, SeriesBatch, StoredSeries } from '../engine/ports.ts';
import { extraLots, type OptionTimeframe, type SyntheticExtra } from './synthetic-extras.ts';

const syntheticTimeframes = ['1m', '5m', '15m', 'day'] as const;
export type SyntheticTimeframe = (typeof syntheticTimeframes)[number];

export interface GenerateRequest {
  readonly seed: number;
  readonly from: IsoDate;
  /** Trading days. */
  readonly days: number;
  /** Stocks beside the index. */
  readonly symbols: number;
  readonly timeframe: SyntheticTimeframe;
  /** Undefined is the calm market. */
  readonly scenario?: Scenario | undefined;
  /** What there is besides the index and the stocks. */
  readonly with?: readonly SyntheticExtra[] | undefined;
  /** Bars of options, which are many; five minutes where it is left out. */
  readonly optionTimeframe?: OptionTimeframe | undefined;
}

export interface GeneratedSeries {
  readonly symbol: string;
  readonly kind: string;
  readonly bars: number;
  /** Opening instants of the first and last bar, ISO-8601 with +05:30. */
  readonly from: string;
  readonly to: string;
  /** Of futures and options. */
  readonly expiry?: IsoDate;
  readonly strike?: number;
  readonly lot?: number;
}

export interface Generated {
  readonly synthetic: true;
  readonly seed: number;
  readonly timeframe: SyntheticTimeframe;
  /** Bars that are new in the history or differ from what it held. */
  readonly saved: number;
  readonly scenario?: Scenario;
  readonly series: readonly GeneratedSeries[];
  /** Splits and bonus issues in the raw prices, and days on which a stock was locked at its band, when asked for. */
  readonly actions?: readonly CorporateAction[];
  readonly circuits?: readonly CircuitDay[];
  /** Measured against NSE, when asked for. */
  readonly check?: readonly Likeness[];
}

export interface GenerateParts {
  readonly store: HistoryStore;
  readonly rulebook: Pick<Rulebook, 'calendar' | 'contracts'>;
  /** Told how many of the series are saved. */
  readonly progress?: (done: number, total: number) => void;
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
  { store, rulebook, progress }: GenerateParts,
  request: GenerateRequest & { readonly check?: boolean },
): Promise<Generated> {
  const { seed, timeframe, scenario, with: extras = [], optionTimeframe = '5m' } = request;
  const { calendar } = rulebook;
  const plan = {
    ...request,
    ...rulebook,
    circuits: extras.includes('circuits'),
    actions: extras.includes('actions'),
  };
  const minutes = [...generateMarket(plan)];
  const [index, ...stocks] = minutes;
  const lots = extraLots(
    plan,
    stocks.map(({ series }) => series),
    { extras, optionTimeframe },
  );
  const made = minutes.map(({ instrument, series }) => ({
    instrument,
    series: inTimeframe(series, timeframe, instrument, calendar),
  }));

  const stored = (await store.list()).filter(({ key }) => key.startsWith(`${syntheticExchange}:`));
  const spans = [
    ...made.map(({ series }) => spanOf(series)),
    ...lots.flatMap(({ instruments, first, last, timeframe: own }) =>
      instruments.map(({ key, kind }) => ({ key, first, last, timeframe: frameOf(kind, own) })),
    ),
  ];
  const kept = stored.filter((old) => !spans.some((span) => covers(span, old)));
  if (kept.length > 0 && !(await sameMarket(store, stored, minutes, calendar))) throw anotherMarket(seed);

  const series: GeneratedSeries[] = [];
  const volatility = lots.find(({ instruments }) => instruments[0] === volatilityInstrument)?.make()[0];
  const sample = new DerivativeSample(index.series, indexUnderlying, volatility);
  const saved = await store.saveAll(batches());
  const { actions, circuits } = marketEvents(plan);
  return {
    synthetic: true,
    seed,
    timeframe,
    ...(scenario && { scenario }),
    saved,
    series,
    ...(plan.actions && { actions }),
    ...(plan.circuits && { circuits }),
    ...(request.check && {
      check: [
        ...measureLikeness(
          index.series,
          // The jump of a split is not a move of the market.
          stocks
            .filter(({ instrument }) => !(plan.actions && actions.some(({ key }) => key === instrument.key)))
            .map((stock) => stock.series),
        ),
        ...(volatility ? measureVolatilityIndex(index.series, volatility) : []),
        ...sample.measure(),
      ],
    }),
  };

  // Options are too many to be held at once: each is made when the one before it has been taken.
  function* batches(): Iterable<SeriesBatch> {
    for (const batch of made) yield told(batch);
    for (const lot of lots) {
      for (const [at, bars] of lot.make().entries()) {
        const instrument = lot.instruments[at];
        if (request.check) sample.add(instrument, bars);
        const frame = frameOf(instrument.kind, lot.timeframe);
        yield told({ instrument, series: inTimeframe(bars, frame, instrument, calendar) });
      }
    }
  }

  function told(batch: SeriesBatch): SeriesBatch {
    series.push(described(batch));
    progress?.(series.length, spans.length);
    return batch;
  }

  // The volatility index and futures are stored like the index; options have a timeframe of their own.
  function frameOf(kind: Instrument['kind'], own: Timeframe): Timeframe {
    return kind === 'CE' || kind === 'PE' ? own : timeframe;
  }
}

/** Whether the stored index and stocks are the ones that these minutes make, as far as both reach. */
async function sameMarket(
  store: HistoryStore,
  stored: readonly StoredSeries[],
  minutes: readonly SeriesBatch[],
  calendar: TradingCalendar,
): Promise<boolean> {
  const [index, ...stocks] = minutes;
  if (!(await holdsMarket(store, stored, index, calendar))) return false;
  for (const stock of stocks) {
    if (!stored.some(({ key }) => key === stock.instrument.key)) continue;
    if (!(await holdsMarket(store, stored, stock, calendar))) return false;
  }
  return true;
}

/** Whether the stored series of an instrument is the one that these minutes make, as far as both reach. */
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

interface Span {
  readonly key: string;
  readonly timeframe: Timeframe;
  readonly first: EpochMs;
  readonly last: EpochMs;
}

function spanOf({ key, timeframe, time, length }: BarSeries): Span {
  return { key, timeframe, first: time[0], last: time[length - 1] };
}

/** Days are made whole, so days are compared. */
function covers(made: Span, old: StoredSeries): boolean {
  if (made.key !== old.key || made.timeframe !== old.timeframe) return false;
  return (
    istDayNumber(made.first) <= istDayNumber(old.first) && istDayNumber(made.last) >= istDayNumber(old.last)
  );
}

function inTimeframe(
  minutes: BarSeries,
  timeframe: Timeframe,
  instrument: Instrument,
  calendar: TradingCalendar,
): BarSeries {
  return timeframe === '1m' ? minutes : resample(minutes, timeframe, sessionsOf(calendar, instrument)).series;
}

function described({ instrument, series }: SeriesBatch): GeneratedSeries {
  const { expiry, strike, lotSize } = instrument;
  return {
    symbol: instrument.key,
    kind: instrument.kind,
    bars: series.length,
    from: isoInstant(series.time[0]),
    to: isoInstant(series.time[series.length - 1]),
    ...(expiry !== undefined && { expiry, lot: lotSize }),
    ...(strike !== undefined && { strike }),
  };
}
