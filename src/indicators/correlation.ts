import type { PairKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/**
 * Pearson's correlation of two series over their last `period` values.
 *
 * In: any two series of one market. Out: −1 to 1; NaN for the first `period - 1` pairs and while either series does not move
 * at all (TA-Lib reads 0). A pair with a NaN is skipped and answers NaN. Prices that trend together correlate whatever their
 * bars do: compare changes, such as `roc(close, 1)`, rather than levels.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see TA-Lib, ta_CORREL.c; moments by Welford and Chan
 */
export function correlation(period: number): PairKernel {
  return new WindowCorrelation(checkedPeriod('correlation', period, 2));
}

/** Sums of products of two parts' distances from their own means are joined as their squares are in the window's moments. */
class WindowCorrelation implements PairKernel {
  private readonly period: number;
  private readonly block: Float64Array;
  private readonly otherBlock: Float64Array;
  /** Of the last block from each place on: both means, both sums of squares, the sum of products. */
  private readonly mean: Float64Array;
  private readonly otherMean: Float64Array;
  private readonly squares: Float64Array;
  private readonly otherSquares: Float64Array;
  private readonly products: Float64Array;
  private place = 0;
  private full = false;
  private readonly head = new Moments();

  constructor(period: number) {
    this.period = period;
    this.block = new Float64Array(period);
    this.otherBlock = new Float64Array(period);
    this.mean = new Float64Array(period);
    this.otherMean = new Float64Array(period);
    this.squares = new Float64Array(period);
    this.otherSquares = new Float64Array(period);
    this.products = new Float64Array(period);
  }

  fill(
    one: Float64Array,
    fromOne: number,
    other: Float64Array,
    fromOther: number,
    target: Float64Array,
    at: number,
    count: number,
  ): void {
    const { period, block, otherBlock, head } = this;
    for (let i = 0; i < count; i++) {
      const x = one[fromOne + i];
      const y = other[fromOther + i];
      target[at + i] = Number.NaN;
      if (Number.isNaN(x + y)) continue;
      block[this.place] = x;
      otherBlock[this.place] = y;
      this.place += 1;
      head.add(x, y, 1 / this.place);
      if (this.place === period) this.turn();
      if (this.full) target[at + i] = this.joined();
    }
  }

  private joined(): number {
    const { period, place, head } = this;
    const apart = place === 0 ? 0 : head.mean - this.mean[place];
    const otherApart = place === 0 ? 0 : head.otherMean - this.otherMean[place];
    const weight = (place * (period - place)) / period;
    const squares = this.squares[place] + head.squares + apart * apart * weight;
    const otherSquares = this.otherSquares[place] + head.otherSquares + otherApart * otherApart * weight;
    const products = this.products[place] + head.products + apart * otherApart * weight;
    // Rounding may leave a perfect correlation a digit above 1. Where one side stands still, 0 / 0 is NaN.
    return Math.max(-1, Math.min(1, products / Math.sqrt(squares * otherSquares)));
  }

  private turn(): void {
    const { period, head } = this;
    head.clear();
    for (let i = period - 1; i >= 0; i--) {
      head.add(this.block[i], this.otherBlock[i], 1 / (period - i));
      this.mean[i] = head.mean;
      this.otherMean[i] = head.otherMean;
      this.squares[i] = head.squares;
      this.otherSquares[i] = head.otherSquares;
      this.products[i] = head.products;
    }
    head.clear();
    this.place = 0;
    this.full = true;
  }
}

class Moments {
  mean = 0;
  otherMean = 0;
  squares = 0;
  otherSquares = 0;
  products = 0;

  /** `share` is 1 / n for the n-th pair. */
  add(x: number, y: number, share: number): void {
    const step = x - this.mean;
    const otherStep = y - this.otherMean;
    this.mean += step * share;
    this.otherMean += otherStep * share;
    this.squares += step * (x - this.mean);
    this.otherSquares += otherStep * (y - this.otherMean);
    this.products += step * (y - this.otherMean);
  }

  clear(): void {
    this.mean = this.otherMean = this.squares = this.otherSquares = this.products = 0;
  }
}
