import type { BarSeries } from '../domain/bar-series.ts';
import { type BarKernel, type Kernel, Scratch, WholeBarKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';
import { sma } from './sma.ts';

/**
 * Money flow index: the share of the turnover of the last `period` bars that traded on a rising typical price,
 * (high + low + close) / 3. A bar whose typical price did not change counts for neither side.
 *
 * In: bars in rupees with volume in units. Out: 0 to 100; NaN for the first `period` bars and while no turnover of the
 * window has a side, so always NaN on an index, which has no volume (TA-Lib reads 0 there). A bar with a NaN is skipped and
 * answers NaN. Sessions do not restart it.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see Gene Quong, Avrum Soudack, 1989; TA-Lib, ta_MFI.c
 */
export function mfi(period: number): BarKernel {
  return new MoneyFlow(checkedPeriod('mfi', period, 2));
}

class MoneyFlow extends WholeBarKernel {
  private readonly risingMean: Kernel;
  private readonly fallingMean: Kernel;
  private readonly rising = new Scratch();
  private readonly falling = new Scratch();
  private last = Number.NaN;

  constructor(period: number) {
    super();
    this.risingMean = sma(period);
    this.fallingMean = sma(period);
  }

  fill(
    { high, low, close, volume }: BarSeries,
    from: number,
    target: Float64Array,
    at: number,
    count: number,
  ): void {
    const rising = this.rising.of(count);
    const falling = this.falling.of(count);
    let last = this.last;
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const typical = (high[row] + low[row] + close[row]) / 3;
      const flow = typical * volume[row];
      rising[i] = falling[i] = Number.NaN;
      if (Number.isNaN(flow)) continue;
      if (!Number.isNaN(last)) {
        rising[i] = typical > last ? flow : 0;
        falling[i] = typical < last ? flow : 0;
      }
      last = typical;
    }
    this.last = last;
    this.risingMean.fill(rising, 0, rising, 0, count);
    this.fallingMean.fill(falling, 0, falling, 0, count);
    for (let i = 0; i < count; i++) target[at + i] = (100 * rising[i]) / (rising[i] + falling[i]);
  }
}
