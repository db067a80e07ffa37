// Looking a global up for every draw costs more than the draw, where the global object is not V8's own.
const { floor, imul } = Math;

/**
 * Draws of 0 <= x < 1 that are the same on every machine for the same seed: mulberry32. Resampling asks for nothing better, and a
 * study that is run again has to come to the same figures.
 */
export function chanceOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Puts values into another order, each order as likely as any. Fisher and Yates. */
export function shuffle(values: Float64Array, chance: () => number): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = floor(chance() * (last + 1));
    const value = values[last];
    values[last] = values[other];
    values[other] = value;
  }
}
