import { ConfigError } from '../domain/errors.ts';
import type { ValueLinesKernel } from './kernel.ts';
import { checkPeriods } from './period.ts';

export type MacdLine = 'line' | 'signal' | 'histogram';

/**
 * Moving average convergence/divergence: `line` is EMA(fast) − EMA(slow), `signal` the EMA of the line, `histogram` line − signal.
 *
 * In: any series, usually closes in rupees. Out: rupees, either side of 0; NaN for the first `slow + signal - 2` inputs, all
 * three lines alike. Both averages start on the same bar, the slow one's first: the fast one from the mean of the `fast`
 * values that end there, which is TA-Lib's way; charts that start each average by itself agree once the seeds have faded.
 * A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if a period is not a whole number of 1 or more, or fast is not shorter than slow
 * @see Gerald Appel, 1979; TA-Lib, ta_MACD.c
 */
export function macd(fast: number, slow: number, signal: number): ValueLinesKernel<MacdLine> {
  checkPeriods('macd', { 'fast period': fast, 'slow period': slow, 'signal period': signal });
  if (fast < slow) return new ConvergenceDivergence(fast, slow, signal);
  throw new ConfigError(
    'INDICATOR_PERIOD',
    `The fast period of macd was ${fast}, expected fewer bars than the slow period ${slow}.`,
    'Give the shorter period first, for example macd(close, 12, 26, 9).',
  );
}

class ConvergenceDivergence implements ValueLinesKernel<MacdLine> {
  readonly lines = ['line', 'signal', 'histogram'] as const;
  private readonly fast: number;
  private readonly slow: number;
  private readonly smooth: number;
  private seen = 0;
  private lineCount = 0;
  /** Sums while the seeds are collected, averages after that. */
  private quick = 0;
  private steady = 0;
  private average = 0;

  constructor(fast: number, slow: number, smooth: number) {
    this.fast = fast;
    this.slow = slow;
    this.smooth = smooth;
  }

  fill(
    source: Float64Array,
    from: number,
    [lines, signals, histograms]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const { fast, slow, smooth } = this;
    const quickWeight = 2 / (fast + 1);
    const steadyWeight = 2 / (slow + 1);
    const smoothWeight = 2 / (smooth + 1);
    let { seen, lineCount, quick, steady, average } = this;
    for (let i = 0; i < count; i++) {
      const place = at + i;
      const value = source[from + i];
      lines[place] = signals[place] = histograms[place] = Number.NaN;
      if (Number.isNaN(value)) continue;
      if (seen === slow) {
        quick += (value - quick) * quickWeight;
        steady += (value - steady) * steadyWeight;
      } else {
        seen += 1;
        steady += value;
        if (seen > slow - fast) quick += value;
        if (seen < slow) continue;
        quick /= fast;
        steady /= slow;
      }
      const line = quick - steady;
      if (lineCount === smooth) average += (line - average) * smoothWeight;
      else {
        lineCount += 1;
        average += line;
        if (lineCount < smooth) continue;
        average /= smooth;
      }
      lines[place] = line;
      signals[place] = average;
      histograms[place] = line - average;
    }
    this.seen = seen;
    this.lineCount = lineCount;
    this.quick = quick;
    this.steady = steady;
    this.average = average;
  }
}
