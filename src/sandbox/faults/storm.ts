import { chanceOf } from './chance.ts';
import { type FaultName, faultNames } from './fault-names.ts';
import type { FaultRule } from './fault-rule.ts';

/** Chance that a fault takes part in a storm. RELIABILITY §5 asks for 0.5 to 0.7. */
const takesPart = 0.6;

/** Highest chance of one event to be struck: a socket says many things in a second, so its faults are rare. */
const strongest: Readonly<Record<string, number>> = {
  'token-death': 0.002,
  'socket-mute': 0.000_5,
  'socket-stall': 0.000_5,
  'socket-close': 0.001,
  'socket-garbage': 0.01,
  'socket-refuse': 0.3,
};
const usual = 0.05;

/**
 * The faults of a bad day: about half of all there are, each with a strength of its own, both drawn from the seed.
 * Faults that are left out of a storm by chance show what hides behind those that usually strike first.
 */
export function stormOf(seed: number): readonly FaultRule[] {
  return faultNames.flatMap((name) => {
    const chance = chanceOf(seed, `storm ${name}`);
    if (chance() >= takesPart) return [];
    const probability = rounded(chance() * (strongest[name] ?? usual));
    return [{ name, probability, ...strength(name, chance()) }];
  });
}

/** To six decimals, so that a rule can be read and typed again. */
function rounded(chance: number): number {
  return Math.round(chance * 1e6) / 1e6;
}

/** Milliseconds, bytes and times vary; what is left out is as usual. */
function strength(name: FaultName, draw: number): { value?: number } {
  switch (name) {
    case 'slow-accept':
    case 'slow-reply':
    case 'late-order':
    case 'frame-delay':
      return { value: 1 + Math.floor(draw * 20_000) };
    case 'truncate':
      return { value: Math.floor(draw * 400) };
    case 'frame-twice':
    case 'split-fill':
      return { value: 2 + Math.floor(draw * 4) };
    default:
      return {};
  }
}
