import type { Trend, Volatility } from '../market/regime.ts';

/** How near its expiry a contract is; for what does not expire, whether contracts of the index do that day. */
export type ExpiryLabel = 'last day' | 'two days before' | 'further away' | 'expiry day' | 'other day';

/** What the market as a whole was like before a trade was entered. Absent or NaN is what cannot be told. */
export interface MarketAround {
  /** Of the index, at the close of the day before. */
  readonly trend: Trend | undefined;
  readonly volatility: Volatility | undefined;
  /** Percent of the shares whose close of the day before was above their 50-day average. */
  readonly percentAbove: number;
  readonly expiry: ExpiryLabel | undefined;
}

/** `days` are those from the entry to the expiry. */
export function expiryLabel(days: number): ExpiryLabel | undefined {
  if (Number.isNaN(days)) return undefined;
  if (days <= 0) return 'last day';
  return days <= 2 ? 'two days before' : 'further away';
}
