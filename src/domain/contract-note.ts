import { chargeLines } from './charges.ts';
import { roundHalfUp } from './money.ts';

const lineCount = chargeLines.length;

/**
 * Rounds a line of the note once and hands it out to the orders: each gets the whole paise of its share, and the paise
 * left over go to the largest fractions, the earlier order first among equals. So the rows sum to the note.
 *
 * `shares[order * lines + line]` are unrounded paise. `total` replaces their sum where the note has a rule of its own.
 */
export function allotLine(
  shares: Float64Array,
  line: number,
  count: number,
  out: Float64Array,
  total = Number.NaN,
): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += shares[i * lineCount + line];
  const note = Number.isNaN(total) ? roundHalfUp(sum) : total;
  if (count === 1 || sum === 0) {
    for (let i = 0; i < count; i++) out[i * lineCount + line] = i === 0 ? note : 0;
    return;
  }
  const scale = Number.isNaN(total) ? 1 : note / sum;
  let left = note;
  for (let i = 0; i < count; i++) {
    const at = i * lineCount + line;
    // Binary noise must not turn a share of exactly 3 paise into 2.
    const whole = Math.floor(shares[at] * scale + 1e-7);
    shares[at] = shares[at] * scale - whole;
    out[at] = whole;
    left -= whole;
  }
  while (left > 0) {
    let most = 0;
    for (let i = 1; i < count; i++) {
      if (shares[i * lineCount + line] > shares[most * lineCount + line] + 1e-9) most = i;
    }
    out[most * lineCount + line] += 1;
    shares[most * lineCount + line] = -1;
    left -= 1;
  }
}
