import { sharpeRatio } from './returns.ts';

/** Days in a quarter of a year: short enough to show a change, long enough to be more than noise. */
export const rollingDays = 63;

/**
 * Sharpe ratio over a moving window of returns, risk-free 0: one value per return, NaN until the window is full and
 * where its returns do not vary.
 */
export function rollingSharpe(
  returns: Float64Array,
  { window, periodsPerYear }: { readonly window: number; readonly periodsPerYear: number },
): Float64Array {
  return returns.map((_, at) =>
    at + 1 < window ? Number.NaN : sharpeRatio(returns.subarray(at + 1 - window, at + 1), periodsPerYear, 0),
  );
}
