import { type Kernel, Scratch, ValueKernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';
import { wma } from './wma.ts';

/**
 * Hull's moving average: WMA over √period bars of 2 × WMA(period / 2) − WMA(period), half and root rounded down.
 *
 * In: any series. Out: the unit of the input; NaN for the first `period + √period - 2` inputs. It may overshoot the prices
 * it follows. A NaN input is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 2 or more
 * @see Alan Hull, alanhull.com/hull-moving-average; Tulip Indicators, hma.c
 */
export function hma(period: number): Kernel {
  return new HullMean(checkedPeriod('hma', period, 2));
}

class HullMean extends ValueKernel {
  private readonly half: Kernel;
  private readonly whole: Kernel;
  private readonly root: Kernel;
  private readonly scratch = new Scratch();

  constructor(period: number) {
    super();
    this.half = wma(Math.floor(period / 2));
    this.whole = wma(period);
    this.root = wma(Math.floor(Math.sqrt(period)));
  }

  fill(source: Float64Array, from: number, target: Float64Array, at: number, count: number): void {
    const halves = this.scratch.of(count);
    this.half.fill(source, from, halves, 0, count);
    this.whole.fill(source, from, target, at, count);
    for (let i = 0; i < count; i++) target[at + i] = 2 * halves[i] - target[at + i];
    this.root.fill(target, at, target, at, count);
  }
}
