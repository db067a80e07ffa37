import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRulebook } from '../config/rulebook.ts';
import { type BarSeries, renamedBars } from '../domain/bar-series.ts';
import { codeOf, DataError } from '../domain/errors.ts';
import { type Instrument, type InstrumentKey, parseKey } from '../domain/instrument.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import {
  dayNumberOf,
  type EpochMs,
  type IsoDate,
  isoDateOfDay,
  istDayNumber,
  startOfDay,
} from '../domain/time.ts';
import { isIntraday, timeframeMs, timeframes } from '../domain/timeframe.ts';
import type { HistoryStore, SeriesBatch, StoredSeries } from '../engine/ports.ts';
import { onWire } from '../sandbox/market/wire-names.ts';
import type { Context } from './context.ts';
import { historyOf } from './open-history.ts';
import { resolveUniverse } from './universe.ts';

/** A day's bars in a home of their own, under the names that a broker gives the instruments. */
export interface RehearsalData {
  /** The settings of before, with nothing of the user's folders to write to. */
  readonly context: Context;
  readonly store: HistoryStore;
  readonly rulebook: Rulebook;
  readonly instruments: readonly Instrument[];
  readonly day: number;
  /** First opening and last closing of the instruments' sessions. */
  readonly hours: { readonly open: EpochMs; readonly close: EpochMs };
  remove(): Promise<void>;
}

export interface RehearsedDay {
  readonly universe: readonly string[];
  /** YYYY-MM-DD; the newest day of which all bars are stored when left out. */
  readonly date?: string | undefined;
  readonly warmUpDays: number;
}

/**
 * Sets the bars of a day and of those before it apart, so that a market can be played with them and sessions can write as they like.
 *
 * @throws DataError DATA_MISSING where an instrument has no bars of that day, with what fetches them
 */
export async function rehearsalData(context: Context, asked: RehearsedDay): Promise<RehearsalData> {
  const rulebook = loadRulebook(context.folders.root, context.folders.home);
  const own = historyOf(context);
  const inUniverse = async (date: string | undefined) => {
    const { instruments } = await resolveUniverse(context, own, rulebook, asked.universe, date);
    const list = await own.list();
    return instruments.map((instrument) => ({ instrument, series: playedSeries(list, instrument.key) }));
  };
  const date = asked.date ?? newestDate(rulebook, await inUniverse(undefined));
  const day = dayNumberOf(date);
  const played = await inUniverse(date);
  const stored = played.map(({ instrument }) => instrument);
  const home = mkdtempSync(join(tmpdir(), 'algo-rehearsal-'));
  const scratch = contextIn(context, home);
  // Lists of what may not be traded count here as everywhere.
  const bans = join(context.folders.data, 'bans');
  if (existsSync(bans)) cpSync(bans, join(scratch.folders.data, 'bans'), { recursive: true });
  const store = historyOf(scratch);
  const remove = async () => {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const hours = hoursOf(rulebook, stored, day);
    const span = { from: startOfDay(day - asked.warmUpDays), to: startOfDay(day + 1) };
    await own.prepare(played.flatMap(({ series }) => series));
    const batches: SeriesBatch[] = [];
    for (const { instrument, series } of played) {
      const wire = onWire(instrument);
      for (const { timeframe } of series) {
        const bars = await own.load(instrument.key, timeframe, span);
        if (bars.length > 0) batches.push({ instrument: wire, series: renamedBars(bars, wire.key) });
      }
      if (!batches.some(({ series: bars }) => bars.key === wire.key && reaches(bars, day)))
        throw missing(instrument.key, day);
    }
    await store.saveAll(batches);
    const names = new Map(stored.map((instrument) => [instrument.key, onWire(instrument).key]));
    const actions = (await own.actions()).flatMap((action) => {
      const key = names.get(action.key);
      return key === undefined ? [] : [{ ...action, key }];
    });
    if (actions.length > 0) await store.saveActions(actions);
    return { context: scratch, store, rulebook, instruments: stored.map(onWire), day, hours, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function contextIn(context: Context, home: string): Context {
  const { config, folders, output } = context;
  return {
    ...context,
    folders: { ...folders, data: join(home, 'data'), cache: join(home, 'cache') },
    config: { ...config, data: { ...config.data, history: join(home, 'history.duckdb') } },
    output: { ...output, note: () => undefined, warn: () => undefined },
  };
}

/** The finest stored bars, which a market is played from, and those of days. */
function playedSeries(list: readonly StoredSeries[], key: InstrumentKey): readonly StoredSeries[] {
  const rank = ({ timeframe }: StoredSeries) => timeframes.indexOf(timeframe);
  const [finest, ...others] = list.filter((each) => each.key === key).sort((a, b) => rank(a) - rank(b));
  return finest ? [finest, ...others.filter(({ timeframe }) => timeframe === 'day')] : [];
}

interface Played {
  readonly instrument: Instrument;
  readonly series: readonly StoredSeries[];
}

function newestDate(rulebook: Rulebook, played: readonly Played[]): IsoDate {
  const days = played.map(({ instrument, series }) => newestWholeDay(rulebook, instrument, series));
  return isoDateOfDay(Math.max(...days));
}

/** The newest day whose last bar is there. */
function newestWholeDay(
  { calendar }: Rulebook,
  instrument: Instrument,
  [finest]: readonly StoredSeries[],
): number {
  if (!finest) throw missing(instrument.key, undefined);
  const last = istDayNumber(finest.last);
  if (!isIntraday(finest.timeframe)) return last;
  const close = instrument.rules === 'none' ? undefined : calendar.session(instrument, last)?.close;
  // A share that is traded little may have no bar at the very end.
  const whole = close === undefined || finest.last + timeframeMs(finest.timeframe) + quietMsMax >= close;
  if (whole || istDayNumber(finest.first) === last) return last;
  for (let day = last - 1; day >= istDayNumber(finest.first); day--)
    if (calendar.session(instrument, day)) return day;
  return last;
}

const quietMsMax = 15 * 60_000;

function reaches(bars: BarSeries, day: number): boolean {
  return bars.length > 0 && istDayNumber(bars.time[bars.length - 1]) === day;
}

function hoursOf({ calendar }: Rulebook, instruments: readonly Instrument[], day: number) {
  const sessions = instruments.flatMap((instrument) => {
    try {
      return calendar.session(instrument, day) ?? [];
    } catch (error) {
      if (codeOf(error) !== 'RULE_CALENDAR') throw error;
      return [];
    }
  });
  if (sessions.length === 0)
    throw new DataError(
      'DATA_MISSING',
      `The market was closed on ${isoDateOfDay(day)}.`,
      'Name a trading day: algo calendar shows them, algo data list what is stored.',
    );
  return {
    open: Math.min(...sessions.map(({ open }) => open)),
    close: Math.max(...sessions.map(({ close }) => close)),
  };
}

function missing(key: InstrumentKey, day: number | undefined): DataError {
  const { exchange } = parseKey(key);
  const date = day === undefined ? undefined : isoDateOfDay(day);
  return new DataError(
    'DATA_MISSING',
    `No bars of ${key} are stored${date === undefined ? '' : ` for ${date}`}.`,
    exchange === 'SYN'
      ? 'algo data list shows the days of the invented market; algo data generate makes more.'
      : `Run: algo backfill ${key} --timeframe 1m${date === undefined ? '' : ` --from ${date} --to ${date}`}`,
  );
}
