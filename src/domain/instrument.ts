import { UsageError } from './errors.ts';
import type { IsoDate } from './time.ts';

/** `NSE:INFY`, `NFO:NIFTY26NOVFUT`, `TEST:GOOG`: exchange and tradingsymbol, the identity of an instrument. */
export type InstrumentKey = string;

/** Whose calendar, ticks, bands and tariff an instrument follows. `none` is a market without Indian rules. */
export type MarketRules = 'NSE' | 'BSE' | 'NFO' | 'BFO' | 'MCX' | 'CDS' | 'BCD' | 'none';

export type InstrumentKind = 'EQ' | 'INDEX' | 'FUT' | 'CE' | 'PE';

/** What is traded. Derivative fields are absent on cash instruments. Prices in rupees, quantities in units. */
export interface Instrument {
  readonly key: InstrumentKey;
  readonly exchange: string;
  readonly tradingsymbol: string;
  readonly rules: MarketRules;
  readonly kind: InstrumentKind;
  /** Smallest price step in rupees when the market's dated tick table does not say; 0 means any price. */
  readonly tickSize: number;
  /** Units in a lot, 1 for cash. */
  readonly lotSize: number;
  /** Has futures and options on it: since 2026-08-03 its cash session ends at 15:15. */
  readonly hasDerivatives?: boolean;
  readonly underlying?: string;
  readonly expiry?: IsoDate;
  /** Rupees. */
  readonly strike?: number;
  /** Prices are invented by the synthetic market. */
  readonly synthetic?: boolean;
}

/**
 * Splits `NSE:INFY`.
 * @throws UsageError USAGE_SYMBOL when there is no exchange in front, or when the symbol is a path rather than a name
 */
export function parseKey(text: string): { exchange: string; tradingsymbol: string; key: InstrumentKey } {
  const match = /^([A-Z][A-Z0-9]*):(\S(?:.*\S)?)$/.exec(text.trim().toUpperCase());
  if (match?.[2] && pathLike.test(match[2])) {
    throw new UsageError(
      'USAGE_SYMBOL',
      `"${printable(text)}" is not an instrument: its symbol reads like a path of files.`,
      'Write the tradingsymbol as Kite shows it, for example NSE:INFY or NSE:M&M.',
    );
  }
  if (match?.[1] && match[2])
    return { exchange: match[1], tradingsymbol: match[2], key: `${match[1]}:${match[2]}` };
  throw new UsageError(
    'USAGE_SYMBOL',
    `"${text}" is not an instrument.`,
    'Write it as EXCHANGE:SYMBOL, for example NSE:INFY.',
  );
}

// Two dots or a slash in front climb out of folders; no exchange has control characters or backslashes in a symbol.
const pathLike = /^[./~]|\.\.|\\|[\p{Cc}]/u;

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}]/gu, '?');
}

export function isDerivative(instrument: Instrument): boolean {
  return instrument.kind === 'FUT' || isOption(instrument);
}

/** Name under which positions in one thing add up: a derivative's underlying, else the tradingsymbol itself. */
export function underlyingOf({ underlying, tradingsymbol }: Instrument): string {
  return underlying ?? tradingsymbol;
}

export function isOption(instrument: Instrument): boolean {
  return instrument.kind === 'CE' || instrument.kind === 'PE';
}
