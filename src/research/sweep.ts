/** Says which variation is next, counting from 0; each is handed out once, whoever asks. */
export type Claim = () => number;

/** One finished variation and its place in the list. */
export interface Swept<Result> {
  readonly at: number;
  readonly result: Result;
}

/**
 * Runs variations until none is left, in the order in which they are claimed. How one is run is the caller's business:
 * figures about many runs need no knowledge of engines. Several sweeps that share a claim share the work.
 */
export function sweep<Variation, Result>(
  variations: readonly Variation[],
  run: (variation: Variation) => Result,
  claim: Claim = counting(),
): readonly Swept<Result>[] {
  const swept: Swept<Result>[] = [];
  for (let at = claim(); at < variations.length; at = claim())
    swept.push({ at, result: run(variations[at]) });
  return swept;
}

function counting(): Claim {
  let next = 0;
  return () => next++;
}
