import type { EpochMs } from '../domain/time.ts';
import type { Cancel, TimerClock } from '../engine/ports.ts';

/** Where a market's time stood when it was last asked for. */
export interface MarketTime {
  readonly now: EpochMs;
  /** Market milliseconds in a millisecond; 0 while it stands. */
  readonly speed: number;
}

/** Real milliseconds between two questions. */
const askEveryMs = 500;

/** A market's time as this computer reckons it, between two answers of the market. */
export interface MarketClock extends TimerClock {
  readonly speed: number;
  stop(): void;
}

/**
 * The time of a market that has its own, such as a sandbox: asked for twice a second, reckoned between. It never goes back. A market
 * that does not answer goes on as it went.
 */
export async function marketClock(base: TimerClock, ask: () => Promise<MarketTime>): Promise<MarketClock> {
  let { now: anchor, speed } = await ask();
  let anchoredAt = base.now();
  let shown = anchor;
  let stopped = false;
  let wakeUp: Cancel = () => undefined;
  const timers = new Set<Timer>();

  function now(): EpochMs {
    shown = Math.max(shown, anchor + (base.now() - anchoredAt) * speed);
    return shown;
  }

  function arm(timer: Timer): void {
    timer.cancel();
    const left = timer.time - now();
    if (left > 0 && speed === 0) return;
    timer.cancel = base.at(base.now() + Math.ceil(Math.max(0, left) / (speed || 1)), () => {
      if (now() < timer.time) arm(timer);
      else {
        timers.delete(timer);
        timer.wake();
      }
    });
  }

  async function look(): Promise<void> {
    try {
      const answer = await ask();
      const jumped = Math.abs(answer.now - now()) > 250 * Math.max(1, speed) || answer.speed !== speed;
      anchor = answer.now;
      speed = answer.speed;
      anchoredAt = base.now();
      if (jumped) for (const timer of timers) arm(timer);
    } catch {
      // The feed says when the market is away; until then its time goes on.
    }
    if (!stopped) wakeUp = base.at(base.now() + askEveryMs, () => void look());
  }
  wakeUp = base.at(base.now() + askEveryMs, () => void look());

  return {
    now,
    get speed() {
      return speed;
    },
    at(time, wake) {
      const timer: Timer = { time, wake, cancel: () => undefined };
      timers.add(timer);
      arm(timer);
      return () => {
        timers.delete(timer);
        timer.cancel();
      };
    },
    stop() {
      stopped = true;
      wakeUp();
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}

interface Timer {
  readonly time: EpochMs;
  readonly wake: () => void;
  cancel: Cancel;
}
