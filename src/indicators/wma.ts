import { type Kernel, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/**
 * Weighted moving average: the newest of the last `period` values counts `period` times, the one before once less, the
 * oldest once; divided by the sum of the weights, period × (period + 1) / 2.
 *
 * In: any series. Out: the unit of the input; NaN for the first `period - 1` inputs. A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 * @see TA-Lib, ta_WMA.c
 */
export function wma(period: number): Kernel {
  return new WeightedMean(checkedPeriod('wma', period));
}

/**
 * Nothing is ever subtracted, as in the plain mean: the window is the tail of the last full block plus the head of the
 * present one. The tail's weighted sums are made once a block; the head's weights rise together, by its plain sum.
 */
class WeightedMean extends ValueKernel {
  private readonly period: number;
  /** Below `place` the values of the present block, from `place` on the weighted tail sums of the last one. */
  private readonly block: Float64Array;
  private place = 0;
  private head = 0;
  /** The head's values weighted 1, 2, 3 … in their order. */
  private weighted = 0;
  private full = false;

  constructor(period: number) {
    super();
    this.period = period;
    this.block = new Float64Array(period);
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const { period, block } = this;
    const weights = (period * (period + 1)) / 2;
    for (let i = 0; i < count; i++) {
      const value = source[from + i];
      if (Number.isNaN(value)) {
        target[at + i] = Number.NaN;
        continue;
      }
      block[this.place] = value;
      this.place += 1;
      this.head += value;
      this.weighted += value * this.place;
      if (this.place === period) this.turn();
      const { place } = this;
      const sum = block[place] + this.weighted + (period - place) * this.head;
      target[at + i] = this.full ? sum / weights : Number.NaN;
    }
  }

  /** The present block is full: the weighted sums of its tails take its place, and a new one begins. */
  private turn(): void {
    const block = this.block;
    let tail = 0;
    let weighted = 0;
    for (let i = this.period - 1; i >= 0; i--) {
      tail += block[i];
      weighted += tail;
      block[i] = weighted;
    }
    this.place = 0;
    this.head = 0;
    this.weighted = 0;
    this.full = true;
  }
}
