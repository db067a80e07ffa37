import { type Kernel, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';

/**
 * Rate of change: how many percent the value stands above the one `period` inputs before.
 *
 * In: any series of positive values. Out: percent; NaN for the first `period` inputs and against a value of 0. A NaN input
 * is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 * @see TA-Lib, ta_ROC.c
 */
export function roc(period: number): Kernel {
  return new RateOfChange(checkedPeriod('roc', period));
}

class RateOfChange extends ValueKernel {
  private readonly period: number;
  private readonly past: Float64Array;
  private place = 0;

  constructor(period: number) {
    super();
    this.period = period;
    this.past = new Float64Array(period).fill(Number.NaN);
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const { period, past } = this;
    let place = this.place;
    for (let i = 0; i < count; i++) {
      const value = source[from + i];
      target[at + i] = Number.NaN;
      if (Number.isNaN(value)) continue;
      const before = past[place];
      past[place] = value;
      place = place + 1 === period ? 0 : place + 1;
      if (before !== 0) target[at + i] = (value / before - 1) * 100;
    }
    this.place = place;
  }
}
