import { join } from 'node:path';
import type { RecordLog } from '../adapters/journal/journal-log.ts';
import { keepBars, keptBars } from '../adapters/journal/kept-bars.ts';
import type { JournalRecord } from '../adapters/journal/record-line.ts';
import type { KiteFeed } from '../adapters/kite/kite-feed.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { configHash } from '../config/config-hash.ts';
import { loadRulebook } from '../config/rulebook.ts';
import type { Config } from '../config/schema.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { sessionsOf } from '../domain/resample.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import {
  type EpochMs,
  instantOf,
  isoDateOfDay,
  istDayNumber,
  minuteOfClock,
  secondMs,
  startOfDay,
} from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import { productOf } from '../engine/product.ts';
import type { RiskLimits } from '../engine/risk/limits.ts';
import type { SessionReport } from '../reports/session-text.ts';
import type { FoundInstrument } from './backfill-instruments.ts';
import type { BacktestCast, BacktestSeries } from './backtest-run.ts';
import { byTimeframe } from './backtest-series.ts';
import type { BrokerDoor } from './broker-door.ts';
import type { ChosenStrategy } from './chosen-strategies.ts';
import { closedCandles } from './closed-candles.ts';
import { ConfigReload } from './config-reload.ts';
import type { Context } from './context.ts';
import { dayControl, newestTick } from './day-control.ts';
import { fedInstruments } from './fed-instruments.ts';
import { warmUpBars } from './fed-series.ts';
import { runFeedSession, type SessionDuties } from './feed-session.ts';
import { isolationOf } from './isolation-of.ts';
import { type JournaledSession, openJournaledSession, unfinished } from './journaled-session.ts';
import { KillWatch, killDuties } from './kill-watch.ts';
import { historyOf } from './open-history.ts';
import type { PaperRequest } from './paper.ts';
import { programBuild, programVersion } from './program-version.ts';
import { recordStream } from './recordings.ts';
import { fillText } from './run-header.ts';
import { hashOf } from './run-identity.ts';
import { castOf, chosenFor } from './run-parts.ts';
import type { SessionExchange } from './session-exchange.ts';
import { SessionPlayer } from './session-player.ts';
import type { JournalMode } from './streams.ts';

/** Liquid instruments trade every second; a minute without a trade in any is no market. */
const stalledMs = 60 * secondMs;

/** Where live prices come from. */
export type StreamFeed = 'kite' | 'sandbox';

export interface DayRequest extends PaperRequest {
  readonly feed: StreamFeed;
  /** Signals are counted and shown, and nothing is opened. */
  readonly observe?: boolean | undefined;
  /** One pass over the bars that have closed, for a caller that comes again. */
  readonly once?: boolean | undefined;
  /** Everything that comes over the stream is kept. */
  readonly record?: boolean | undefined;
}

/** What the exchange of a day may know of it. */
export interface DayParts {
  readonly door: BrokerDoor;
  readonly log: RecordLog;
  readonly cast: BacktestCast;
  readonly found: readonly FoundInstrument[];
  /** The instrument of each of the session's series. */
  readonly places: readonly FoundInstrument[];
  readonly today: number;
}

/** An exchange with what its orders need beside bars, once the session has come to where it was. */
export interface DayExchange {
  readonly exchange: SessionExchange;
  begin?(player: SessionPlayer, kill: KillWatch): Promise<SessionDuties>;
  /** Nothing is sent any more. */
  stop?(): Promise<void>;
}

/** Whose money it is, and where orders go. */
export interface DayMode {
  readonly mode: JournalMode;
  exchange(parts: DayParts): DayExchange;
  /** What has to be limited whatever the profile leaves open. */
  limits?(limits: RiskLimits): RiskLimits;
  /** Paise that the account may use of what was configured. */
  capital?(door: BrokerDoor, configuredPaise: number): Promise<number>;
}

/**
 * A day of a session on a broker's prices, from the recovery of what its journal holds to the close.
 *
 * @throws AuthError, BrokerError, DataError, CheckFailed CHECK_SESSION and CHECK_REPLAY, StrategyError
 */
export async function tradingDay(
  context: Context,
  request: DayRequest,
  {
    mode,
    door,
    log,
    folder,
    signal,
  }: {
    readonly mode: DayMode;
    readonly door: BrokerDoor;
    readonly log: RecordLog;
    readonly folder: string;
    readonly signal: AbortSignal;
  },
): Promise<SessionReport | undefined> {
  const { config, folders, output } = context;
  const rulebook = loadRulebook(folders.root, folders.home);
  const store = historyOf(context);
  const { chosen, timeframe } = await chosenFor(context, request);
  const frames = byTimeframe(chosen, timeframe);
  const today = istDayNumber(door.clock.now());

  const open = unfinished(log.records);
  const { sandbox } = door.session();
  const words = open ? keysOf(open[0]) : request.universe;
  const found = door.found ?? (await fedInstruments(context, store, await door.lists(), { words, sandbox }));
  const lastClose = dayEnd(rulebook, found, today, request.until);
  if (!Number.isFinite(lastClose)) return undefined;

  const source = door.candles(new Map(found.map(({ instrument, token }) => [instrument.key, token])));
  const places = placesOf(found, frames);
  const inputsUnder = (hash: string) =>
    inputsOf({ ...{ config: hash, rulebook, chosen, timeframe, feed: request.feed, found } });
  const inputs = inputsUnder(configHash(config));
  const began = open ? Number(open[0].begins) : startOfDay(today);
  const id = open ? String(open[0].id) : hashOf([inputs, String(context.clock.now())]).slice(0, 12);
  const file = join(folder, `warm-up-${id}.bars`);
  const warm = open
    ? keptBars(file, String(open[0].warmUp))
    : await Promise.all(
        places.map((place) =>
          warmUpBars(
            { store, source, rulebook },
            {
              ...{ instrument: place.instrument, timeframe: place.timeframe, days: request.warmUpDays },
              ...{ today, prices: config.prices },
            },
          ),
        ),
      );
  const warmUp = open ? String(open[0].warmUp) : keepBars(file, warm);
  const series: BacktestSeries[] = places.map(({ instrument, strategies }, place) => ({
    instrument,
    series: warm[place],
    strategies,
  }));
  // A session begins with the limits it had then; what was changed while it ran is in its journal.
  const atStart = open ? { ...config, risk: riskOf(open[0], config) } : config;
  const { cast, charges, sizing } = await castOf(
    { ...context, config: atStart },
    { rulebook, store, series },
  );
  const configured = carried(log) ?? cast.plan.capitalPaise;
  const capitalPaise = open
    ? Number(open[0].capitalPaise)
    : ((await mode.capital?.(door, configured)) ?? configured);
  const session = openJournaledSession(log, {
    ...{ id, inputs, begins: began, warmUp, mode: mode.mode, feed: request.feed },
    startedAt: context.clock.now(),
    capitalPaise,
    strategies: chosen.map(({ strategy }) => strategy.name),
    timeframe: [...frames.keys()][0],
    instruments: found.map(({ instrument }) => instrument.key),
    synthetic: sandbox,
    charges: charges.model.name,
    sizing: sizing.name,
    product: productsOf(context, found, chosen),
    fillRule: fillText(config),
    hashes: { config: configHash(config), rulebook: rulebook.hash },
    version: programVersion(folders.root),
    build: programBuild() ?? null,
    // What the session can be played again from.
    request: {
      universe: request.universe,
      strategies: request.strategies,
      timeframe: request.timeframe,
      params: request.params,
    },
    market: found.map(({ instrument, token }) => ({ instrument, token })),
    settings: config,
  });

  const isolation = isolationOf(config, 'session');
  const limits = mode.limits?.(cast.plan.limits) ?? cast.plan.limits;
  const plan = { ...cast.plan, limits, capitalPaise, begins: began, isolation };
  const played = { ...cast, plan };
  const day = mode.exchange({ door, log, cast: played, found, places, today });
  const player = new SessionPlayer(
    ...([played, log, session, day.exchange] as const),
    (sentence) => output.note(sentence),
    () => door.clock.now(),
  );
  player.warmUp();
  player.recall(session.records);
  output.note(startText({ door, found, chosen, session, today }));
  if (request.observe) player.halt('HALT_OBSERVE', 'the session only observes');
  else player.resume('HALT_OBSERVE');
  if (player.halts.has('HALT_PAUSE'))
    output.note(`The session is paused. To trade on: algo ${mode.mode} resume --stream ${request.stream}`);
  // The login of this start may be a new one; if it is dead as well, the first request tells.
  player.resume('HALT_TOKEN');
  const kill = new KillWatch(context, player, () => door.clock.now());
  const duties = (await day.begin?.(player, kill)) ?? killDuties(kill);
  kill.look();
  const leaving = new AbortController();
  let feed: KiteFeed | undefined;
  const reload = new ConfigReload({
    ...{ context, player, tightenOnly: mode.mode === 'live', inputsOf: inputsUnder },
    limits: (wanted) => mode.limits?.(wanted) ?? wanted,
    fail: (error) => control.fail(error),
  });
  const control = dayControl({
    ...{ context, folder, mode: mode.mode, door, player, kill },
    frames: [...frames.keys()],
    identity: {
      ...{ mode: mode.mode, stream: request.stream, session: session.id, feed: request.feed },
      strategies: chosen.map(({ strategy }) => strategy.name),
      instruments: found.length,
      version: programVersion(folders.root),
      build: programBuild() ?? null,
      synthetic: sandbox,
      startedAt: context.clock.now(),
      capitalPaise,
    },
    heardAt: () => newestTick(feed, places.length),
    inForce: () => ({ limits: player.limits, config: reload.hash }),
    leave: () => leaving.abort(),
  });
  await control.open();
  reload.begin();
  const recorder = request.record
    ? recordStream(context, door, {
        ...{ mode: mode.mode, stream: request.stream, id: session.id, feed: request.feed, today, found },
        ...{ params: request.params, timeframe: request.timeframe },
        strategies: chosen.map(({ strategy }) => strategy.name),
      })
    : undefined;
  let ended = false;
  try {
    ended = await runFeedSession({
      ...{ player, duties, lastClose, clock: door.clock, base: door.base },
      stalledMs: door.base === systemClock ? stalledMs : Number.POSITIVE_INFINITY,
      signal: AbortSignal.any([signal, leaving.signal]),
      graceMs: door.graceMs,
      // Pretended fills come from the bars themselves; a broker's come from a price that has moved on.
      once: request.once ? { late: mode.mode === 'paper' } : undefined,
      series: series.map(({ instrument, series: bars }) => ({
        series: bars,
        sessions: sessionsOf(rulebook.calendar, instrument),
      })),
      history: (place, after, until) => {
        const { instrument, timeframe: frame } = places[place];
        const sessions = sessionsOf(rulebook.calendar, instrument);
        return closedCandles(source, { instrument, timeframe: frame, sessions, after, until });
      },
      stream: (listener) => {
        feed = door.stream(
          places.map(({ token, instrument, timeframe: frame }) => ({
            token,
            timeframe: frame,
            sessions: sessionsOf(rulebook.calendar, instrument),
          })),
          {
            ...listener,
            price: (place, price) => {
              control.heard(places[place].instrument.key, price);
              listener.price?.(place, price);
            },
          },
          recorder,
        );
        return feed;
      },
      renewed: () => door.renewed(),
      note: (sentence) => output.note(sentence),
    });
    control.check();
  } finally {
    reload.close();
    control.close();
    await recorder?.close();
  }

  await day.stop?.();
  const flat = player.engine.account.held.length === 0;
  const over = ended && flat;
  if (over) player.finish('day-end');
  else player.leave();
  return {
    mode: mode.mode,
    stream: request.stream,
    session: session.id,
    resumed: session.entries.length,
    ended: over,
    overnight: ended && !flat,
    passed: request.once === true && !ended && !signal.aborted && !leaving.signal.aborted,
    stopped: leaving.signal.aborted,
    // What was closed today is settled with the evening's note; until then its charges are estimates.
    trades: over ? player.engine.trades() : [...player.engine.trades(), ...player.engine.endedToday()],
    refusals: player.engine.refusals(),
    equityPaise: player.engine.account.equityPaise,
    capitalPaise,
    synthetic: sandbox,
    hash: player.hash(),
  };
}

/** A session's series in order: every instrument in every timeframe, with the strategies that run on it. */
export function placesOf<Found>(
  found: readonly Found[],
  frames: ReadonlyMap<Timeframe, readonly ChosenStrategy[]>,
): readonly (Found & { readonly timeframe: Timeframe; readonly strategies: readonly ChosenStrategy[] })[] {
  return found.flatMap((each) =>
    [...frames].map(([timeframe, strategies]) => ({ ...each, timeframe, strategies })),
  );
}

/** What a session follows from beside its bars: a change of any of it makes another session. */
export function inputsOf({
  config,
  rulebook,
  chosen,
  timeframe,
  feed,
  found,
}: {
  /** Hash of the settings. */
  readonly config: string;
  readonly rulebook: Rulebook;
  readonly chosen: readonly ChosenStrategy[];
  readonly timeframe: Timeframe | undefined;
  readonly feed: StreamFeed;
  readonly found: readonly Pick<FoundInstrument, 'instrument'>[];
}): string {
  return hashOf([
    ...[feed, config, rulebook.hash, timeframe ?? ''],
    ...chosen.flatMap(({ strategy, params, hash }) => [strategy.name, hash, JSON.stringify(params)]),
    ...found.map(({ instrument }) => instrument.key),
  ]);
}

/** The limits a session began with. */
function riskOf({ settings }: JournalRecord, { risk }: Config): Config['risk'] {
  return Object(settings).risk ?? risk;
}

function keysOf({ instruments }: JournalRecord): readonly InstrumentKey[] {
  return Array.isArray(instruments) ? instruments.map(String) : [];
}

/** An account goes from one session to the next, unless it was reset. */
function carried({ records }: RecordLog): number | undefined {
  const end = records.findLast(({ t }) => t === 'session_end');
  return end?.reason === 'day-end' ? Number(end.equityPaise) : undefined;
}

/** When the last of the day's bars closes; infinite in the past when no market is open today. */
function dayEnd(
  { calendar }: Rulebook,
  found: readonly FoundInstrument[],
  today: number,
  until: string | undefined,
): EpochMs {
  let last = Number.NEGATIVE_INFINITY;
  for (const { instrument } of found) {
    const close =
      instrument.rules === 'none' ? startOfDay(today + 1) : calendar.session(instrument, today)?.close;
    if (close !== undefined) last = Math.max(last, close);
  }
  return until === undefined ? last : Math.min(last, instantOf(today, minuteOfClock(until)));
}

function productsOf(
  { config }: Pick<Context, 'config'>,
  found: readonly FoundInstrument[],
  chosen: readonly ChosenStrategy[],
): string {
  const products = found.flatMap(({ instrument }) =>
    chosen.map(({ strategy }) => productOf(config.product, strategy, instrument)),
  );
  return [...new Set(products)].join(', ');
}

function startText({
  door,
  found,
  chosen,
  session,
  today,
}: {
  readonly door: BrokerDoor;
  readonly found: readonly FoundInstrument[];
  readonly chosen: readonly ChosenStrategy[];
  readonly session: JournaledSession;
  readonly today: number;
}): string {
  const names = chosen.map(({ strategy }) => strategy.name).join(', ');
  const keys = found.map(({ instrument }) => instrument.key);
  const some =
    keys.length > 4 ? `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more` : keys.join(', ');
  const where = door.session().sandbox ? "the sandbox's" : "Kite's";
  const again = session.records.length > 0 ? ' again' : '';
  return `Session ${session.id}${again}: ${names} on ${some}, on ${where} prices of ${isoDateOfDay(today)}.`;
}
