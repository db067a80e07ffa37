import { ValueKernel } from './kernel.ts';

/**
 * The largest (`sign` 1) or smallest (`sign` -1) value of a moving window, or its age: how many values ago it came, the
 * later of equals.
 *
 * Keeps only values that can still win: a new value drops every older one it beats, so what remains falls from the
 * front to the back and the front is the answer. Each value enters and leaves once, whatever the period.
 */
export class WindowExtreme extends ValueKernel {
  private readonly period: number;
  private readonly sign: number;
  private readonly aged: boolean;
  /** A ring of candidates and of the count at which each came in. */
  private readonly values: Float64Array;
  private readonly counts: Float64Array;
  private front = 0;
  private size = 0;
  private seen = 0;

  constructor(period: number, sign: 1 | -1, answer: 'value' | 'age' = 'value') {
    super();
    this.period = period;
    this.sign = sign;
    this.aged = answer === 'age';
    this.values = new Float64Array(period);
    this.counts = new Float64Array(period);
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const { period, sign, aged, values, counts } = this;
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
      if (seen < period) target[at + i] = Number.NaN;
      else target[at + i] = aged ? seen - 1 - counts[front] : values[front] * sign;
    }
    this.front = front;
    this.size = size;
    this.seen = seen;
  }
}
