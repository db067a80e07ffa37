import { type World, world } from '../world.ts';

const draws = new WeakMap<World, () => number>();

/** The world's time and chance in the place of the computer's. */
export const systemWaiting = {
  sleep: (ms: number): Promise<void> =>
    new Promise((wake) => {
      world().forProgram(ms, wake);
    }),
  random(): number {
    const here = world();
    const draw = draws.get(here) ?? here.chance('program');
    draws.set(here, draw);
    return draw();
  },
};
