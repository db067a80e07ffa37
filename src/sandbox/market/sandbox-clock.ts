import { assert } from '../../domain/errors.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Cancel, TimerClock } from '../../engine/ports.ts';
import type { SandboxClock } from './market.ts';

/** What the sandbox itself may do with its clock besides what everybody may. */
export interface DrivenClock extends SandboxClock {
  /** Wakes whatever is due by now. Timers of the host come late; what reads prices calls this first. */
  catchUp(): void;
  /** Stands still, inside a step too, until the answer is called: for what has to be read from a disk before time goes on. */
  hold(): Cancel;
  /** Resolves when nothing holds the clock and every step has been taken whole. */
  settled(): Promise<void>;
}

export interface ClockStart {
  /** Real time; a clock that is moved by hand in tests. */
  readonly base: TimerClock;
  readonly start: EpochMs;
  /** Sandbox seconds in a second, 0 for paused. */
  readonly speed: number;
}

interface Timer {
  readonly time: EpochMs;
  readonly order: number;
  /** Undefined once called off. */
  wake: (() => void) | undefined;
}

/**
 * A clock that runs at a chosen multiple of another. Timers wake in the order of their instants, those of one instant in the order
 * they were set, and while one wakes the clock shows exactly its instant, however late the host is. It never goes back.
 */
export function createSandboxClock({ base, start, speed }: ClockStart): DrivenClock {
  const timers = new TimerHeap();
  let rate = speed;
  let anchor = start;
  let anchorBase = base.now();
  /** Up to here everything has been woken. */
  let reached = start;
  /** How far the steps that were asked for go. */
  let goal = start;
  let waking = false;
  let holds = 0;
  let cancelBase: Cancel | undefined;
  let waiting: (() => void)[] = [];

  function flowing(): EpochMs {
    return holds > 0 ? anchor : anchor + Math.floor((base.now() - anchorBase) * rate);
  }

  function now(): EpochMs {
    return waking ? reached : Math.max(reached, flowing());
  }

  function goTo(target: EpochMs): void {
    goal = Math.max(goal, target);
    if (waking) return;
    waking = true;
    try {
      wakeAll();
    } finally {
      waking = false;
      // A step or a hold leaves the even flow: it goes on from here.
      if (holds > 0 || reached > flowing()) anchorAt(reached);
      arm();
    }
    if (holds === 0) for (const tell of waiting.splice(0)) tell();
  }

  function wakeAll(): void {
    for (let due = timers.first(); due && due.time <= goal && holds === 0; due = timers.first()) {
      timers.removeFirst();
      reached = Math.max(reached, due.time);
      const { wake } = due;
      due.wake = undefined;
      wake?.();
    }
    if (holds === 0) reached = Math.max(reached, goal);
  }

  function anchorAt(time: EpochMs): void {
    anchor = time;
    anchorBase = base.now();
  }

  function arm(): void {
    cancelBase?.();
    cancelBase = undefined;
    const due = timers.first();
    if (!due || holds > 0 || waking) return;
    const late = due.time <= now();
    if (rate === 0 && !late) return;
    const wait = late ? 0 : Math.ceil((due.time - anchor) / rate) - (base.now() - anchorBase);
    cancelBase = base.at(base.now() + Math.max(0, wait), catchUp);
  }

  function catchUp(): void {
    goTo(now());
  }

  return {
    now,
    get speed() {
      return rate;
    },
    at(time, wake) {
      const timer: Timer = { time, order: timers.nextOrder(), wake };
      timers.add(timer);
      if (timers.first() === timer) arm();
      return () => {
        timer.wake = undefined;
      };
    },
    setSpeed(next) {
      assert(Number.isFinite(next) && next >= 0, 'a clock goes forward');
      if (!waking) catchUp();
      anchorAt(now());
      rate = next;
      arm();
    },
    step(ms) {
      assert(ms >= 0, 'a clock goes forward');
      goTo((waking ? reached : Math.max(now(), goal)) + ms);
    },
    catchUp,
    hold() {
      anchorAt(now());
      holds++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds--;
        if (holds > 0) return;
        anchorBase = base.now();
        goTo(goal);
      };
    },
    settled() {
      if (holds === 0 && !waking) return Promise.resolve();
      return new Promise((resolve) => {
        waiting = [...waiting, resolve];
      });
    },
  };
}

/** Timers by instant, then by the order in which they were set: a binary heap. */
class TimerHeap {
  readonly #timers: Timer[] = [];
  #orders = 0;

  nextOrder(): number {
    return this.#orders++;
  }

  /** Skips those that were called off. */
  first(): Timer | undefined {
    while (this.#timers.length > 0 && this.#timers[0].wake === undefined) this.removeFirst();
    return this.#timers[0];
  }

  add(timer: Timer): void {
    const timers = this.#timers;
    let at = timers.length;
    timers.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!earlier(timer, timers[parent])) break;
      timers[at] = timers[parent];
      at = parent;
    }
    timers[at] = timer;
  }

  removeFirst(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (last === undefined || timers.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= timers.length) break;
      if (child + 1 < timers.length && earlier(timers[child + 1], timers[child])) child++;
      if (!earlier(timers[child], last)) break;
      timers[at] = timers[child];
      at = child;
    }
    timers[at] = last;
  }
}

function earlier(a: Timer, b: Timer): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
