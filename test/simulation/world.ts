import { createHash } from 'node:crypto';
import type { Cancel } from '#src/engine/ports.ts';
import type { DiskFaults, SimulatedDisk } from './simulated-disk.ts';

/** Thrown through the program at the point where it dies; whoever catches it can do nothing any more. */
export class ProcessDied extends Error {}

interface Timer {
  at: number;
  readonly order: number;
  readonly wake: () => void;
  /** The life of the program that waits for it; 0 for the world outside. */
  readonly life: number;
  cancelled: boolean;
}

/** A day has some ten thousand events; more by far is a loop that never waits. */
const eventsMax = 1_000_000;

/** Numbers from 0 up to, not including, 1; the same for the same seed (mulberry32). */
export function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Where the program may be made to die, by what it is just doing. */
export const killPoints = [
  'before-append',
  'mid-append',
  'after-append',
  'before-sync',
  'after-sync',
  'before-send',
  'after-send',
  'before-answer',
  'during-start',
  'during-replay',
  'after-rename',
] as const;
export type KillPoint = (typeof killPoints)[number];

/**
 * Everything that a seed's program and its surroundings share: a clock with two faces, timers, chance, and the log of what happened.
 * `mono` is milliseconds since the world began; the wall clock that the program reads may be set.
 */
export class World {
  readonly seed: number;
  readonly traced: string[] = [];
  readonly fired = new Map<string, number>();
  disk!: SimulatedDisk & { faults: DiskFaults };
  /** Of the program as it runs; 0 while none does. */
  life = 0;
  lives = 0;
  mono = 0;
  /** Until then the program is stopped, as by SIGSTOP: what is meant for it waits. */
  frozenUntil = 0;
  wallShift = 0;
  /** The next time the program passes this point it dies. */
  deathAt: { readonly point: KillPoint; readonly power: boolean; skip: number } | undefined;
  onDeath: (power: boolean) => void = () => undefined;
  /** An error that nobody caught ends a program. */
  onCrash: (error: unknown) => void = () => undefined;
  readonly #begins: number;
  readonly #hash = createHash('sha256');
  readonly #keep: boolean;
  readonly #heap: Timer[] = [];
  #order = 0;
  #events = 0;

  constructor(seed: number, begins: number, keep: boolean) {
    this.seed = seed;
    this.#begins = begins;
    this.#keep = keep;
  }

  /** A generator of its own for each matter, so that one of them drawing more does not change the others. */
  chance(matter: string): () => number {
    let mixed = this.seed ^ 0x9e3779b9;
    for (let at = 0; at < matter.length; at++)
      mixed = Math.imul(mixed ^ matter.charCodeAt(at), 0x01000193) >>> 0;
    return draws(mixed);
  }

  /** The exchange's time: true, and set by nobody. */
  get time(): number {
    return this.#begins + this.mono;
  }

  get alive(): boolean {
    return this.life > 0;
  }

  trace(line: string): void {
    const text = `${String(this.mono).padStart(8)} ${line}`;
    this.#hash.update(text).update('\n');
    if (this.#keep) this.traced.push(text);
    else {
      this.traced.push(text);
      if (this.traced.length > 4_000) this.traced.splice(0, 2_000);
    }
  }

  hash(): string {
    return this.#hash.copy().digest('hex');
  }

  count(fault: string): void {
    this.fired.set(fault, (this.fired.get(fault) ?? 0) + 1);
  }

  /** For the world outside. */
  after(ms: number, wake: () => void): Cancel {
    return this.#put(ms, wake, 0);
  }

  /** For the program that runs: forgotten when it dies, put off while it is stopped. */
  forProgram(ms: number, wake: () => void): Cancel {
    return this.alive ? this.#put(ms, wake, this.life) : () => undefined;
  }

  /** The program's one thread stands still for so long, and the world goes on without it. */
  block(ms: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, Math.ceil(this.mono + ms));
  }

  /** Passed by the program as it works. @throws ProcessDied */
  point(point: KillPoint): void {
    const { deathAt } = this;
    if (!this.alive || deathAt?.point !== point) return;
    if (deathAt.skip > 0) deathAt.skip -= 1;
    else {
      this.deathAt = undefined;
      this.count(`kill:${point}`);
      this.die(deathAt.power, point);
      throw new ProcessDied(point);
    }
  }

  die(power: boolean, why: string): void {
    if (!this.alive) return;
    this.trace(`${power ? 'power is lost' : 'killed'} (${why}), life ${this.life}`);
    this.life = 0;
    this.frozenUntil = 0;
    this.onDeath(power);
  }

  /** What a dead program still throws is nobody's. */
  uncaught(error: unknown, life = this.life): void {
    if (life !== 0 && this.life !== life) return;
    if (life === 0) {
      if (error instanceof ProcessDied || !this.alive) return;
      throw error;
    }
    this.trace(`uncaught: ${error instanceof Error ? error.message : String(error)}`);
    this.onCrash(error);
    this.die(false, 'uncaught error');
  }

  #put(ms: number, wake: () => void, life: number): Cancel {
    const timer = {
      at: Math.ceil(this.mono + Math.max(0, ms)),
      order: this.#order++,
      wake,
      life,
      cancelled: false,
    };
    this.#push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Everything due up to an instant, one thing at a time; between two all that follows from the first is done. */
  async run(until: number, watched: () => boolean = () => true): Promise<void> {
    await settled();
    while (watched()) {
      if (++this.#events > eventsMax) throw new Error('the world does not come to rest');
      const next = this.#heap[0];
      if (next === undefined || next.at > until) break;
      this.#pop();
      if (next.cancelled || (next.life !== 0 && next.life !== this.life)) continue;
      this.mono = Math.max(this.mono, next.at);
      if (next.life !== 0 && this.mono < this.frozenUntil) {
        next.at = this.frozenUntil;
        this.#push(next);
        continue;
      }
      try {
        next.wake();
      } catch (error) {
        this.uncaught(error, next.life);
      }
      await settled();
    }
    if (watched()) this.mono = Math.max(this.mono, until);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

const { setImmediate: turn } = globalThis;

/** Every promise that can go on has gone on: nothing in a simulated program waits for anything real. */
function settled(): Promise<void> {
  return new Promise((resolve) => turn(resolve));
}

let current: World | undefined;

/** The world in which the program's stand-ins find themselves. */
export function world(): World {
  if (current === undefined) throw new Error('no world is being simulated');
  return current;
}

export function enter(entered: World): void {
  current = entered;
}

export function enterNothing(): void {
  current = undefined;
}

/** For promises that nobody waits for. */
export function uncaughtInWorld(error: unknown): void {
  if (current !== undefined) current.uncaught(error);
  else if (!(error instanceof ProcessDied)) throw error;
}
