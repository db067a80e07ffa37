import { readSegments } from '../adapters/journal/segments.ts';
import { loadRulebook } from '../config/rulebook.ts';
import { BrokerError, codeOf, messageOf } from '../domain/errors.ts';
import { type EpochMs, istDayNumber, secondMs } from '../domain/time.ts';
import type { TimerClock } from '../engine/ports.ts';
import { isDone, type SessionReport, sessionText } from '../reports/session-text.ts';
import { backfillFromKite } from './backfill-kite.ts';
import { byTimeframe } from './backtest-series.ts';
import { type BrokerDoor, brokerDoor } from './broker-door.ts';
import type { Context } from './context.ts';
import type { DoneStep } from './day-record.ts';
import { fedInstruments } from './fed-instruments.ts';
import { warmUpBars } from './fed-series.ts';
import { journalStreams } from './journal.ts';
import { journalView } from './journal-positions.ts';
import { unfinished } from './journaled-session.ts';
import { kiteDoor } from './kite-doors.ts';
import { openKiteSession } from './kite-session.ts';
import { live } from './live.ts';
import { liveConsent } from './live-consent.ts';
import { historyOf } from './open-history.ts';
import { paperOnStream } from './paper-on-stream.ts';
import { sandboxAccount } from './profile.ts';
import { reconcile } from './reconcile.ts';
import { chosenFor } from './run-parts.ts';
import { streamFolder, streamNames } from './streams.ts';
import type { DayRequest, StreamFeed } from './trading-day.ts';
import { until } from './wait-until.ts';
import { whoami } from './whoami.ts';

export interface DayWork {
  readonly mode: 'paper' | 'live';
  readonly feed: StreamFeed;
  readonly account?: string | undefined;
  readonly confirm?: string | undefined;
  readonly until?: string | undefined;
  readonly warmUpDays: number;
  /** Stream of a paper session; a live one is called after its account. */
  readonly stream: string;
}

type Outcome = Pick<DoneStep, 'state' | 'outcome'>;
const done = (outcome: string): Outcome => ({ state: 'done', outcome });

/** Letters of a line of a report that is mailed. */
const pageWidth = 100;
/** Failures that a person can mend while the day waits. */
const mendable: readonly string[] = ['AUTH_LOGIN', 'AUTH_TOKEN', 'RISK_NOT_ARMED', 'BROKER_UNREACHABLE'];
const askAgainMs = 15 * secondMs;

/** Waits for a login until `wait`. @throws AuthError, BrokerError and RiskStop as the broker and the consents have it, when it is over */
export async function loginStep(
  context: Context,
  work: DayWork,
  {
    clock,
    wait,
    signal,
  }: { readonly clock: TimerClock; readonly wait: EpochMs; readonly signal: AbortSignal },
): Promise<Outcome> {
  let told = '';
  for (;;) {
    try {
      return done(await loggedIn(context, work));
    } catch (error) {
      if (!mendable.includes(codeOf(error) ?? '') || clock.now() >= wait || signal.aborted) throw error;
      if (messageOf(error) !== told) {
        told = messageOf(error);
        const fix = Reflect.get(Object(error), 'fix');
        context.output.note(`${told} The day waits for it.${typeof fix === 'string' ? ` Fix: ${fix}` : ''}`);
      }
      await until(clock, Math.min(wait, clock.now() + askAgainMs), signal);
    }
  }
}

async function loggedIn(context: Context, work: DayWork): Promise<string> {
  const door = await brokerDoor(context, work);
  try {
    const session = door.session();
    const { userId, broker, reason, expiry } = await whoami(context, {
      account: accountOf(work),
      kite: kiteDoor(context),
    });
    if (broker !== 'confirmed')
      throw new BrokerError(
        'BROKER_UNREACHABLE',
        `The broker does not answer: ${reason}`,
        'It is asked again.',
      );
    if (work.mode === 'live') liveConsent(context, session, work);
    return `${userId} is logged in${expiry === null ? '' : ` until ${expiry.slice(0, 16).replace('T', ' ')}`}`;
  } finally {
    door.clock.stop();
  }
}

export async function instrumentsStep(context: Context, work: DayWork): Promise<Outcome> {
  return withDoor(context, work, async (door) => {
    const found = await tradedToday(context, door);
    const keys = found.map(({ instrument }) => instrument.key);
    const some =
      keys.length > 4 ? `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more` : keys.join(', ');
    return done(`the broker's list is archived; the day trades ${some}`);
  });
}

/** What could not be had here is asked for again by the session. */
export async function warmUpStep(context: Context, work: DayWork): Promise<Outcome> {
  return withDoor(context, work, async (door) => {
    const { chosen, timeframe } = await chosenFor(context, { strategies: [], params: [] });
    const frames = [...byTimeframe(chosen, timeframe).keys()];
    const found = await tradedToday(context, door);
    // A sandbox's bars stay out of the history: another one of the same date may be another market.
    if (work.feed === 'kite')
      await backfillFromKite(context, {
        ...{ words: found.map(({ instrument }) => instrument.key), timeframe: frames.join(',') },
        ...{ days: Math.max(1, work.warmUpDays), account: work.account },
        ...{ continuous: false, dryRun: false, force: false },
      });
    const rulebook = loadRulebook(context.folders.root, context.folders.home);
    const store = historyOf(context);
    const source = door.candles(new Map(found.map(({ instrument, token }) => [instrument.key, token])));
    const today = istDayNumber(door.clock.now());
    let bars = 0;
    const empty: string[] = [];
    for (const { instrument } of found)
      for (const frame of frames) {
        const request = {
          instrument,
          timeframe: frame,
          days: work.warmUpDays,
          today,
          prices: context.config.prices,
        };
        const { length } = await warmUpBars({ store, source, rulebook }, request);
        bars += length;
        if (length === 0) empty.push(`${instrument.key} ${frame}`);
      }
    const without = empty.length > 0 ? `; none of ${empty.join(', ')}` : '';
    return done(`${bars} bars of ${work.warmUpDays} days in ${frames.join(', ')}${without}`);
  });
}

export interface SessionStep extends Outcome {
  readonly text: string;
  /** False when a person stopped the session: the day goes on with it when it is started again. */
  readonly goesOn: boolean;
}

export async function sessionStep(
  context: Context,
  work: DayWork,
  signal: AbortSignal,
): Promise<SessionStep> {
  const request: DayRequest = {
    ...{ universe: [], strategies: [], params: [], speed: '1x' },
    ...{
      feed: work.feed,
      account: work.account,
      until: work.until,
      warmUpDays: work.warmUpDays,
      stream: work.stream,
    },
  };
  const report =
    work.mode === 'live'
      ? await live(context, { ...request, confirm: work.confirm }, signal)
      : await paperOnStream(context, request, signal);
  if (!report)
    return {
      state: 'skipped',
      outcome: 'the markets of its instruments are closed',
      text: '',
      goesOn: true,
    };
  const text = sessionText(report, { colour: false, width: pageWidth });
  return { ...sessionOutcome(report), text, goesOn: isDone(report) && report.stopped !== true };
}

function sessionOutcome({ trades, refusals, session }: SessionReport): Outcome {
  const refused = refusals.reduce((sum, { count }) => sum + count, 0);
  return done(`session ${session}: ${trades.length} trades, ${refused} signals refused`);
}

/** Whether a session of the stream was cut off and has something to end. */
export async function isUnfinished(context: Context, work: DayWork): Promise<boolean> {
  return unfinished(await recordsOf(context, work)) !== undefined;
}

/** What the journal holds when the session is over. */
export async function squareOffStep(context: Context, work: DayWork): Promise<Outcome> {
  const { positions } = journalView(await recordsOf(context, work));
  const held = positions.filter(({ quantity }) => quantity !== 0);
  if (held.length === 0) return done('everything is closed');
  const words = held.map(({ key, product, quantity }) => `${quantity} ${key} (${product})`).join(', ');
  const left = held.some(({ product }) => product === 'MIS');
  return left
    ? {
        state: 'fault',
        outcome: `intraday positions are left: ${words}. The broker closes them. Look: algo positions`,
      }
    : done(`carried into the next day: ${words}`);
}

export async function reconcileStep(context: Context, work: DayWork): Promise<Outcome> {
  if (work.mode === 'live') {
    const { rows, mismatches } = await reconcile(context, { account: accountOf(work) });
    if (mismatches === 0) return done(`${rows.length} positions agree with the broker's`);
    return { state: 'fault', outcome: `${mismatches} mismatches with the broker. Look: algo reconcile` };
  }
  if (!streamNames(context, work.mode).includes(work.stream)) return done('nothing was ever traded here');
  const documents = journalStreams(context, work.stream).filter(({ mode }) => mode === work.mode);
  const faults = documents.flatMap(({ faults: each }) => each.map(({ fault }) => fault));
  const records = documents.reduce((sum, { records: each }) => sum + each, 0);
  if (faults.length === 0) return done(`the journal is whole: ${records} records`);
  return { state: 'fault', outcome: `the journal is damaged (${faults[0]}). Look: algo journal verify` };
}

/** Records of the newest session. */
async function recordsOf(context: Context, work: DayWork) {
  const stream = await streamOf(context, work);
  if (!streamNames(context, work.mode).includes(stream)) return [];
  const records = readSegments(streamFolder(context, work.mode, stream)).flatMap(
    (segment) => segment.records,
  );
  return records.slice(
    Math.max(
      0,
      records.findLastIndex(({ t }) => t === 'session'),
    ),
  );
}

async function streamOf(context: Context, work: DayWork): Promise<string> {
  if (work.mode === 'paper') return work.stream;
  return (await openKiteSession(context, { account: accountOf(work) })).userId.toLowerCase();
}

function accountOf({ feed, account }: DayWork): string | undefined {
  return feed === 'sandbox' ? sandboxAccount : account;
}

async function tradedToday(context: Context, door: BrokerDoor) {
  const { sandbox } = door.session();
  return fedInstruments(context, historyOf(context), await door.lists(), { words: [], sandbox });
}

async function withDoor<T>(
  context: Context,
  work: DayWork,
  use: (door: BrokerDoor) => Promise<T>,
): Promise<T> {
  const door = await brokerDoor(context, work);
  try {
    return await use(door);
  } finally {
    door.clock.stop();
  }
}
