import { world } from '../world.ts';

/** A simulated program has its streams to itself: that two cannot is tried with real processes. */
export async function holdLock(_file: string, _what: string): Promise<() => void> {
  world().point('during-start');
  return () => undefined;
}
