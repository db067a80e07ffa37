import type { InstrumentKind } from './instrument.ts';
import type { IsoDate } from './time.ts';

/** What a derivative's tradingsymbol tells by itself. The day of a monthly expiry is not in it. */
export interface ContractSymbol {
  readonly kind: InstrumentKind;
  readonly underlying: string;
  readonly strike?: number;
  /** Weekly options carry the day. */
  readonly expiry?: IsoDate;
}

const monthly =
  /^(.+?)\d{2}(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:FUT|(\d+(?:\.\d+)?)(CE|PE))$/;
/** Months 10 to 12 are O, N and D. */
const weekly = /^(.+?)(\d{2})([1-9OND])(\d{2})(\d+(?:\.\d+)?)(CE|PE)$/;

/** Reads `NIFTY26NOVFUT`, `RELIANCE26NOV1500CE`, `NIFTY26N1725000PE`; undefined for anything else. */
export function parseContractSymbol(tradingsymbol: string): ContractSymbol | undefined {
  const month = monthly.exec(tradingsymbol);
  if (month) {
    const [, underlying, strike, right] = month;
    if (right !== 'CE' && right !== 'PE') return { kind: 'FUT', underlying };
    return { kind: right, underlying, strike: Number(strike) };
  }
  const [, underlying, year, letter, day, strike, right] = weekly.exec(tradingsymbol) ?? [];
  if (right !== 'CE' && right !== 'PE') return undefined;
  const number = { O: 10, N: 11, D: 12 }[letter] ?? Number(letter);
  const expiry = `20${year}-${String(number).padStart(2, '0')}-${day}`;
  return Number(day) >= 1 && Number(day) <= 31
    ? { kind: right, underlying, strike: Number(strike), expiry }
    : undefined;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** A contract as the exchanges' files describe it. `strike` counts for options only. */
export interface ContractTerms {
  readonly kind: 'FUT' | 'CE' | 'PE';
  readonly underlying: string;
  readonly expiry: IsoDate;
  readonly strike?: number;
  /** The last expiry of its month; weekly options carry the day in their name. */
  readonly monthly: boolean;
}

/** Kite's tradingsymbol: `NIFTY26NOVFUT`, `RELIANCE26NOV1500CE`, weekly `NIFTY26N1725000PE`. The opposite of reading one. */
export function contractTradingsymbol({
  kind,
  underlying,
  expiry,
  strike = 0,
  monthly: wholeMonth,
}: ContractTerms): string {
  const year = expiry.slice(2, 4);
  const month = Number(expiry.slice(5, 7));
  const named = `${underlying}${year}${monthNames[month - 1]}`;
  if (kind === 'FUT') return `${named}FUT`;
  if (wholeMonth) return `${named}${strike}${kind}`;
  const letter = month < 10 ? String(month) : 'OND'[month - 10];
  return `${underlying}${year}${letter}${expiry.slice(8, 10)}${strike}${kind}`;
}
