import { type Kernel, Scratch, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';
import { WindowMoments } from './window-moments.ts';

/**
 * How many standard deviations the newest value stands away from the mean of the last `period` values, itself included:
 * (value − mean) / population deviation.
 *
 * In: any series. Out: at most √(period − 1) either side of 0; NaN for the first `period - 1` inputs and while all values of
 * the window are equal. A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 */
export function zscore(period: number): Kernel {
  return new StandardScore(checkedPeriod('zscore', period, 2));
}

class StandardScore extends ValueKernel {
  private readonly moments: WindowMoments;
  private readonly means = new Scratch();
  private readonly variances = new Scratch();

  constructor(period: number) {
    super();
    this.moments = new WindowMoments(period);
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const means = this.means.of(count);
    const variances = this.variances.of(count);
    this.moments.fill(source, from, means, variances, 0, count);
    // Where nothing moved the value is its own mean, and 0 / 0 is NaN.
    for (let i = 0; i < count; i++) target[at + i] = (source[from + i] - means[i]) / Math.sqrt(variances[i]);
  }
}
