import { type Kernel, Scratch, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';
import { WindowMoments } from './window-moments.ts';

/**
 * Standard deviation of the last `period` values around their own mean, of the population (divided by `period`).
 *
 * In: any series. Out: the unit of the input, 0 or more; NaN for the first `period - 1` inputs. A NaN input is skipped and
 * answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see TA-Lib, ta_STDDEV.c
 */
export function stdev(period: number): Kernel {
  return new Deviation(checkedPeriod('stdev', period, 2));
}

class Deviation extends ValueKernel {
  private readonly moments: WindowMoments;
  private readonly means = new Scratch();
  private readonly variances = new Scratch();

  constructor(period: number) {
    super();
    this.moments = new WindowMoments(period);
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const variances = this.variances.of(count);
    this.moments.fill(source, from, this.means.of(count), variances, 0, count);
    for (let i = 0; i < count; i++) target[at + i] = Math.sqrt(variances[i]);
  }
}
