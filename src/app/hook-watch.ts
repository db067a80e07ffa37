import type { RecordLog } from '../adapters/journal/journal-log.ts';
import type { JournalRecord } from '../adapters/journal/record-line.ts';
import { seclude } from '../adapters/system/secluded.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { cameBack } from '../adapters/system/time-limit.ts';
import { InvariantError, StrategyError } from '../domain/errors.ts';
import { istText } from '../domain/time.ts';
import type { HookRunner, HookTurn } from '../engine/hook-runner.ts';
import type { MarketListener } from '../engine/ports.ts';

/** Real time after which a hook is stopped, in units of the computing it may do: a busy computer is not the strategy's fault. */
const patience = 4;
/** Real time after which it may ask for nothing more, so that it is not stopped in the middle of an order. */
const deedPatience = 3;
/** A hook inside another's order has to be stopped before the outer one is. */
const nestedPatience = 0.9;
/** What an earlier process saw come back is waited for this much longer. */
const recallPatience = 20;
/** What one call of a hook may ask of the engine; more is a loop. */
const deedsMax = 1_000;
/** All hooks of one instant of the warm-up. Milliseconds. */
const instantMsMax = 10_000;

/** A hook that was stopped: the how-manieth call of its strategy in its instrument, and how much it had asked of the engine. */
interface Stopped {
  readonly call: number;
  readonly deeds: number;
}

interface Frame {
  readonly turn: HookTurn;
  /** What it had asked for when an earlier process stopped it. */
  readonly doneMax: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly began: number;
  readonly admit: () => void;
  deeds: number;
  over: boolean;
  inDeed: boolean;
}

/**
 * Time of a session's hooks. One that takes longer is stopped, written down as `quarantine` and not called again; a process that goes on
 * with the session reads that record instead of its own watch, so that it comes to the same place.
 */
export class HookWatch implements HookRunner {
  readonly #log: RecordLog;
  readonly #budgetMs: number;
  readonly #known = new Map<string, Stopped>();
  readonly #calls = new Map<string, number>();
  #frame: Frame | undefined;
  #instant: { last: HookTurn | undefined } | undefined;
  #recalling = false;

  constructor(log: RecordLog, records: readonly JournalRecord[], budgetMs: number) {
    this.#log = log;
    this.#budgetMs = budgetMs;
    for (const { t, strategy, key, call, deeds } of records)
      if (t === 'quarantine')
        this.#known.set(`${strategy} ${key}`, { call: Number(call), deeds: Number(deeds) });
  }

  call(turn: HookTurn, work: () => void): void {
    if (this.#instant) {
      this.#instant.last = turn;
      work();
      return;
    }
    const whose = `${turn.name} ${turn.slot.instrument.key}`;
    const call = (this.#calls.get(whose) ?? 0) + 1;
    this.#calls.set(whose, call);
    const known = this.#known.get(whose);
    const stopped = known?.call === call ? known : undefined;
    const outer = this.#frame;
    const admit = seclude();
    const frame: Frame = {
      ...{ turn, admit, deeds: 0, over: stopped !== undefined, inDeed: false, cpu: process.cpuUsage() },
      began: systemClock.now(),
      doneMax: stopped?.deeds ?? Number.POSITIVE_INFINITY,
    };
    this.#frame = frame;
    try {
      if (!cameBack(work, this.#limitMs(outer !== undefined, stopped !== undefined))) frame.over = true;
    } catch (error) {
      // What a hook makes of being refused is nobody's business.
      if (!frame.over) throw error;
    } finally {
      admit();
      this.#frame = outer;
    }
    if (frame.inDeed) throw cut(frame);
    if (!frame.over) return;
    if (!stopped) this.#writeDown(frame, call);
    throw this.#hung(turn);
  }

  deed(work: () => void): void {
    const frame = this.#frame;
    if (!frame) {
      work();
      return;
    }
    if (frame.deeds >= frame.doneMax || this.#isOver(frame)) {
      frame.over = true;
      throw this.#hung(frame.turn);
    }
    if (frame.deeds >= deedsMax)
      throw new StrategyError(
        'STRATEGY_FLOOD',
        `It asked the engine for more than ${deedsMax} things in one call.`,
      );
    frame.deeds += 1;
    frame.inDeed = true;
    frame.admit();
    try {
      work();
    } finally {
      // Not reached when time ran out in the middle of it, which `call` tells by the flag.
      frame.inDeed = false;
      seclude();
    }
  }

  /**
   * Bars of before, told an instant at a time: no position of today waits for an exit, and a watch on single hooks would cost more than
   * they do. One that does not come back ends the session.
   */
  instantly(listener: MarketListener): MarketListener {
    return {
      barClosed: (series, row) => listener.barClosed(series, row),
      mark: (time) => this.#atOnce(() => listener.mark(time)),
      barsClosed: (series, from, to) => {
        let next = from;
        this.#atOnce(() => {
          next = listener.barsClosed(series, from, to);
        });
        return next;
      },
    };
  }

  /** @throws StrategyError STRATEGY_HUNG */
  #atOnce(work: () => void): void {
    const instant: { last: HookTurn | undefined } = { last: undefined };
    this.#instant = instant;
    try {
      if (cameBack(work, instantMsMax)) return;
    } finally {
      this.#instant = undefined;
    }
    const turn = instant.last;
    throw new StrategyError(
      'STRATEGY_HUNG',
      `${turn ? whereOf(turn) : 'A strategy'} did not come back within ${instantMsMax / 1_000} seconds.`,
      'Look for a loop without an end: algo strategies check',
    );
  }

  /** What the journal tells was seen to come back, so it is waited for. */
  recall(work: () => void): void {
    this.#recalling = true;
    try {
      work();
    } finally {
      this.#recalling = false;
    }
  }

  #limitMs(nested: boolean, stopped: boolean): number {
    const times = nested ? nestedPatience : patience;
    return this.#budgetMs * times * (this.#recalling && !stopped ? recallPatience : 1);
  }

  #isOver({ over, doneMax, cpu, began }: Frame): boolean {
    // How much was done is on record then, and the time it takes now says nothing.
    if (doneMax !== Number.POSITIVE_INFINITY || this.#recalling) return false;
    const { user, system } = process.cpuUsage(cpu);
    return (
      over ||
      (user + system) / 1_000 > this.#budgetMs ||
      systemClock.now() - began > this.#budgetMs * deedPatience
    );
  }

  #writeDown({ turn, deeds }: Frame, call: number): void {
    const { name, slot, hook, time } = turn;
    this.#log.append(
      {
        ...{ t: 'quarantine', strategy: name, key: slot.instrument.key, hook, time, call, deeds },
        why: this.#hung(turn).message,
      },
      'durable',
    );
  }

  #hung(turn: HookTurn): StrategyError {
    return new StrategyError(
      'STRATEGY_HUNG',
      `it took longer than ${this.#budgetMs} ms and was stopped`,
      `trading.hookMsMax is ${this.#budgetMs}; look for a loop without an end in ${turn.hook}.`,
    );
  }
}

/** An order was being made when time ran out: what the engine then holds is not known, and the journal knows. */
function cut({ turn }: Frame): InvariantError {
  return new InvariantError(
    'BUG_HOOK_CUT',
    `${whereOf(turn)} was stopped in the middle of an order.`,
    'Start the session again: it goes on from its journal.',
  );
}

function whereOf({ name, slot, hook, time }: HookTurn): string {
  const when = Number.isNaN(time) ? '' : ` at ${istText(time)}`;
  return `Strategy ${name} on ${slot.instrument.key} in ${hook}${when}`;
}
