import type { Clock } from '../../engine/ports.ts';

/** The computer's own clock: the only place in the program that reads it. */
export const systemClock: Clock = { now: () => Date.now() };
