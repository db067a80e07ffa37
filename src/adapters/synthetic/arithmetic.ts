/**
 * Exponential and logarithm from +, -, *, / and the square root alone, whose results IEEE 754 fixes to the last bit.
 * The engine's own `Math.exp` and `Math.log` may change their last digit with the V8 version, and a seed has to
 * give the same market everywhere.
 */

const half = 1 / 2;
const sixth = 1 / 6;
const oneOf24 = 1 / 24;
const oneOf120 = 1 / 120;
const oneOf720 = 1 / 720;

/** e to the power of `value`, relative error below 1e-11 for |value| up to 8. */
export function exponential(value: number): number {
  // e^x = (e^(x/256))^256; the series converges at once for so small an argument.
  const x = value / 256;
  const once = 1 + x * (1 + x * (half + x * (sixth + x * (oneOf24 + x * (oneOf120 + x * oneOf720)))));
  const four = once * once * (once * once);
  const sixteen = four * four * (four * four);
  const sixtyFour = sixteen * sixteen * (sixteen * sixteen);
  return sixtyFour * sixtyFour * (sixtyFour * sixtyFour);
}

/** Natural logarithm of a positive number, absolute error below 1e-14 times the number of halvings. */
export function logarithm(value: number): number {
  let mantissa = value;
  let halvings = 0;
  while (mantissa > 1.5) {
    mantissa /= 2;
    halvings++;
  }
  while (mantissa < 0.75) {
    mantissa *= 2;
    halvings--;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), and the argument is at most 0.2.
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let power = ratio;
  let sum = 0;
  for (let odd = 1; odd < 27; odd += 2) {
    sum += power / odd;
    power *= square;
  }
  return 2 * sum + halvings * Math.LN2;
}
