/** Whole paise as a float64 integer: exact up to 90 lakh crore rupees. Only `charges` and the ledger round into it. */
export type Paise = number;

/** Rupees to the nearest paisa; halves go away from zero, as a contract note rounds them. */
export function toPaise(rupees: number): Paise {
  return roundHalfUp(rupees * 100);
}

/** Nearest whole number, halves away from zero. The nudge undoes binary noise such as 1.005 × 100 = 100.49999999999999. */
export function roundHalfUp(value: number): number {
  const nudged = Math.abs(value) * (1 + 4 * Number.EPSILON);
  const rounded = Math.floor(nudged + 0.5);
  return value < 0 ? 0 - rounded : rounded;
}

/** `1234.50`, the form of money in JSON and CSV. */
export function decimalOf(paise: Paise): string {
  const whole = Math.abs(paise);
  const text = `${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
  return paise < 0 ? `-${text}` : text;
}

/** `12,34,567.50`: lakh and crore grouping, for people. */
export function groupedOf(paise: Paise): string {
  const [whole = '0', fraction = '00'] = decimalOf(Math.abs(paise)).split('.');
  const last = whole.slice(-3);
  const rest = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',');
  return `${paise < 0 ? '-' : ''}${rest ? `${rest},` : ''}${last}.${fraction}`;
}

/** `₹12,34,567.50`, or `-₹…` for a loss. */
export function rupeesOf(paise: Paise): string {
  return paise < 0 ? `-₹${groupedOf(-paise)}` : `₹${groupedOf(paise)}`;
}
