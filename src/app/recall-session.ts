import { join } from 'node:path';
import { keptBars } from '../adapters/journal/kept-bars.ts';
import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { entryOf } from '../adapters/journal/session-journal.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { codeOf, DataError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { istDayNumber } from '../domain/time.ts';
import { TurnWatch, type WantedBar } from '../engine/turns/turn-watch.ts';
import { byTimeframe } from './backtest-series.ts';
import type { Context } from './context.ts';
import { isolationOf } from './isolation-of.ts';
import { liveLimits } from './live.ts';
import { historyOf } from './open-history.ts';
import { changedSince, type RecordedInputs, settingsOf, tookAnotherWay } from './replay-run.ts';
import { castOf, chosenFor } from './run-parts.ts';
import { recordedExchange, simulatedExchange } from './session-exchange.ts';
import { SessionPlayer } from './session-player.ts';
import type { JournalMode } from './streams.ts';
import { inputsOf, placesOf, type StreamFeed } from './trading-day.ts';

/** A session on live prices, as its journal holds it. */
export interface RecordedSession extends RecordedInputs {
  readonly kind: JournalMode;
  readonly id: string;
  readonly folder: string;
  /** Its own, from `session` on. */
  readonly records: readonly JournalRecord[];
}

/** Paths under which nothing of a session that is only looked at is written. */
const nowhere = { records: [], append: () => undefined, flush: () => undefined };

/**
 * Plays a session on live prices again with somebody watching every bar, as far as its journal goes: bars, halts and the words of a
 * person from the records, and of a live session the broker's answers too. Nothing is written and nobody is asked, so that the session
 * may be running.
 *
 * @throws DataError DATA_REPLAY when settings, rules, strategies or the program have changed since
 */
export async function recallSession(
  context: Context,
  recorded: RecordedSession,
  wanted: WantedBar,
): Promise<{ readonly watch: TurnWatch; readonly synthetic: boolean }> {
  const [session] = recorded.records;
  const watch = new TurnWatch(wanted, Number(session.begins));
  const player = await recordedPlayer(context, recorded, watch);
  try {
    player.warmUp();
    player.recall(recorded.records);
  } catch (error) {
    throw codeOf(error) === 'CHECK_REPLAY' ? tookAnotherWay(recorded) : error;
  }
  const end = recorded.records.find(({ t, reason }) => t === 'session_end' && reason === 'day-end');
  if (end && player.finish('day-end') !== end.hash) throw tookAnotherWay(recorded);
  return { watch, synthetic: session.synthetic === true };
}

/**
 * A session as it stood before its first bar, made of what its journal says it began with; nothing that is played with it is written or
 * sent.
 *
 * @throws DataError DATA_REPLAY when settings, rules or strategies have changed since
 */
export async function recordedPlayer(
  context: Context,
  recorded: RecordedSession,
  watch?: TurnWatch,
): Promise<SessionPlayer> {
  const [session] = recorded.records;
  const before = { ...context, config: settingsOf(recorded, context.config) };
  const rulebook = loadRulebook(before.folders.root, before.folders.home);
  const { chosen, timeframe } = await chosenFor(before, recorded.request);
  const found = marketOf(session);
  const feed = session.feed as StreamFeed;
  const hashes: Readonly<Record<string, unknown>> = Object(session.hashes);
  // Settings are those of then; what a later version adds shows in the entries, which have to come again one by one.
  const config = String(hashes.config);
  if (session.inputs !== inputsOf({ config, rulebook, chosen, timeframe, feed, found }))
    throw changedSince(recorded, [hashes.rulebook === rulebook.hash ? 'strategy' : 'rulebook']);
  const begins = Number(session.begins);
  const places = placesOf(found, byTimeframe(chosen, timeframe));
  const warm = keptBars(join(recorded.folder, `warm-up-${recorded.id}.bars`), String(session.warmUp));
  const series = places.map(({ instrument, strategies }, place) => ({
    instrument,
    series: warm[place],
    strategies,
  }));
  const { cast } = await castOf(before, { rulebook, store: historyOf(before), series });
  const live = recorded.kind === 'live';
  const plan = {
    ...cast.plan,
    limits: live ? liveLimits(cast.plan.limits) : cast.plan.limits,
    capitalPaise: Number(session.capitalPaise),
    begins,
    isolation: isolationOf(before.config, 'session'),
  };
  const played = { ...cast, plan, ...(watch && { watch }) };
  const entries = recorded.records.map(entryOf).filter((entry) => entry !== undefined);
  return new SessionPlayer(
    played,
    nowhere,
    { id: recorded.id, entries, records: recorded.records, markedUntil: Number.NEGATIVE_INFINITY },
    live ? recordedExchange() : simulatedExchange(played),
  );
}

/** The last day of which it has bars; before its first bar, the day on which it began. */
export function lastDayOf({ records }: Pick<RecordedSession, 'records'>): number {
  const last = records.findLast(({ t }) => t === 'bars');
  return last ? istDayNumber(Number(last.time) - 1) : istDayNumber(Number(records[0].begins));
}

function marketOf({ market }: JournalRecord): readonly { readonly instrument: Instrument }[] {
  if (Array.isArray(market)) return market;
  throw new DataError(
    'DATA_JOURNAL',
    'The journal does not say which instruments the session traded.',
    'Verify it: algo journal verify',
  );
}
