/**
 * Mean and variance of a moving window, without the subtraction that loses digits when prices are large and moves small.
 *
 * The window is the tail of the last full block plus the head of the present one. Each part is gathered by Welford's
 * steps, which measure from the part's own mean, and the two are joined by Chan's formula; so a window of equal values
 * has a variance of exactly 0, and a wild value is forgotten completely once it has left.
 *
 * @see Chan, Golub, LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample Variances, 1979
 */
export class WindowMoments {
  private readonly period: number;
  /** 1 / n, so that a step needs no division. */
  private readonly shares: Float64Array;
  /** Values of the present block. */
  private readonly block: Float64Array;
  /** Mean and sum of squared distances from it, of the last block from each place on. */
  private readonly tailMean: Float64Array;
  private readonly tailSquares: Float64Array;
  private place = 0;
  private headMean = 0;
  private headSquares = 0;
  private full = false;

  constructor(period: number) {
    this.period = period;
    this.shares = Float64Array.from({ length: period + 1 }, (_, size) => 1 / size);
    this.block = new Float64Array(period);
    this.tailMean = new Float64Array(period);
    this.tailSquares = new Float64Array(period);
  }

  /** Means and population variances, both NaN for the first `period - 1` values and for a NaN, which is skipped. */
  fill(
    source: Float64Array,
    from: number,
    means: Float64Array,
    variances: Float64Array,
    at: number,
    count: number,
  ): void {
    const { period, shares, block, tailMean, tailSquares } = this;
    const share = shares[period];
    let { place, headMean, headSquares, full } = this;
    for (let i = 0; i < count; i++) {
      const value = source[from + i];
      means[at + i] = variances[at + i] = Number.NaN;
      if (Number.isNaN(value)) continue;
      block[place] = value;
      place += 1;
      const step = value - headMean;
      headMean += step * shares[place];
      headSquares += step * (value - headMean);
      if (place === period) {
        this.turn();
        place = headMean = headSquares = 0;
        full = true;
      }
      if (!full) continue;
      const apart = place === 0 ? 0 : headMean - tailMean[place];
      const headShare = place * share;
      means[at + i] = tailMean[place] + apart * headShare;
      variances[at + i] =
        (tailSquares[place] + headSquares + apart * apart * headShare * (period - place)) * share;
    }
    this.place = place;
    this.headMean = headMean;
    this.headSquares = headSquares;
    this.full = full;
  }

  /** The present block is full: what its tails amount to is kept, and a new one begins. */
  private turn(): void {
    const { period, shares, block, tailMean, tailSquares } = this;
    let mean = 0;
    let squares = 0;
    for (let i = period - 1; i >= 0; i--) {
      const step = block[i] - mean;
      mean += step * shares[period - i];
      squares += step * (block[i] - mean);
      tailMean[i] = mean;
      tailSquares[i] = squares;
    }
  }
}
