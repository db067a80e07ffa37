import { decimalOf, groupedOf } from '../domain/money.ts';

/** `12.34%`; a value that rounds to nothing has no sign. */
export function percentText(percent: number): string {
  return `${fixed(percent, 2)}%`;
}

/** Two decimals without a sign on zero: `1.25`. */
export function ratioText(ratio: number): string {
  return fixed(ratio, 2);
}

function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** `4,65,000`: lakh and crore grouping of a whole number. */
export function countText(count: number): string {
  return groupedOf(count * 100).slice(0, -3);
}

/** `8 ms` below a second, `1.24 s` above. */
export function wallText(wallMs: number): string {
  return wallMs < 1_000 ? `${Math.round(wallMs)} ms` : `${(wallMs / 1_000).toFixed(2)} s`;
}

/** The first eight characters of a hash: enough to tell two apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}

/**
 * A price as a decimal string: at least two decimals, more where the price has them, six at most, and no binary noise.
 */
export function priceText(rupees: number): string {
  // Almost every price is whole paise, which need no search for zeros to drop.
  const paise = Math.round(rupees * 100);
  if (Math.abs(rupees * 100 - paise) < 4e-5) return decimalOf(paise);
  return rupees.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** A number for JSON, rounded to six decimals so that noise of the last bits never shows. */
export function rounded(value: number): number {
  return Number(value.toFixed(6)) + 0;
}

/** The same, null where it is not known. */
export function figureOf(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null;
}
