/**
 * Benjamini and Hochberg's adjusted values: taking those up to q as discoveries, a share q of them is false at most on average; where
 * nothing at all is true, that is the chance of any discovery.
 *
 * @see Benjamini and Hochberg, Controlling the False Discovery Rate, 1995
 */
export function benjaminiHochberg(values: readonly number[]): readonly number[] {
  const order = ascending(values);
  const adjusted = new Array<number>(values.length).fill(1);
  let least = 1;
  for (let rank = order.length; rank > 0; rank--) {
    const place = order[rank - 1];
    least = Math.min(least, (values[place] * values.length) / rank);
    adjusted[place] = least;
  }
  return adjusted;
}

/**
 * Holm's adjusted values: taking those up to α, the chance of a single false one is α at most.
 *
 * @see Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979
 */
export function holm(values: readonly number[]): readonly number[] {
  const order = ascending(values);
  const adjusted = new Array<number>(values.length).fill(1);
  let most = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const place = order[rank];
    most = Math.max(most, Math.min(1, values[place] * (values.length - rank)));
    adjusted[place] = most;
  }
  return adjusted;
}

function ascending(values: readonly number[]): readonly number[] {
  return values.map((_, place) => place).sort((a, b) => values[a] - values[b] || a - b);
}
