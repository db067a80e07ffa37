import type { InstrumentKey } from '../domain/instrument.ts';

/** Names under which the index of a market and its expected volatility are stored, the best first. */
export interface KnownIndex {
  readonly index: readonly [InstrumentKey, ...InstrumentKey[]];
  readonly vix: readonly [InstrumentKey, ...InstrumentKey[]];
}

/** The index that stands for a market: NIFTY 50, or the invented one. */
export function knownIndex(synthetic: boolean): KnownIndex {
  if (synthetic) return { index: ['SYN:INDEX'], vix: ['SYN:VIX'] };
  return { index: ['NSE:NIFTY 50', 'NSE:NIFTY'], vix: ['NSE:INDIA VIX', 'NSE:INDIAVIX'] };
}

/** Why there is no regime, and what to run. */
export function noIndexText(index: InstrumentKey | undefined, synthetic: boolean): string {
  if (index !== undefined) return `${index} has no day bar that had closed by then.`;
  const [name] = knownIndex(synthetic).index;
  return `No day bars of ${name} are stored. Run: algo backfill "${name}" -i day, or name another with --index`;
}
