import type { TimerClock } from '../../engine/ports.ts';

/** Node's timers fire at once when asked to wait longer than this. */
const waitMsMax = 2_147_483_647;

/** The computer's own clock: the only place in the program that reads it. */
export const systemClock: TimerClock = {
  now: () => Date.now(),
  at(time, wake) {
    let timer = setTimeout(look, waitUntil(time));
    function look(): void {
      // A timer may fire a little early, and a wait of weeks is taken in several.
      if (Date.now() < time) timer = setTimeout(look, waitUntil(time));
      else wake();
    }
    return () => clearTimeout(timer);
  },
};

function waitUntil(time: number): number {
  return Math.min(waitMsMax, Math.max(0, time - Date.now()));
}
