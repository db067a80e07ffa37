import type { ClosedBar, FeedListener } from '../adapters/kite/kite-feed.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { codeOf, messageOf } from '../domain/errors.ts';
import { closesOf, type SessionsByDay } from '../domain/resample.ts';
import { type EpochMs, istText, secondMs } from '../domain/time.ts';
import type { Cancel, TimerClock } from '../engine/ports.ts';
import type { ToldBar } from './bar-records.ts';
import type { SessionPlayer } from './session-player.ts';
import { type StallParts, StallWatch } from './stall-watch.ts';

/**
 * A bar told later than this after it closed opens nothing: its price is gone. Milliseconds of the market's time for what comes from the
 * history, and this computer's for what the stream gave, since a rehearsal may hurry.
 */
const lateMsMax = 60 * secondMs;
/** A broker's history has a candle some seconds after it closed. Real milliseconds. */
const historyLagMs = 3 * secondMs;
/** How often history is asked while the stream is silent, and how often for a new login. Real milliseconds. */
const askAgainMs = 5 * secondMs;

/** Of a session whose orders go to a broker. */
export interface SessionDuties {
  /** A trade in the market: rupees. */
  price(place: number, price: number): void;
  /** News of orders may be waiting: a frame of the stream said so, or the stream came back. */
  hint(): void;
  /** There is a new login. */
  renewed(): Promise<void>;
  /** Every few seconds, between two bars. */
  look(): Promise<void>;
  /** Nothing is on its way: every order has ended or rests at the broker. */
  settled(): boolean;
  /** Something threw outside of a bar's turn; `fail` ends the session with it. */
  onFailure(fail: (error: unknown) => void): void;
}

/** How long one pass waits at most until what it sent is known to have ended or to rest. Real milliseconds. */
const settleMsMax = 150 * secondMs;

/** Five minutes. */
const dayEndTries = 60;

export interface FeedSessionParts extends StallParts {
  readonly player: SessionPlayer;
  /** The session's series, in order. */
  readonly series: readonly { readonly series: BarSeries; readonly sessions: SessionsByDay | undefined }[];
  /** Bars of the broker's history that closed after `after` and not after `until`. */
  readonly history: (place: number, after: EpochMs, until: EpochMs) => Promise<BarSeries>;
  /** A stream, connected. Called again once there is a new login. */
  readonly stream: (listener: FeedListener) => { close(): void };
  /** Whether a login has taken the place of the dead one. */
  readonly renewed: () => Promise<boolean>;
  /** The market's time, and this computer's. */
  readonly clock: TimerClock & { readonly speed: number };
  readonly base: TimerClock;
  /** When the last bar of the day closes, and how long it is waited for. */
  readonly lastClose: EpochMs;
  readonly graceMs: () => number;
  readonly signal: AbortSignal;
  /** What else has to be done about orders that leave this computer. */
  readonly duties?: SessionDuties | undefined;
  /** One pass over what has closed; `late` bars may be decided on where nothing leaves this computer for a price that is gone. */
  readonly once?: { readonly late: boolean } | undefined;
  /** Says what a person should know of. */
  readonly note: (sentence: string) => void;
}

/**
 * A day of a session on a broker's stream: bars that the stream gave whole are told as they close, everything else is taken from the
 * broker's history, in the order of time. Resolves to true at the day's end, to false when it was told to stop, or when one pass was all
 * that was asked and the day goes on.
 *
 * @throws whatever a told bar throws: a strategy's failure, a journal that cannot be written; of one pass also what the history throws
 */
export function runFeedSession(parts: FeedSessionParts): Promise<boolean> {
  const session = new FeedSession(parts);
  return parts.once ? session.pass(parts.once) : session.run();
}

/** Bars by the instant at which they closed. */
type Told = Map<EpochMs, ToldBar[]>;

class FeedSession {
  readonly #parts: FeedSessionParts;
  readonly #jobs: (() => Promise<void> | void)[] = [];
  #working = false;
  #stream: { close(): void } = { close: () => undefined };
  #hearing = false;
  /** Bars between what was told last and what the stream gave first are in the history alone. */
  #gap = true;
  #dead = false;
  #everHeard = false;
  readonly #stall: StallWatch;
  #timers: Cancel[] = [];
  #settle: (ended: boolean) => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  #done = false;

  constructor(parts: FeedSessionParts) {
    this.#parts = parts;
    this.#stall = new StallWatch(parts);
    // One pass goes by the history alone, as was asked.
    this.#everHeard = parts.once !== undefined;
  }

  async run(): Promise<boolean> {
    const { base, signal } = this.#parts;
    const ended = new Promise<boolean>((settle, fail) => {
      this.#settle = settle;
      this.#fail = fail;
    });
    this.#parts.duties?.onFailure((error) => {
      this.#done = true;
      this.#fail(error);
    });
    const onStop = () => this.#do(() => this.#end(false));
    signal.addEventListener('abort', onStop, { once: true });
    if (signal.aborted) onStop();
    this.#waitForEnd();
    this.#every(base, () => this.#look());
    this.#do(async () => {
      await this.#catchUp(this.#historyUntil());
    });
    this.#connect();
    try {
      return await ended;
    } finally {
      signal.removeEventListener('abort', onStop);
      this.#done = true;
      for (const cancel of this.#timers) cancel();
      this.#stream.close();
    }
  }

  /** Tells what has closed by now. What follows from it at a broker is waited for, so that no fill is left without its stop. */
  async pass({ late }: { readonly late: boolean }): Promise<boolean> {
    const { base, clock, duties, lastClose, player, signal } = this.#parts;
    const until = Math.min(lastClose, clock.now());
    const failed = new Promise<never>((_, fail) => duties?.onFailure(fail));
    // Heard of again below, when nobody waits for it any more.
    failed.catch(() => undefined);
    // For prices and news of orders alone.
    if (duties) this.#connect();
    try {
      await pause(base, historyLagMs);
      const missed = await this.#missed(until);
      for (const halt of ['HALT_FEED', 'HALT_TOKEN'] as const) player.resume(halt);
      this.#tellAll(missed, late ? Number.POSITIVE_INFINITY : lateMsMax);
      const patience = base.now() + settleMsMax;
      while (duties && base.now() < patience && !signal.aborted) {
        await Promise.race([pause(base, askAgainMs), failed]);
        await duties.look();
        if (duties.settled()) break;
      }
      return until === lastClose && !signal.aborted;
    } finally {
      this.#done = true;
      this.#stream.close();
    }
  }

  /** The market's pace, and with it what the last bar is given, may change meanwhile. */
  #waitForEnd(): void {
    const { clock, lastClose, graceMs } = this.#parts;
    const end = lastClose + graceMs() + 1;
    this.#timers[0] = clock.at(end, () => {
      if (clock.now() < lastClose + graceMs()) this.#waitForEnd();
      else this.#do(() => this.#dayEnds());
    });
  }

  #connect(): void {
    this.#stream = this.#parts.stream({
      closed: (time, bars) => this.#do(() => this.#closed(time, bars)),
      hearing: (heard, loss) => {
        this.#hearing = heard;
        if (!heard) this.#gap = true;
        this.#do(() => (heard ? this.#heard() : this.#deaf(loss ?? 'closed')));
      },
      price: (place, price) => {
        if (this.#stall.traded()) this.#do(() => this.#heard());
        this.#parts.duties?.price(place, price);
      },
      order: () => this.#parts.duties?.hint(),
      tokenDead: () => this.#do(() => this.#tokenDead()),
      trouble: (message) => this.#parts.note(`The broker's stream says: ${message}`),
    });
  }

  /** One thing after the other, in the order in which they came. */
  #do(job: () => Promise<void> | void): void {
    if (this.#parts.once) return;
    this.#jobs.push(job);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let job = this.#jobs.shift(); job && !this.#done; job = this.#jobs.shift()) await job();
    } catch (error) {
      this.#done = true;
      this.#fail(error);
    } finally {
      this.#working = false;
    }
  }

  async #closed(time: EpochMs, bars: readonly ClosedBar[]): Promise<void> {
    const { player, lastClose } = this.#parts;
    if (time <= player.toldUntil || time > lastClose) return;
    if (this.#gap) {
      if (!(await this.#catchUp(time - 1))) return;
      this.#gap = !this.#hearing || this.#stall.stalled;
    }
    const told: ToldBar[] = [];
    for (const { place, bar } of bars)
      told.push(
        bar.whole ? { place, ...bar } : ((await this.#fromHistory(place, time)) ?? { place, ...bar }),
      );
    this.#tell(time, told.map(plain), lateMsMax * Math.max(1, this.#parts.clock.speed));
  }

  /** The bar of a series that closed at an instant, which the stream did not give whole. */
  async #fromHistory(place: number, time: EpochMs): Promise<ToldBar | undefined> {
    try {
      const bars = await this.#parts.history(place, time - 1, time);
      if (bars.length > 0) return rowOf(bars, bars.length - 1, place);
    } catch (error) {
      this.#parts.note(`History does not answer (${messageOf(error)}).`);
    }
    const { key } = this.#parts.series[place].series;
    this.#parts.note(`The bar of ${key} that closed at ${istText(time)} is made of the part that was heard.`);
    return undefined;
  }

  #tell(time: EpochMs, bars: readonly ToldBar[], lateMs: number): void {
    const { player, clock } = this.#parts;
    // Bars of the history alone say nothing of the price there is now.
    if (clock.now() - time > lateMs || !this.#everHeard)
      player.halt('HALT_START', 'bars of before are being caught up with');
    else player.resume('HALT_START');
    player.tell(time, bars);
  }

  /** Tells everything that closed since. Answers false when the history could not be had. */
  async #catchUp(until: EpochMs): Promise<boolean> {
    let missed: Told;
    try {
      missed = await this.#missed(until);
    } catch (error) {
      if (codeOf(error) === 'AUTH_TOKEN') this.#tokenDead();
      else this.#parts.note(`History does not answer (${messageOf(error)}); it is asked again.`);
      return false;
    }
    return this.#tellAll(missed, lateMsMax);
  }

  /** What the history has closed since the last bar that was told. */
  async #missed(until: EpochMs): Promise<Told> {
    const { player, series, history } = this.#parts;
    const after = player.toldUntil;
    const instants: Told = new Map();
    if (until <= after) return instants;
    for (const [place, { sessions }] of series.entries()) {
      const bars = await history(place, after, until);
      const closes = closesOf(bars, sessions);
      for (let row = 0; row < bars.length; row++) {
        const told = instants.get(closes[row]) ?? [];
        instants.set(closes[row], told);
        told.push(rowOf(bars, row, place));
      }
    }
    return instants;
  }

  /** Answers false when it was told to stop meanwhile. */
  #tellAll(instants: Told, lateMs: number): boolean {
    for (const time of [...instants.keys()].sort((a, b) => a - b)) {
      if (this.#done || this.#parts.signal.aborted) return false;
      this.#tell(time, instants.get(time) ?? [], lateMs);
    }
    return true;
  }

  #historyUntil(): EpochMs {
    const { clock, lastClose } = this.#parts;
    return Math.min(lastClose, clock.now() - historyLagMs * Math.max(1, clock.speed));
  }

  async #heard(): Promise<void> {
    this.#stall.begins();
    this.#parts.duties?.hint();
    await this.#catchUp(this.#historyUntil());
    if (!this.#hearing) return;
    this.#everHeard = true;
    if (this.#parts.player.resume('HALT_FEED')) this.#parts.note('The stream is heard again.');
  }

  #deaf(loss: string): void {
    if (this.#parts.player.halt('HALT_FEED', `the stream is ${loss}`))
      this.#parts.note(`The stream is ${loss}: nothing is opened until it is heard again.`);
  }

  #tokenDead(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#hearing = false;
    this.#gap = true;
    this.#stream.close();
    this.#parts.player.halt('HALT_TOKEN', "the broker's session is dead");
    this.#parts.note(
      "The broker's session is dead: nothing is opened until somebody logs in. Fix: algo login",
    );
  }

  /** While the stream is silent the history is asked, and for a new login where the old one is dead. */
  #look(): void {
    if (this.#jobs.length > 0 || this.#working) return;
    const { duties, player } = this.#parts;
    if (this.#hearing && this.#stall.look()) {
      this.#gap = true;
      this.#do(() => this.#deaf('without a trade'));
    }
    // Kite leaves a stream open whose session is dead: it is the requests that tell.
    if (player.halts.has('HALT_TOKEN')) this.#tokenDead();
    if (duties) this.#do(() => duties.look());
    if (this.#dead) this.#do(() => this.#loginAgain());
    else if (!this.#hearing || this.#stall.stalled)
      this.#do(async () => {
        await this.#catchUp(this.#historyUntil());
      });
  }

  async #loginAgain(): Promise<void> {
    if (!(await this.#parts.renewed())) return;
    this.#dead = false;
    this.#parts.player.resume('HALT_TOKEN');
    await this.#parts.duties?.renewed();
    this.#parts.note('There is a new login.');
    this.#connect();
  }

  /** The day is not over before its last bar is known, which a history that does not answer puts off for a while. */
  async #dayEnds(tries = dayEndTries): Promise<void> {
    const { base, lastClose, note } = this.#parts;
    if (!this.#gap || (await this.#catchUp(lastClose))) await this.#leave();
    else if (tries > 1)
      this.#timers[0] = base.at(base.now() + askAgainMs, () => this.#do(() => this.#dayEnds(tries - 1)));
    else {
      note('The last bars of the day are missing; the session goes on with them when it is started again.');
      this.#end(false);
    }
  }

  /** Nothing is left at the broker that could still fill when nobody hears of it: entries are called off, and what moves is waited for. */
  async #leave(): Promise<void> {
    const { base, clock, duties, player, note } = this.#parts;
    if (duties && player.engine.entering) player.operate('cancel-entries', clock.now());
    const patience = base.now() + settleMsMax;
    while (duties && !this.#done && !duties.settled()) {
      if (base.now() > patience) {
        note(
          'Orders are still under way at the broker; the session goes on with them when it is started again.',
        );
        this.#end(false);
        return;
      }
      duties.hint();
      await pause(base, secondMs);
    }
    this.#end(true);
  }

  #end(ended: boolean): void {
    this.#done = true;
    this.#settle(ended);
  }

  #every(clock: TimerClock, work: () => void): void {
    const again = () => {
      if (this.#done) return;
      work();
      this.#timers[1] = clock.at(clock.now() + askAgainMs, again);
    };
    this.#timers[1] = clock.at(clock.now() + askAgainMs, again);
  }
}

function pause(clock: TimerClock, ms: number): Promise<void> {
  return new Promise((wake) => {
    clock.at(clock.now() + ms, wake);
  });
}

function rowOf(bars: BarSeries, row: number, place: number): ToldBar {
  const { time, open, high, low, close, volume } = bars;
  return {
    place,
    time: time[row],
    open: open[row],
    high: high[row],
    low: low[row],
    close: close[row],
    volume: volume[row],
  };
}

function plain({ place, time, open, high, low, close, volume }: ToldBar): ToldBar {
  return { place, time, open, high, low, close, volume };
}
