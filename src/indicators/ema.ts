import { ConfigError } from '../domain/errors.ts';
import { type Kernel, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/** What the average starts from: the mean of the first `period` values (TA-Lib), or the first value alone (pandas). */
export type EmaSeed = 'sma' | 'first';

/**
 * Exponential moving average with the weight 2 / (period + 1).
 *
 * In: any series. Out: the unit of the input. Seeded with the plain mean of the first `period` values, so NaN for the
 * first `period - 1` inputs; with `seed: 'first'` it starts at the first value and is never NaN, which is what pandas'
 * `ewm(span=period, adjust=False)` does. The two agree once the seed has faded, after about four periods.
 * A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 * @throws ConfigError INDICATOR_SEED if `seed` is neither 'sma' nor 'first'
 * @see TA-Lib, ta_EMA.c, default compatibility
 */
export function ema(period: number, seed: EmaSeed = 'sma'): Kernel {
  checkedPeriod('ema', period);
  if (seed === 'sma') return new ExponentialMean(period, period);
  if (seed === 'first') return new ExponentialMean(period, 1);
  throw new ConfigError(
    'INDICATOR_SEED',
    `The seed of ema was ${JSON.stringify(seed)}, expected "sma" or "first".`,
    "Use 'sma' (as TA-Lib and charts do) or 'first' (as pandas does).",
  );
}

class ExponentialMean extends ValueKernel {
  private readonly weight: number;
  private readonly seeds: number;
  private missing: number;
  /** The sum while the seed is collected, the average after that. */
  private value = 0;

  /** `seeds` first values are averaged to start from. */
  constructor(period: number, seeds: number) {
    super();
    this.weight = 2 / (period + 1);
    this.seeds = seeds;
    this.missing = seeds;
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const weight = this.weight;
    let missing = this.missing;
    let average = this.value;
    for (let i = 0; i < count; i++) {
      const value = source[from + i];
      if (Number.isNaN(value)) target[at + i] = Number.NaN;
      else if (missing === 0) {
        average += (value - average) * weight;
        target[at + i] = average;
      } else {
        missing -= 1;
        average += value;
        if (missing === 0) average /= this.seeds;
        target[at + i] = missing === 0 ? average : Number.NaN;
      }
    }
    this.missing = missing;
    this.value = average;
  }
}
