import { type ControlSocket, openControl } from '../adapters/system/control-socket.ts';
import { watchHealth } from '../adapters/system/process-health.ts';
import { messageOf } from '../domain/errors.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { type EpochMs, secondMs } from '../domain/time.ts';
import type { Clock, TimerClock } from '../engine/ports.ts';
import type { RiskLimits } from '../engine/risk/limits.ts';
import type { SessionStanding } from '../reports/session-standing.ts';
import type { Context } from './context.ts';
import type { KillWatch } from './kill-watch.ts';
import type { SessionPlayer } from './session-player.ts';
import { runningStanding, type SessionIdentity } from './session-standing.ts';

/** How often a session that is to stop looks whether it is flat, and for how long an exit is given before another is sent. Real milliseconds. */
const flatLookMs = 100;
const exitAgainMs = 5 * secondMs;

/** What a session answers to a word. `message` is for a person. */
export interface ControlReply {
  readonly ok: boolean;
  readonly message: string;
  readonly standing?: SessionStanding;
  /** Of `stop` with flatten: real milliseconds within which the session expects to be flat. */
  readonly expectedMs?: number;
}

export interface ControlParts {
  readonly context: Pick<Context, 'output'>;
  readonly folder: string;
  readonly identity: SessionIdentity;
  readonly player: SessionPlayer;
  readonly kill: KillWatch;
  readonly clock: Clock;
  readonly base: TimerClock;
  readonly heardAt: () => EpochMs;
  /** What is in force, since it may change while the session runs. */
  readonly inForce: () => { readonly limits: RiskLimits; readonly config: string };
  /** Real milliseconds that closing everything takes at most where nothing is wrong. */
  readonly flatWithinMs: () => number;
  /** Ends the session between two bars, with everything written. */
  readonly leave: () => void;
}

const words = ['status', 'pause', 'resume', 'stop', 'kill'] as const;
type Word = (typeof words)[number];

/**
 * What a person may say to a running session: how it stands, and what makes its risk smaller. Whatever is done is in the journal before
 * it is answered, so that the session comes to the same place when it is played again.
 */
export class SessionControl {
  readonly #parts: ControlParts;
  readonly #prices = new Map<InstrumentKey, number>();
  readonly #health = watchHealth();
  #socket: ControlSocket | undefined;
  #stopping = false;
  /** A person had paused the session before it was told to stop. */
  #pausedBefore = false;
  #closedAt = Number.NEGATIVE_INFINITY;
  #over = false;
  #failure: unknown;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  /** Without its socket a session trades on: the KILL file and Ctrl-C reach it all the same. */
  async open(): Promise<void> {
    const { folder, context } = this.#parts;
    try {
      this.#socket = await openControl(folder, (request) => this.answer(request));
    } catch (error) {
      context.output.warn(messageOf(error));
    }
  }

  close(): void {
    this.#over = true;
    this.#socket?.close();
    this.#health.stop();
    // That it was to stop is over; a person's own pause stands until a person ends it.
    if (this.#stopping && !this.#pausedBefore) this.#parts.player.resume('HALT_PAUSE');
  }

  heard(key: InstrumentKey, price: number): void {
    this.#prices.set(key, price);
  }

  answer(request: unknown): ControlReply {
    const { do: said, reason, flatten } = Object(request);
    const word = words.find((each) => each === said);
    if (word === undefined) return refused(`Unknown request "${String(said)}". Known: ${words.join(', ')}.`);
    if (this.#over) return refused('The session is ending.');
    try {
      return this.#obey(word, typeof reason === 'string' ? reason : 'a person paused it', flatten === true);
    } catch (error) {
      this.fail(error);
      return refused(messageOf(error));
    }
  }

  /** @throws what went wrong while a person's word was obeyed, such as a journal that cannot be written */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends the session with an error. */
  fail(error: unknown): void {
    this.#failure ??= error;
    this.#parts.leave();
  }

  #obey(word: Word, reason: string, flatten: boolean): ControlReply {
    switch (word) {
      case 'status':
        return { ok: true, message: '', standing: this.#standing() };
      case 'pause':
        return this.#pause(reason);
      case 'resume':
        return this.#resume();
      case 'stop':
        return flatten ? this.#stopFlat() : this.#stop();
      case 'kill':
        this.#parts.kill.look();
        return this.#parts.player.halts.has('HALT_KILL')
          ? this.#done('Halted: trading is killed.')
          : refused('Nothing is killed here: there is no KILL file.');
      default:
        return word satisfies never;
    }
  }

  #pause(reason: string): ControlReply {
    if (this.#stopping) return refused('The session is being stopped; it opens nothing.');
    if (!this.#parts.player.halt('HALT_PAUSE', reason)) return this.#done('It was paused already.');
    this.#parts.player.flush();
    this.#note(`Paused: ${reason}. Nothing is opened; exits pass.`);
    return this.#done('Paused: nothing is opened, exits pass.');
  }

  #resume(): ControlReply {
    const { player } = this.#parts;
    if (this.#stopping) return refused('The session is being stopped; start it again to go on.');
    if (!player.resume('HALT_PAUSE')) return refused(`It is not paused.${others(player)}`);
    player.flush();
    this.#note('The pause is over.');
    return this.#done(
      player.halts.any ? `The pause is over.${others(player)}` : 'The pause is over; it trades.',
    );
  }

  #stop(): ControlReply {
    this.#note('Told to stop.');
    this.#leave();
    return this.#done('It stops; what it holds stays, and it goes on when it is started again.');
  }

  #stopFlat(): ControlReply {
    const { player } = this.#parts;
    if (!this.#stopping) {
      this.#pausedBefore = player.halts.has('HALT_PAUSE');
      player.halt('HALT_PAUSE', 'it closes everything and stops');
      this.#stopping = true;
      this.#note('Told to close everything and stop.');
      this.#closeAll();
      this.#lookAgain();
    }
    const expectedMs = this.#parts.flatWithinMs();
    return { ...this.#done('It closes everything and stops once nothing is held.'), expectedMs };
  }

  /** The session ends once nothing is held and no order is under way; an exit that came to nothing is sent again. */
  #untilFlat(): void {
    const { player, base } = this.#parts;
    if (this.#over) return;
    const held = player.engine.account.held.length;
    const orders = player.engine.ordersUnderWay();
    if (held === 0 && orders.length === 0) {
      this.#note('Everything is closed.');
      this.#leave();
      return;
    }
    const exiting = orders.some(({ purpose }) => purpose === 'exit');
    if (held > 0 && !exiting && base.now() - this.#closedAt >= exitAgainMs) this.#closeAll();
    this.#lookAgain();
  }

  #lookAgain(): void {
    const { base } = this.#parts;
    base.at(base.now() + flatLookMs, () => {
      try {
        this.#untilFlat();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  #leave(): void {
    const { player, clock, base, leave } = this.#parts;
    player.record({ t: 'operator', deed: 'stop', time: clock.now() }, 'durable');
    // Whoever said it hears the answer first.
    base.at(base.now(), leave);
  }

  #closeAll(): void {
    const { player, clock, base } = this.#parts;
    this.#closedAt = base.now();
    player.operate('flatten', clock.now());
  }

  #done(message: string): ControlReply {
    return { ok: true, message, standing: this.#standing() };
  }

  #standing(): SessionStanding {
    const { identity, player, clock, heardAt, inForce } = this.#parts;
    return runningStanding({
      ...{ identity, player, stopping: this.#stopping, prices: this.#prices, ...inForce() },
      now: clock.now(),
      heardAt: heardAt(),
      health: this.#health.read(),
    });
  }

  #note(sentence: string): void {
    this.#parts.context.output.note(sentence);
  }
}

function others({ halts }: SessionPlayer): string {
  const standing = halts.reasons().map(({ code, why }) => `${code}, ${why}`);
  return standing.length > 0 ? ` It stays halted: ${standing.join('; ')}.` : '';
}

function refused(message: string): ControlReply {
  return { ok: false, message };
}
