import { chanceOf } from './chance.ts';

/** Where the true mean lies with 95 % confidence, by the values alone. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2_000;
const { floor } = Math;

/**
 * The mean of values and its 95 % interval: percentiles of the means of 2,000 samples drawn with replacement, seeded. NaN without
 * values; no width with one.
 */
export function meanInterval(values: Float64Array, seed: number): MeanInterval {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  if (length < 2) return { mean, low: mean, high: mean };
  const chance = chanceOf(seed);
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let draw = 0; draw < length; draw++) sum += values[floor(chance() * length)];
    means[sample] = sum / length;
  }
  means.sort();
  return { mean, low: means[Math.floor(0.025 * resamples)], high: means[Math.ceil(0.975 * resamples) - 1] };
}
