/** How many values a place is told among, the value itself included, and how many there must be at least. */
export interface PercentileWindow {
  readonly values: number;
  readonly least: number;
}

/** A trading year, once half of it is known. */
export const yearOfDays: PercentileWindow = { values: 252, least: 126 };

/**
 * Where each value stands among those up to it: percent of the other values of the window that are lower, 0 the lowest and 100 the
 * highest. Values that are NaN count for nothing; the answer is NaN for them, and while fewer than `least` are known.
 */
export function percentiles(
  values: Float64Array,
  { values: most, least }: PercentileWindow = yearOfDays,
): Float64Array {
  const places = new Float64Array(values.length).fill(Number.NaN);
  const known: number[] = [];
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    known.push(values[row]);
    if (known.length > most) known.shift();
    if (known.length < least) continue;
    let lower = 0;
    for (const other of known) if (other < values[row]) lower += 1;
    places[row] = (100 * lower) / (known.length - 1);
  }
  return places;
}
