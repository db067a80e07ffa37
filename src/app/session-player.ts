import type { RecordFields, RecordLog } from '../adapters/journal/journal-log.ts';
import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { entryOf, SessionJournal } from '../adapters/journal/session-journal.ts';
import { replay } from '../adapters/simulated/replay-feed.ts';
import { confined } from '../adapters/system/confined.ts';
import { CheckFailed } from '../domain/errors.ts';
import type { EpochMs } from '../domain/time.ts';
import { Engine } from '../engine/engine.ts';
import type { MarketListener } from '../engine/ports.ts';
import { type HaltCode, Halts, haltCodes } from '../engine/risk/halts.ts';
import type { RiskLimits } from '../engine/risk/limits.ts';
import { fillLines } from '../reports/fill-line.ts';
import type { BacktestCast } from './backtest-run.ts';
import { barsOf, barsRecord, type ToldBar } from './bar-records.ts';
import { HookWatch } from './hook-watch.ts';
import type { JournaledSession } from './journaled-session.ts';
import { resultHash } from './run-identity.ts';
import { type SessionExchange, simulatedExchange } from './session-exchange.ts';
import { SessionResults } from './session-results.ts';

/**
 * A session's engine and exchange, told of bars as they close. Whatever they follow from — bars, and reasons why nothing new is
 * opened — is in the journal before they hear of it, so that `recall` brings another process to where this one was.
 */
export class SessionPlayer {
  readonly engine: Engine;
  readonly journal: SessionJournal;
  readonly halts = new Halts();
  /** Since when each halt stands, in the market's time. */
  readonly haltedSince = new Map<HaltCode, EpochMs>();
  /** Limits in force. */
  limits: RiskLimits;
  /** The newest instant that was told. */
  toldUntil: EpochMs;
  readonly #cast: BacktestCast;
  readonly #log: RecordLog;
  readonly #market: MarketListener;
  readonly #results: SessionResults;

  readonly #hooks: HookWatch | undefined;
  readonly #exchange: SessionExchange;
  /** Entries that a person was told of. */
  #said = 0;
  readonly #say: (sentence: string) => void;
  readonly #now: () => EpochMs;

  constructor(
    cast: BacktestCast,
    log: RecordLog,
    session: JournaledSession,
    exchange: SessionExchange = simulatedExchange(cast),
    say: (sentence: string) => void = () => undefined,
    now: () => EpochMs = () => this.toldUntil,
  ) {
    this.#say = say;
    this.#now = now;
    this.#cast = cast;
    this.limits = cast.plan.limits;
    this.#log = log;
    const { plan, series, watch } = cast;
    this.#exchange = exchange;
    const { broker } = exchange;
    this.journal = new SessionJournal(log, session.entries);
    const { hookMsMax } = cast;
    this.#hooks = hookMsMax === undefined ? undefined : new HookWatch(log, session.records, hookMsMax);
    this.engine = new Engine(
      { ...plan, halts: this.halts },
      { broker, journal: watch?.journal(this.journal) ?? this.journal, hooks: this.#hooks },
    );
    for (const each of series) {
      const slot = this.engine.watch(each.instrument, each.series);
      exchange.open(each.instrument, slot);
      for (const { strategy, params } of each.strategies) {
        const run = this.engine.run(strategy, params, slot);
        watch?.add(run, this.halts);
      }
    }
    const market = exchange.market(this.engine);
    this.#market = watch?.market(market) ?? market;
    this.#results = new SessionResults((fields) => log.append(fields, 'soon'), session.records);
    this.toldUntil = plan.begins ?? Number.NEGATIVE_INFINITY;
  }

  /** Shows the bars that the series began with, on which nothing is opened. */
  warmUp(): void {
    const { series, plan } = this.#cast;
    const market = this.#hooks?.instantly(this.#market) ?? this.#market;
    confined(() => replay(series, plan.rulebook.calendar, market));
  }

  /**
   * Plays what earlier processes of the session were told; `after` hears of each record once it has been played.
   *
   * @throws CheckFailed CHECK_REPLAY when the engine does not do again what is recorded
   */
  recall(records: readonly JournalRecord[], after: (record: JournalRecord) => void = () => undefined): void {
    if (this.#hooks) this.#hooks.recall(() => this.#recall(records, after));
    else this.#recall(records, after);
  }

  #recall(records: readonly JournalRecord[], after: (record: JournalRecord) => void): void {
    for (const record of records) {
      if (record.t === 'bars') {
        const { time, bars } = barsOf(record);
        this.#play(time, bars);
        this.#results.marked(time, this.engine);
      } else if (record.t === 'halt')
        this.#halt(haltCode(record.code), stringOrNull(record.why), Number(record.time ?? this.toldUntil));
      else if (record.t === 'config') this.#limit(record.limits as RiskLimits);
      else if (record.t === 'operator') this.#redo(record);
      else this.#retell(record);
      after(record);
    }
    this.#said = this.journal.entries.length;
    const { awaited } = this.journal;
    if (awaited === 0) return;
    throw new CheckFailed(
      'CHECK_REPLAY',
      `The session did not come to ${awaited} entries that it had recorded.`,
      'Something the session depends on has changed. algo paper reset ends it; a new one begins afresh.',
    );
  }

  /** All bars that closed at one instant. @throws DataError DATA_JOURNAL_WRITE; StrategyError */
  tell(time: EpochMs, bars: readonly ToldBar[]): void {
    this.#append(barsRecord(time, bars));
    this.#play(time, bars);
    this.#results.marked(time, this.engine);
    this.#sayNews();
    const { equityPaise, held } = this.engine.account;
    this.#append({ t: 'mark', time, equityPaise, positions: held.length });
    this.#log.flush();
  }

  /** From now on nothing is opened for this reason. Answers whether that is new. */
  halt(code: HaltCode, why: string): boolean {
    if (this.halts.has(code)) return false;
    const time = this.#now();
    this.#append({ t: 'halt', code, why, time });
    this.#halt(code, why, time);
    return true;
  }

  /** The reason is gone. Answers whether there was one. */
  resume(code: HaltCode): boolean {
    if (!this.halts.has(code)) return false;
    const time = this.#now();
    this.#append({ t: 'halt', code, why: null, time });
    this.#halt(code, null, time);
    return true;
  }

  /** A person's word: entries under way are called off, and with `flatten` everything open is closed. */
  operate(deed: 'cancel-entries' | 'flatten', time: EpochMs): void {
    this.#log.append({ t: 'operator', deed, time }, 'durable');
    this.#operate(deed === 'flatten', time);
  }

  /** Other limits from now on, as a whole. `by` names the settings that say so. */
  limit(limits: RiskLimits, by: { readonly config: string; readonly inputs: string }): void {
    const { bans: _list, ...figures } = limits;
    const { config, inputs } = by;
    this.#log.append(
      { t: 'config', time: this.#now(), limits: figures, hashes: { config }, inputs },
      'durable',
    );
    this.#limit(figures);
  }

  /** A record of the broker's own, such as a request that is about to leave. */
  record(fields: RecordFields, durability: 'durable' | 'soon'): void {
    this.#log.append(fields, durability);
  }

  /** Makes durable what was written since, such as news of orders between two bars. */
  flush(): void {
    this.#sayNews();
    this.#log.flush();
  }

  /** Writes down how the session stands when this process leaves it. */
  leave(): void {
    this.#results.stopped(this.engine);
    this.#log.flush();
  }

  /** Ends the session: what is open is valued at the last close. Answers the hash of all it did. */
  finish(reason: string): string {
    confined(() => this.engine.finish());
    this.#results.stopped(this.engine);
    const hash = this.hash();
    const { equityPaise } = this.engine.account;
    this.#log.append({ t: 'session_end', reason, equityPaise, hash }, 'durable');
    return hash;
  }

  hash(): string {
    return resultHash(this.journal.entries, this.engine.trades());
  }

  #append(fields: RecordFields): void {
    this.#log.append(fields, 'soon');
  }

  #play(time: EpochMs, bars: readonly ToldBar[]): void {
    confined(() => {
      for (const { place, time: opens, open, high, low, close, volume } of bars) {
        const { series } = this.#cast.series[place];
        series.append(opens, open, high, low, close, volume);
        this.#market.barClosed(series, series.length - 1);
      }
      this.#market.mark(time);
    });
    this.toldUntil = time;
    this.#stampHalts(time);
  }

  #sayNews(): void {
    for (const sentence of fillLines(this.journal.entries, this.#said)) this.#say(sentence);
    this.#said = this.journal.entries.length;
  }

  #operate(flatten: boolean, time: EpochMs): void {
    confined(() => (flatten ? this.engine.flatten(time) : this.engine.cancelEntries()));
  }

  #limit(figures: RiskLimits): void {
    this.limits = { ...figures, bans: this.#cast.plan.limits.bans };
    this.engine.limit(this.limits);
  }

  /** That a person stopped the session is told in its journal and changes nothing in it. */
  #redo({ deed, time }: JournalRecord): void {
    if (deed !== 'stop') this.#operate(deed === 'flatten', Number(time));
  }

  #retell(record: JournalRecord): void {
    const entry = this.#exchange.retell && entryOf(record);
    if (entry?.type === 'order') confined(() => this.#exchange.retell?.(entry.event));
  }

  #halt(code: HaltCode, why: string | null, time: EpochMs): void {
    if (why === null) {
      this.halts.clear(code);
      this.haltedSince.delete(code);
    } else if (this.halts.set(code, why)) this.haltedSince.set(code, time);
  }

  /** A loss or a breaker halts from within the engine. */
  #stampHalts(time: EpochMs): void {
    for (const { code } of this.halts.reasons())
      if (!this.haltedSince.has(code)) this.haltedSince.set(code, time);
  }
}

function haltCode(code: unknown): HaltCode {
  const known = haltCodes.find((each) => each === code);
  if (known) return known;
  throw new CheckFailed(
    'CHECK_REPLAY',
    `The session was halted for "${String(code)}", which this program does not know.`,
    'Go on with the version that wrote it, or end the session with: algo paper reset',
  );
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
