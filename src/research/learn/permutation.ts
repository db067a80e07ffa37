import { chanceOf, shuffle } from './chance.ts';

// Looking a global up in the inner loop costs more than the loop, where the global object is not V8's own.
const { abs } = Math;

/** A test that has met so many deals as extreme as the real one is not significant, and knows its value well enough. */
const enoughDeals = 20;

/**
 * Permutation tests of many conditions on the same outcomes: outcomes are dealt out anew, up to `rounds` times, and counted is how
 * often a group's sum lies as far from its share as the real one. Exact for any distribution of outcomes, however skewed, as long as
 * the conditions alone could make them differ. A group is the places of its members in `outcomes`. Answers the chance of each
 * group's difference where the condition has nothing to do with the outcome: of any such difference, or of one in its direction.
 *
 * @see Phipson and Smyth, Permutation P-values Should Never Be Zero, 2010: hence one is added to both counts
 * @see Besag and Clifford, Sequential Monte Carlo P-values, 1991: hence a test may end early
 */
export function permutationTest(
  outcomes: Float64Array,
  groups: readonly (readonly number[])[],
  {
    rounds,
    seed,
    direction,
  }: { readonly rounds: number; readonly seed: number; readonly direction: 'any' | 'same' },
): Float64Array {
  const mean = outcomes.reduce((sum, value) => sum + value, 0) / outcomes.length;
  const dealt = outcomes.map((value) => value - mean);
  // Sums of the same values in another order differ in their last bits.
  const slack = 1e-9 * dealt.reduce((sum, value) => sum + Math.abs(value), 0);
  const found = groups.map((group) => sumOf(dealt, group));
  const chance = chanceOf(seed);
  const counts = new Float64Array(groups.length);
  /** Round in which a test had met deals enough; 0 while it goes on. */
  const endedIn = new Float64Array(groups.length);
  let open = groups.length;
  for (let round = 1; round <= rounds && open > 0; round++) {
    shuffle(dealt, chance);
    for (let at = 0; at < groups.length; at++) {
      if (endedIn[at] > 0) continue;
      const sum = sumOf(dealt, groups[at]);
      const asFar = abs(sum) >= abs(found[at]) - slack;
      if (!asFar || (direction === 'same' && sum < 0 !== found[at] < 0)) continue;
      counts[at] += 1;
      if (counts[at] < enoughDeals) continue;
      endedIn[at] = round;
      open -= 1;
    }
  }
  return counts.map((count, at) => (endedIn[at] > 0 ? count / endedIn[at] : (count + 1) / (rounds + 1)));
}

function sumOf(values: Float64Array, places: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < places.length; at++) sum += values[places[at]];
  return sum;
}
