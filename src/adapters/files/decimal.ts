const zero = 48;
const dot = 46;
const minus = 45;
const plus = 43;

const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => 10 ** power);

/** What numbers may look like besides plain digits: a sign, an exponent, or English and Indian grouping. */
const written = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const grouped = /^[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?$/;

/**
 * The number written in `bytes[from, to)`, NaN when those bytes are anything but one finite decimal number.
 * Words such as `NaN`, `Infinity` and `0x10` are not numbers here. Grouped figures (`1,234.50`, `12,34,567`) are.
 */
export function decimalIn(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const sign = bytes[at];
  if (sign === minus || sign === plus) at++;
  let digits = 0;
  let fraction = -1;
  let mantissa = 0;
  for (; at < to; at++) {
    const byte = bytes[at];
    const digit = byte - zero;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
    } else if (byte === dot && fraction < 0) {
      fraction = digits;
    } else {
      return slowDecimal(bytes, from, to);
    }
  }
  // Up to 15 digits the mantissa is exact and one division rounds correctly; longer ones need the full algorithm.
  if (digits === 0 || digits > 15) return slowDecimal(bytes, from, to);
  const value = fraction < 0 ? mantissa : mantissa / powersOfTen[digits - fraction];
  return sign === minus ? -value : value;
}

function slowDecimal(bytes: Uint8Array, from: number, to: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  const value = written.test(text)
    ? Number(text)
    : grouped.test(text)
      ? Number(text.replaceAll(',', ''))
      : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
