import type { ValueLinesKernel } from './kernel.ts';
import { checkedFactor, checkedPeriod } from './period.ts';
import { WindowMoments } from './window-moments.ts';

export type BollingerLine = 'upper' | 'middle' | 'lower' | 'percentB' | 'width';

/**
 * Bollinger bands: `middle` is the plain mean of the last `period` values, `upper` and `lower` stand `deviations` population
 * standard deviations away from it. `percentB` says where the value stands between them, 0 at the lower and 1 at the upper
 * band; `width` is (upper − lower) / middle.
 *
 * In: any series. Out: bands in the unit of the input, the other two plain numbers; all NaN for the first `period - 1`
 * inputs, `percentB` also while the bands lie on each other. A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @throws ConfigError INDICATOR_FACTOR if `deviations` is not above 0
 * @see John Bollinger, Bollinger on Bollinger Bands, 2001; TA-Lib, ta_BBANDS.c
 */
export function bollinger(period: number, deviations: number): ValueLinesKernel<BollingerLine> {
  checkedPeriod('bollinger', period, 2);
  return new Bands(period, checkedFactor('bollinger', 'number of deviations', deviations));
}

class Bands implements ValueLinesKernel<BollingerLine> {
  readonly lines = ['upper', 'middle', 'lower', 'percentB', 'width'] as const;
  private readonly moments: WindowMoments;
  private readonly deviations: number;

  constructor(period: number, deviations: number) {
    this.moments = new WindowMoments(period);
    this.deviations = deviations;
  }

  fill(
    source: Float64Array,
    from: number,
    [upper, middle, lower, percentB, width]: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const { deviations } = this;
    this.moments.fill(source, from, middle, width, at, count);
    for (let i = 0; i < count; i++) {
      const place = at + i;
      const mean = middle[place];
      const reach = Math.sqrt(width[place]) * deviations;
      upper[place] = mean + reach;
      lower[place] = mean - reach;
      percentB[place] = (source[from + i] - mean + reach) / (2 * reach);
      width[place] = (2 * reach) / mean;
    }
  }
}
