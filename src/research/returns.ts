/**
 * Statistics of periodic simple returns (fractions: 0.01 is one percent), as the library empyrical defines them.
 * NaN where the formula has no answer: no returns, no spread, a total loss.
 */

/** Compound growth a year: `(Π(1 + r))^(periodsPerYear / n) − 1`. */
export function annualReturn(returns: Float64Array, periodsPerYear: number): number {
  let growth = 1;
  for (const value of returns) growth *= 1 + value;
  return growth > 0 ? growth ** (periodsPerYear / returns.length) - 1 : Number.NaN;
}

/** Sample standard deviation (n − 1), scaled by √periodsPerYear. */
export function annualVolatility(returns: Float64Array, periodsPerYear: number): number {
  return deviation(returns, mean(returns)) * Math.sqrt(periodsPerYear);
}

/** Mean return above the risk-free one over its standard deviation, scaled by √periodsPerYear. `riskFree` is per period. */
export function sharpeRatio(returns: Float64Array, periodsPerYear: number, riskFree: number): number {
  const average = mean(returns);
  const spread = deviation(returns, average);
  return spread > noise ? ((average - riskFree) / spread) * Math.sqrt(periodsPerYear) : Number.NaN;
}

/**
 * Mean return above the required one over the downside risk: the root mean square of the shortfalls, counted over all
 * periods, good ones included as zero.
 */
export function sortinoRatio(returns: Float64Array, periodsPerYear: number, required: number): number {
  let squares = 0;
  for (const value of returns) squares += Math.min(value - required, 0) ** 2;
  const downside = Math.sqrt(squares / returns.length);
  return downside > noise ? ((mean(returns) - required) / downside) * Math.sqrt(periodsPerYear) : Number.NaN;
}

// A curve of constant growth has a spread of about 1e-17 from binary rounding alone; a ratio over it would be a fiction.
const noise = 1e-14;

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at];
  return sum / values.length;
}

/** Sample standard deviation (n − 1) about a mean; NaN below two values. */
export function deviation(values: ArrayLike<number>, about: number): number {
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at] - about) ** 2;
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : Number.NaN;
}
