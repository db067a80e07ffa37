import { highest } from './highest.ts';
import { type Kernel, Scratch, type ValueLinesKernel } from './kernel.ts';
import { lowest } from './lowest.ts';
import { checkPeriods } from './period.ts';
import { rsi } from './rsi.ts';
import { StochasticAverages, type StochasticLine } from './stochastic.ts';

/**
 * The stochastic of the RSI: where the RSI of `rsiPeriod` stands within its own last `period` values, averaged over `smooth`
 * (`k`), and the average of that over `signal` (`d`).
 *
 * In: any series. Out: 0 to 100; both lines NaN for the first `rsiPeriod + period + smooth + signal - 3` inputs. With a
 * `smooth` of 1 it is TA-Lib's; charts usually smooth over 3. While the RSI does not move at all the answer is NaN and the
 * averages leave it out. A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if a period is not a whole number of 1 or more, `rsiPeriod` of 2 or more
 * @see Tushar Chande, Stanley Kroll, The New Technical Trader, 1994; TA-Lib, ta_STOCHRSI.c
 */
export function stochRsi(
  rsiPeriod: number,
  period: number,
  smooth: number,
  signal: number,
): ValueLinesKernel<StochasticLine> {
  checkPeriods('stochRsi', { 'RSI period': rsiPeriod }, 2);
  checkPeriods('stochRsi', { period, 'smoothing period': smooth, 'signal period': signal });
  return new StochasticStrength(rsiPeriod, period, smooth, signal);
}

class StochasticStrength implements ValueLinesKernel<StochasticLine> {
  readonly lines = ['k', 'd'] as const;
  private readonly rsi: Kernel;
  private readonly highest: Kernel;
  private readonly lowest: Kernel;
  private readonly averages: StochasticAverages;
  private readonly scratch = new Scratch();

  constructor(rsiPeriod: number, period: number, smooth: number, signal: number) {
    this.rsi = rsi(rsiPeriod);
    this.highest = highest(period);
    this.lowest = lowest(period);
    this.averages = new StochasticAverages(smooth, signal);
  }

  fill(
    source: Float64Array,
    from: number,
    targets: readonly Float64Array[],
    at: number,
    count: number,
  ): void {
    const [tops, bottoms] = targets;
    const strengths = this.scratch.of(count);
    this.rsi.fill(source, from, strengths, 0, count);
    this.highest.fill(strengths, 0, tops, at, count);
    this.lowest.fill(strengths, 0, bottoms, at, count);
    this.averages.fill(strengths, 0, targets, at, count);
  }
}
