/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
function editDistance(from: string, to: string): number {
  const width = to.length + 1;
  const cost = new Uint16Array((from.length + 1) * width);
  for (let i = 0; i <= from.length; i++) cost[i * width] = i;
  for (let j = 0; j <= to.length; j++) cost[j] = j;
  for (let i = 1; i <= from.length; i++) {
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let best = Math.min(
        cost[(i - 1) * width + j] + 1,
        cost[i * width + j - 1] + 1,
        cost[(i - 1) * width + j - 1] + same,
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        best = Math.min(best, cost[(i - 2) * width + j - 2] + 1);
      }
      cost[i * width + j] = best;
    }
  }
  return cost[from.length * width + to.length];
}

/** The known word closest to a mistyped one, or nothing when none is close enough to suggest. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    if (Math.abs(lower.length - typed.length) >= fewest && !lower.includes(typed)) continue;
    const distance = lower.includes(typed) && typed.length > 2 ? 1 : editDistance(typed, lower);
    if (distance < fewest) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

/** ` Did you mean "fast"?` to follow what a message says of a mistyped word; empty when no known word is close enough. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const guess = nearest(word, known);
  return guess === undefined ? '' : ` Did you mean "${guess}"?`;
}
