import type { BarSeries } from '../domain/bar-series.ts';
import { ConfigError } from '../domain/errors.ts';
import { type BarKernel, WholeBarKernel } from './kernel.ts';
import { checkedFactor } from './period.ts';

/**
 * Wilder's parabolic stop and reverse: a stop that follows the trend and gains on it, faster with every new extreme, from
 * `acceleration` up to `maximum` of the distance a bar. A bar that reaches it turns the trend, and the stop jumps to the
 * other side. Below the close in an up-trend, above it in a down-trend.
 *
 * In: bars in rupees. Out: rupees, the level in force during the bar; NaN for the first bar. It begins down when the second
 * bar's low fell further than its high rose, up otherwise. A bar with a NaN high or low is skipped and answers NaN.
 *
 * @throws ConfigError INDICATOR_FACTOR if a factor is not above 0, or `maximum` is below `acceleration`
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib, ta_SAR.c
 */
export function psar(acceleration: number, maximum: number): BarKernel {
  checkedFactor('psar', 'acceleration', acceleration);
  checkedFactor('psar', 'maximum', maximum);
  if (acceleration <= maximum) return new ParabolicStop(acceleration, maximum);
  throw new ConfigError(
    'INDICATOR_FACTOR',
    `The maximum of psar was ${maximum}, expected at least the acceleration ${acceleration}.`,
    "Give the acceleration first, for example Wilder's psar(0.02, 0.2).",
  );
}

class ParabolicStop extends WholeBarKernel {
  private readonly acceleration: number;
  private readonly maximum: number;
  private lastHigh = Number.NaN;
  private lastLow = Number.NaN;
  private started = false;
  private long = true;
  private stop = Number.NaN;
  private extreme = Number.NaN;
  private factor: number;

  constructor(acceleration: number, maximum: number) {
    super();
    this.acceleration = acceleration;
    this.maximum = maximum;
    this.factor = acceleration;
  }

  fill({ high, low }: BarSeries, from: number, target: Float64Array, at: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const top = high[from + i];
      const bottom = low[from + i];
      target[at + i] = Number.NaN;
      if (Number.isNaN(top + bottom)) continue;
      if (!this.started && !Number.isNaN(this.lastHigh)) this.start(top, bottom);
      if (this.started) target[at + i] = this.long ? this.rise(top, bottom) : this.fall(top, bottom);
      this.lastHigh = top;
      this.lastLow = bottom;
    }
  }

  private start(top: number, bottom: number): void {
    const down = this.lastLow - bottom;
    this.long = !(down > 0 && down > top - this.lastHigh);
    this.extreme = this.long ? top : bottom;
    this.stop = this.long ? this.lastLow : this.lastHigh;
    // The first bar is not looked back upon: the second one is its own yesterday.
    this.lastHigh = top;
    this.lastLow = bottom;
    this.started = true;
  }

  /** A bar of an up-trend. Answers the stop in force, then moves it, never into the range of the last two bars. */
  private rise(top: number, bottom: number): number {
    if (bottom <= this.stop) {
      this.long = false;
      const stop = Math.max(this.extreme, this.lastHigh, top);
      this.factor = this.acceleration;
      this.extreme = bottom;
      this.stop = Math.max(stop + this.factor * (bottom - stop), this.lastHigh, top);
      return stop;
    }
    const stop = this.stop;
    if (top > this.extreme) {
      this.extreme = top;
      this.factor = Math.min(this.factor + this.acceleration, this.maximum);
    }
    this.stop = Math.min(stop + this.factor * (this.extreme - stop), this.lastLow, bottom);
    return stop;
  }

  private fall(top: number, bottom: number): number {
    if (top >= this.stop) {
      this.long = true;
      const stop = Math.min(this.extreme, this.lastLow, bottom);
      this.factor = this.acceleration;
      this.extreme = top;
      this.stop = Math.min(stop + this.factor * (top - stop), this.lastLow, bottom);
      return stop;
    }
    const stop = this.stop;
    if (bottom < this.extreme) {
      this.extreme = bottom;
      this.factor = Math.min(this.factor + this.acceleration, this.maximum);
    }
    this.stop = Math.max(stop + this.factor * (this.extreme - stop), this.lastHigh, top);
    return stop;
  }
}
