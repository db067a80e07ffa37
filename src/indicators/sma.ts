import { type Kernel, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/**
 * Simple moving average: the plain mean of the last `period` values.
 *
 * In: any series. Out: the unit of the input; NaN for the first `period - 1` inputs. A NaN input is skipped
 * and answers NaN; the window then holds the last `period` values that were there.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 */
export function sma(period: number): Kernel {
  return new SimpleMean(checkedPeriod('sma', period));
}

/**
 * A running sum that adds and subtracts for years collects rounding errors, and one wild value poisons it for good.
 * Here nothing is ever subtracted: the window is the tail of the last full block plus the head of the present one.
 * Each block is turned into its tail sums once it is full, so a step costs two additions in the mean.
 */
class SimpleMean extends ValueKernel {
  private readonly period: number;
  /** Below `place` the values of the present block, from `place` on the tail sums of the last one. */
  private readonly block: Float64Array;
  private place = 0;
  private head = 0;
  private full = false;

  constructor(period: number) {
    super();
    this.period = period;
    this.block = new Float64Array(period);
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const { period, block } = this;
    for (let i = 0; i < count; i++) {
      const value = source[from + i];
      if (Number.isNaN(value)) {
        target[at + i] = Number.NaN;
        continue;
      }
      block[this.place] = value;
      this.place += 1;
      this.head += value;
      if (this.place === period) this.turn();
      target[at + i] = this.full ? (block[this.place] + this.head) / period : Number.NaN;
    }
  }

  /** The present block is full: its tail sums take its place, and a new one begins. */
  private turn(): void {
    const block = this.block;
    let tail = 0;
    for (let i = this.period - 1; i >= 0; i--) {
      tail += block[i];
      block[i] = tail;
    }
    this.place = 0;
    this.head = 0;
    this.full = true;
  }
}
