/**
 * Exponential and logarithm from +, -, *, / alone, whose results IEEE 754 fixes to the last bit. `Math.exp` and `Math.log` may
 * change their last digit with the version of V8; what is pinned by a checksum must not.
 */

/** 2^-1074 to 2^1023, the powers of two that a double can hold. */
const lowestPower = -1_074;
const powersOfTwo = fillPowers();

/** ln 2 in two parts: the first has so few digits that whole multiples of it are exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

// biome-ignore format: 1/0! to 1/13!
const factorials = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5_040, 1 / 40_320, 1 / 362_880, 1 / 3_628_800, 1 / 39_916_800, 1 / 479_001_600, 1 / 6_227_020_800];
const [, , f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13] = factorials;

/** e to the power of `value`, relative error below 1e-15; 0 below -745, Infinity above 709.78, NaN for NaN. */
export function exactExp(value: number): number {
  if (value < -745) return 0;
  if (value > 709.78) return Number.POSITIVE_INFINITY;
  if (Number.isNaN(value)) return Number.NaN;
  const twos = Math.floor(value / Math.LN2 + 0.5);
  const x = value - twos * ln2High - twos * ln2Low;
  const upper = f8 + x * (f9 + x * (f10 + x * (f11 + x * (f12 + x * f13))));
  const series = 1 + x * (1 + x * (f2 + x * (f3 + x * (f4 + x * (f5 + x * (f6 + x * (f7 + x * upper)))))));
  return series * powersOfTwo[twos - lowestPower];
}

/** Natural logarithm; -Infinity of 0 and NaN of a negative number. Relative error below 1e-15 but close to 1, where the absolute one is. */
export function exactLog(value: number): number {
  if (!(value > 0)) return value === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (value === Number.POSITIVE_INFINITY) return value;
  let mantissa = value;
  let twos = 0;
  while (mantissa > 1.5) {
    mantissa /= 2;
    twos++;
  }
  while (mantissa < 0.75) {
    mantissa *= 2;
    twos--;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), and the argument is at most a fifth.
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let series = 0;
  for (let odd = 25; odd >= 1; odd -= 2) series = series * square + 1 / odd;
  return twos * ln2High + (2 * ratio * series + twos * ln2Low);
}

function fillPowers(): Float64Array {
  const powers = new Float64Array(1_023 - lowestPower + 1);
  powers[-lowestPower] = 1;
  for (let power = 1; power <= 1_023; power++)
    powers[power - lowestPower] = powers[power - 1 - lowestPower] * 2;
  for (let power = -1; power >= lowestPower; power--)
    powers[power - lowestPower] = powers[power + 1 - lowestPower] / 2;
  return powers;
}
