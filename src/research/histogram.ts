/** How often values fell into equal steps. Bin `at` holds `from + at × step <= value < from + (at + 1) × step`. */
export interface Histogram {
  readonly from: number;
  readonly step: number;
  readonly counts: readonly number[];
  /** Values beyond the first and the last bin, counted in them. */
  readonly below: number;
  readonly above: number;
}

const mostBins = 41;
const binsAimedAt = 25;

/**
 * Sorts values into steps of 1, 2 or 5 times a power of ten, with a step's edge at zero, so that gains and losses never
 * share a bin. The few values far outside the middle 98 % are counted in the outermost bins. Undefined without values.
 */
export function histogram(values: Float64Array): Histogram | undefined {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return undefined;
  const rank = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  const low = Math.min(rank(0.01), 0);
  const high = Math.max(rank(0.99), 0);
  const step = roundStep((high - low) / binsAimedAt);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.min(Math.max(first, Math.floor(high / step + 1e-9)), first + mostBins - 1);
  const counts = new Array<number>(last - first + 1).fill(0);
  let below = 0;
  let above = 0;
  for (const value of sorted) {
    const bin = Math.floor(value / step + 1e-9);
    if (bin < first) below++;
    if (bin > last) above++;
    counts[Math.min(Math.max(bin, first), last) - first]++;
  }
  return { from: first * step, step, counts, below, above };
}

/** The next of 1, 2, 5 × 10ⁿ; 1 when there is no spread at all. */
export function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return Number((factor * power).toPrecision(12));
}
