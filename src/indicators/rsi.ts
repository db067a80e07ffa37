import { type Kernel, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/**
 * Wilder's relative strength index.
 *
 * In: any series, usually closes in rupees. Out: 0 to 100; NaN for the first `period` inputs.
 * Seeded with the plain mean of the first `period` gains and losses. A stretch without losses reads 100, a stretch
 * without any movement too (TA-Lib reads 0 there), so that a market that stands still never looks oversold.
 * A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems, 1978
 */
export function rsi(period: number): Kernel {
  return new RelativeStrength(checkedPeriod('rsi', period, 2));
}

class RelativeStrength extends ValueKernel {
  private readonly period: number;
  private changes = 0;
  private last = Number.NaN;
  /** Sums while the seed is collected, Wilder means after that. */
  private gain = 0;
  private loss = 0;

  constructor(period: number) {
    super();
    this.period = period;
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const period = this.period;
    const weight = 1 / period;
    let { changes, last, gain, loss } = this;
    for (let i = 0; i < count; i++) {
      const value = source[from + i];
      target[at + i] = Number.NaN;
      if (Number.isNaN(value)) continue;
      const change = value - last;
      last = value;
      if (Number.isNaN(change)) continue;
      const up = Math.max(change, 0);
      const down = up - change;
      if (changes >= period) {
        gain += (up - gain) * weight;
        loss += (down - loss) * weight;
      } else {
        gain += up;
        loss += down;
        changes += 1;
        if (changes < period) continue;
        gain /= period;
        loss /= period;
      }
      target[at + i] = loss === 0 ? 100 : (100 * gain) / (gain + loss);
    }
    this.changes = changes;
    this.last = last;
    this.gain = gain;
    this.loss = loss;
  }
}
