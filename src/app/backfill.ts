import { join } from 'node:path';
import { holdLock } from '../adapters/duckdb/process-lock.ts';
import { httpDate } from '../adapters/system/http-date.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import { createYahooSource } from '../adapters/yahoo/yahoo-source.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { BrokerError, messageOf, UsageError } from '../domain/errors.ts';
import type { Instrument, InstrumentKey } from '../domain/instrument.ts';
import { sessionOrUnknown } from '../domain/missing-days.ts';
import type { TradingCalendar } from '../domain/rulebook.ts';
import { type DaySpan, dayNumberOf, type EpochMs, istDayNumber, secondMs } from '../domain/time.ts';
import { parseTimeframe, type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { CandleSource, HistoryStore } from '../engine/ports.ts';
import type { BackfillPage } from '../reports/backfill-text.ts';
import { describedInstrument, namedKeys } from './backfill-instruments.ts';
import { type RefusedSeries, runBackfill } from './backfill-run.ts';
import type { WantedSeries } from './backfill-series.ts';
import type { Context } from './context.ts';
import { historyOf } from './open-history.ts';

/** What the command line says, as typed. */
export interface BackfillRequest {
  /** `NSE:INFY`, `INFY`, a universe, or `all` that is stored. */
  readonly words: readonly string[];
  /** `1m,5m,day` */
  readonly timeframe: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly days?: number | undefined;
  readonly continuous: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** Without --from and --days a year is fetched. */
const usualDays = 365;
const clockTimeoutMs = 7_000;
const clockAttempts = 5;
const clockPauseMs = 200;

/** Brings series of shares and indices up to date from Yahoo. */
export async function backfillFromYahoo(context: Context, request: BackfillRequest): Promise<BackfillPage> {
  const { root } = context.config.yahoo;
  if (request.continuous)
    throw new UsageError('USAGE_CONTINUOUS', 'Yahoo has no futures.', 'Use --continuous with --source kite.');
  const { calendar } = loadRulebook(context.folders.root, context.folders.home);
  const source = createYahooSource({
    root,
    pace: { ...systemWaiting, now: () => context.clock.now() },
    now: () => clockOfServer(root),
    opensAt(instrument, day) {
      const session = sessionOrUnknown(calendar, instrument, day);
      return session === 'unknown' ? undefined : session?.open;
    },
  });
  const store = historyOf(context);
  const known = await knownInstruments(store);
  return backfillFrom(context, request, {
    ...{ source, store, calendar },
    keys: await namedKeys(context, store, request.words, () => 'NSE'),
    find: async (key) => describedInstrument(key, known),
  });
}

export interface BackfillDependencies {
  readonly source: CandleSource;
  readonly store: HistoryStore;
  readonly calendar: TradingCalendar;
  readonly keys: readonly InstrumentKey[];
  /** An instrument as the source knows it. */
  readonly find: (key: InstrumentKey) => Promise<Instrument>;
}

/**
 * Brings the named series up to date from a source, one process at a time, since the source counts the requests of all of them.
 *
 * @throws UsageError for timeframes and days that make no sense; AlgoError RUNNING (exit 75); what `runBackfill` throws
 */
export async function backfillFrom(
  context: Context,
  request: BackfillRequest,
  { source, store, calendar, keys, find }: BackfillDependencies,
): Promise<BackfillPage> {
  const frames = timeframesOf(request, source);
  const release = request.dryRun
    ? () => undefined
    : await holdLock(join(context.folders.data, 'backfill.lock.duckdb'), 'algo backfill');
  try {
    const now = await source.now();
    const days = daysOf(request, now);
    const wanted: WantedSeries[] = [];
    const refused: RefusedSeries[] = [];
    for (const key of keys) {
      for (const timeframe of frames) {
        try {
          wanted.push({ instrument: await find(key), timeframe, days, continuous: request.continuous });
        } catch (error) {
          refused.push({ key, timeframe, error });
        }
      }
    }
    const { output } = context;
    const { dryRun, force } = request;
    return await runBackfill(
      { store, source, calendar, now, force, dryRun, output, sleep: systemWaiting.sleep },
      wanted,
      refused,
    );
  } finally {
    release();
  }
}

export async function knownInstruments(store: HistoryStore): Promise<ReadonlyMap<InstrumentKey, Instrument>> {
  return new Map((await store.instruments()).map((instrument) => [instrument.key, instrument]));
}

/** A server's own clock, the beginning of its second. @throws BrokerError BROKER_AWAY when it does not answer several times */
export async function clockOfServer(root: string): Promise<EpochMs> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { theirs } = await httpDate(`${root}/`, clockTimeoutMs);
      return Math.floor(theirs / secondMs) * secondMs;
    } catch (cause) {
      if (attempt === clockAttempts)
        throw new BrokerError(
          'BROKER_AWAY',
          `${root} cannot be asked for its time: ${messageOf(cause)}.`,
          'Check the network, then run the same command again.',
          cause,
        );
      await systemWaiting.sleep(clockPauseMs * 2 ** attempt * systemWaiting.random());
    }
  }
}

function timeframesOf(
  { timeframe, continuous }: BackfillRequest,
  source: CandleSource,
): readonly Timeframe[] {
  const served = timeframes.filter((each) => source.spanDays(each) !== undefined);
  const asked = new Set(
    timeframe
      .split(',')
      .filter((each) => each.trim() !== '')
      .map(parseTimeframe),
  );
  for (const each of asked) {
    if (served.includes(each)) continue;
    throw new UsageError(
      'USAGE_TIMEFRAME',
      `The source ${source.name} has no ${each} bars; it has ${served.join(', ')}.`,
      'Fetch a finer one: longer bars are made from it when they are asked for.',
    );
  }
  if (asked.size === 0)
    throw new UsageError('USAGE_TIMEFRAME', 'No timeframe was named.', 'For example: -i 5m,day');
  if (continuous && (asked.size > 1 || !asked.has('day'))) {
    throw new UsageError(
      'USAGE_CONTINUOUS',
      'Futures are chained as day candles only.',
      'Use --continuous with -i day.',
    );
  }
  return timeframes.filter((each) => asked.has(each));
}

function daysOf({ from, to, days }: BackfillRequest, now: EpochMs): DaySpan {
  const today = istDayNumber(now);
  const last = to === undefined ? today : dayNumberOf(to);
  if (from !== undefined && days !== undefined)
    throw new UsageError('USAGE_DATE', '--from and --days say the same thing twice.', 'Use one of them.');
  const first = from === undefined ? last - (days ?? usualDays) + 1 : dayNumberOf(from);
  if (first <= last && first <= today) return { from: first, to: last };
  throw new UsageError(
    'USAGE_DATE',
    first > last ? `--from ${from} is after --to ${to ?? 'today'}.` : `--from ${from} is in the future.`,
    'Put an earlier day first.',
  );
}
