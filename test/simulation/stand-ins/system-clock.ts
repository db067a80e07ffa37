import type { TimerClock } from '#src/engine/ports.ts';
import { world } from '../world.ts';

/** The world's clock in the place of the computer's: the wall shows what it is set to, timers go by the time that passes. */
export const systemClock: TimerClock = {
  now: () => Math.floor(world().time + world().wallShift),
  at(time, wake) {
    let cancel = world().forProgram(time - systemClock.now(), look);
    function look(): void {
      if (systemClock.now() < time) cancel = world().forProgram(time - systemClock.now(), look);
      else wake();
    }
    return () => cancel();
  },
};
