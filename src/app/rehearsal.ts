import { setMaxListeners } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/system/system-clock.ts';
import { BrokerError } from '../domain/errors.ts';
import { kiteMultiplier } from '../domain/kite-multiplier.ts';
import { type EpochMs, instantOf, minuteMs, secondMs, startOfDay } from '../domain/time.ts';
import type { SessionReport } from '../reports/session-text.ts';
import { accountOf } from '../sandbox/http/accounts.ts';
import { storedDays } from '../sandbox/market/stored-days.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import type { BrokerLists } from './backfill-instruments.ts';
import { todaysLists } from './backfill-kite.ts';
import { liveLimits, liveMode } from './live.ts';
import { paperMode } from './paper-on-stream.ts';
import type { RehearsalData } from './rehearsal-data.ts';
import { type RehearsalDoor, rehearsalDoor } from './rehearsal-door.ts';
import { RehearsedLog } from './rehearsed-log.ts';
import { SteppedClock } from './stepped-clock.ts';
import type { JournalMode } from './streams.ts';
import { type DayRequest, tradingDay } from './trading-day.ts';

/** How far the market goes at a time while nothing is held. */
const calmStepMs = minuteMs;
/** The same prints each time. */
const seed = 1;
/** The market is entered so long before it opens, and left so long after it closed. */
const beforeOpenMs = 5 * minuteMs;
const afterCloseMs = 2 * secondMs;
/** Real milliseconds for which the market stands still for an answer. */
const answerMsMax = 15 * secondMs;
/** Nobody acknowledges a subscription: both ends get turns enough to have read it. */
const subscriptionTurns = 25;
/** No browser logs in here. */
const redirectUrl = 'http://127.0.0.1:5000/callback';

export interface RehearsalOptions {
  /** How many there will be: each has an account of its own. */
  readonly sessions: number;
  /** Rupees of each account in either segment. */
  readonly cash: number;
  /** How far the market goes at a time while orders or positions stand; at most a minute. What a session does about a price, it does then. */
  readonly busyStepMs: number;
}

/** A session on the market of a rehearsal. */
export interface RehearsedSession {
  readonly mode: JournalMode;
  readonly name: string;
  readonly log: RehearsedLog;
  /** Undefined when the markets were closed. */
  readonly report: Promise<SessionReport | undefined>;
}

interface Running extends RehearsedSession {
  readonly door: RehearsalDoor;
  readonly clock: SteppedClock;
  readonly userId: string;
  over: boolean;
  failure: unknown;
}

/**
 * A day at a sandbox of this process, and the sessions that trade it: the whole of the paper and live casts, from the stream's frames to
 * the broker's requests. The market goes on only when every session has heard, decided and been answered, so the day takes what the work
 * takes, and is the same each time.
 */
export class Rehearsal {
  readonly #data: RehearsalData;
  readonly #sandbox: Sandbox;
  readonly #sessions: Running[] = [];
  readonly #stop = new AbortController();
  #lists: Promise<BrokerLists> | undefined;
  /** When the broker closes intraday positions, and by how much the sessions' clocks are before the market's. */
  readonly #squareOffs: ReadonlySet<EpochMs>;
  #ahead = 0;
  readonly #busyStepMs: number;
  /** Units filled, and legs that ended unfilled, by user, as the sandbox tells it. */
  readonly #filled = new Map<string, Map<string, number>>();
  readonly #ended = new Map<string, Set<string>>();

  private constructor(data: RehearsalData, sandbox: Sandbox, busyStepMs: number) {
    this.#busyStepMs = busyStepMs;
    setMaxListeners(0, this.#stop.signal);
    this.#data = data;
    this.#sandbox = sandbox;
    const { instruments, day, rulebook } = data;
    this.#squareOffs = new Set(
      instruments.map((each) => instantOf(day, rulebook.calendar.squareOffMinute(each, day))),
    );
    sandbox.orders.onOrder((userId, row) => {
      const listed = sandbox.market.byKey(`${row.exchange}:${row.tradingsymbol}`);
      const units = row.filled_quantity * (listed ? kiteMultiplier(listed.instrument) : 1);
      keyed(this.#filled, userId, () => new Map()).set(row.order_id, units);
      if (row.status === 'CANCELLED' || row.status === 'REJECTED')
        keyed(this.#ended, userId, () => new Set()).add(row.order_id);
    });
  }

  static async open(
    data: RehearsalData,
    { sessions, cash, busyStepMs }: RehearsalOptions,
  ): Promise<Rehearsal> {
    const { store, rulebook, day, hours } = data;
    const sandbox = await startSandbox({
      ...{ base: systemClock, rulebook, seed, dayNumber: day, speed: 1, paused: true, port: 0 },
      days: await storedDays({ store, rulebook, seed }),
      minute: (hours.open - beforeOpenMs - startOfDay(day)) / minuteMs,
      accounts: Array.from({ length: sessions }, (_, at) => accountOf(`RH${1000 + at}`, redirectUrl)),
      ...{ limits: false, overnight: 'run', broker: { openingCash: { equity: cash, commodity: cash } } },
      onFailure: (error) => {
        throw error;
      },
    });
    return new Rehearsal(data, sandbox, busyStepMs);
  }

  /** Begins a session and waits until it listens. Each has an account of its own. */
  async begin(
    mode: JournalMode,
    request: Omit<DayRequest, 'feed' | 'speed' | 'stream' | 'universe'>,
  ): Promise<RehearsedSession> {
    const { context, instruments } = this.#data;
    const account = this.#sandbox.accounts.list[this.#sessions.length];
    const clock = new SteppedClock(() => this.#sandbox.market.clock.now() + this.#ahead);
    const door = rehearsalDoor(this.#sandbox, {
      ...{ account, clock },
      lists: (client) => {
        this.#lists ??= todaysLists(
          context,
          {
            now: async () => clock.now(),
            historical: (asked) => client.historical(asked),
            instruments: async () => (await client.instruments()).csv,
          },
          true,
        );
        return this.#lists;
      },
    });
    const log = new RehearsedLog();
    const stream = account.userId.toLowerCase();
    const folder = join(context.folders.data, 'journal', mode, stream);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const cast = mode === 'live' ? liveMode(context, { stream, folder }) : paperMode;
    const asked: DayRequest = {
      ...request,
      ...{ stream, feed: 'sandbox', speed: '1x', universe: instruments.map(({ key }) => key) },
    };
    const report = tradingDay(context, asked, {
      ...{ mode: { ...cast, limits: liveLimits }, door, log, folder, signal: this.#stop.signal },
    });
    const name = `${mode} session ${request.strategies.join(', ')}`;
    const session: Running = {
      ...{ mode, name, log, report, door, clock, userId: account.userId, over: false, failure: undefined },
    };
    report.then(
      () => {
        session.over = true;
      },
      (error: unknown) => {
        session.failure = error;
        session.over = true;
      },
    );
    this.#sessions.push(session);
    await this.#until(
      () => session.over || door.heard.hearing,
      () => `${name} does not listen`,
    );
    for (let turn = 0; turn < subscriptionTurns; turn++) await systemTurn(1);
    return session;
  }

  /** The whole day; `told` hears how far it is. Sessions end with it. */
  async play(told: (time: EpochMs) => void = () => undefined): Promise<void> {
    const { clock } = this.#sandbox.market;
    const end = this.#data.hours.close + afterCloseMs;
    while (clock.now() < end && this.#sessions.some(({ over }) => !over)) {
      const step = this.#sessions.every(({ log }) => log.idle) ? calmStepMs : this.#busyStepMs;
      const next = Math.min(end, (Math.floor(clock.now() / step) + 1) * step);
      // A session that closes its positions in the minute of the broker's square-off is a moment before it, since the broker
      // takes no such order after it.
      this.#ahead = this.#squareOffs.has(next) && clock.now() < next - 1 ? 1 : 0;
      clock.step(next - this.#ahead - clock.now());
      await this.#settled();
      for (const session of this.#sessions) session.clock.wakeDue();
      await this.#settled();
      told(clock.now());
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#sessions.map(({ report }) => report));
    await this.#sandbox.close();
  }

  async #settled(): Promise<void> {
    for (const session of this.#sessions)
      await this.#until(
        () => session.over || this.#owes(session) === undefined,
        () => `${session.name} waits for ${this.#owes(session)}`,
      );
  }

  /** What a session has not come to yet of all that has happened. */
  #owes({ mode, door, log, userId }: Running): string | undefined {
    const { heard } = door;
    for (const { key } of this.#data.instruments) {
      const quote = this.#sandbox.market.quote(key);
      if (!quote) continue;
      const newest = heard.newest(quote.listed.listing.token);
      if (!newest) continue;
      // On the wire an instant is a whole second, and several trades may be of one; an index has no volume.
      const second = Math.floor(quote.time / secondMs) * secondMs;
      if (newest.time !== second || newest.volume < quote.volume) return `a tick of ${key}`;
    }
    if (log.markedUntil < heard.closedUntil) return 'its turn on closed bars';
    if (mode === 'paper') return undefined;
    const answers = ['ack', 'refused', 'not_sent', 'unknown'].reduce((sum, t) => sum + log.count(t), 0);
    if (log.count('sent') !== answers) return 'the answer to an order';
    if (door.underWay() > 0) return 'an answer of the broker';
    const filled = [...(this.#filled.get(userId)?.values() ?? [])].reduce((sum, units) => sum + units, 0);
    if (filled !== log.filled) return 'news of a fill';
    const ended = log.records.filter(
      ({ t, why }) => t === 'lapsed' || (t === 'leg_over' && why !== 'COMPLETE'),
    ).length;
    return ended < (this.#ended.get(userId)?.size ?? 0) ? 'news of the end of an order' : undefined;
  }

  async #until(fact: () => boolean, what: () => string): Promise<void> {
    const start = systemClock.now();
    for (let turn = 0; !fact(); turn++) {
      // Sockets get their turns at once, timers after a while.
      await systemTurn(turn < 200 ? 0 : 1);
      this.#check();
      if (systemClock.now() - start < answerMsMax) continue;
      throw new BrokerError(
        'BROKER_REHEARSAL',
        `The ${what()} for ${answerMsMax / secondMs} seconds.`,
        'Run it again; where it stays, the session and its broker do not agree on what has happened.',
      );
    }
    this.#check();
  }

  #check(): void {
    for (const { failure } of this.#sessions) if (failure !== undefined) throw failure;
  }
}

/** Lets the process do what waits: 0 what is there already, 1 what a timer brings. */
function systemTurn(ms: 0 | 1): Promise<void> {
  return new Promise((wake) => {
    if (ms === 0) setImmediate(wake);
    else setTimeout(wake, ms);
  });
}

function keyed<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
