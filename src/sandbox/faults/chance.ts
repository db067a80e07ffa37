import { seededDraw } from '../../adapters/simulated/fill-rules.ts';

/**
 * Draws of 0 <= x < 1: the same seed and name give the same draws, whatever other names have drawn.
 * So switching one fault on does not change when another strikes.
 */
export function chanceOf(seed: number, name: string): () => number {
  let state = seed | 0;
  for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  return seededDraw(state);
}
