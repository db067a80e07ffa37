import { ValueKernel } from './kernel.ts';

/**
 * The largest (`sign` 1) or smallest (`sign` -1) value of a moving window.
 *
 * Keeps only values that can still win: a new value drops every older one it beats, so what remains falls from the
 * front to the back and the front is the answer. Each value enters and leaves once, whatever the period.
 */
export class WindowExtreme extends ValueKernel {
  private readonly period: number;
  private readonly sign: number;
  /** A ring of candidates and of the count at which each came in. */
  private readonly values: Float64Array;
  private readonly counts: Float64Array;
  private front = 0;
  private size = 0;
  private seen = 0;

  constructor(period: number, sign: 1 | -1) {
    super();
    this.period = period;
    this.sign = sign;
    this.values = new Float64Array(period);
    this.counts = new Float64Array(period);
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const { period, sign, values, counts } = this;
    let { front, size, seen } = this;
    for (let i = 0; i < count; i++) {
      const value = source[from + i] * sign;
      if (Number.isNaN(value)) {
        target[at + i] = Number.NaN;
        continue;
      }
      if (size > 0 && counts[front] <= seen - period) {
        front = front + 1 === period ? 0 : front + 1;
        size -= 1;
      }
      let back = front + size;
      if (back >= period) back -= period;
      while (size > 0) {
        const before = back === 0 ? period - 1 : back - 1;
        if (values[before] > value) break;
        back = before;
        size -= 1;
      }
      values[back] = value;
      counts[back] = seen;
      size += 1;
      seen += 1;
      target[at + i] = seen >= period ? values[front] * sign : Number.NaN;
    }
    this.front = front;
    this.size = size;
    this.seen = seen;
  }
}
