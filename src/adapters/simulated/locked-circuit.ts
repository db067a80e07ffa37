import type { Instrument } from '../../domain/instrument.ts';

/** +1 at an upper circuit, where nobody sells; -1 at a lower one, where nobody buys; 0 where both do. */
export type CircuitLock = -1 | 0 | 1;

/** Daily bands of NSE and BSE shares, as fractions of the previous close. */
const bands = [0.02, 0.05, 0.1, 0.2];

/** Whether a share's bar is locked: it has no range and lies at the edge of one of the bands around the close before. */
export function lockedCircuit(
  { kind, rules }: Instrument,
  bar: { readonly high: number; readonly low: number; readonly previousClose: number; readonly tick: number },
): CircuitLock {
  const { high, low, previousClose, tick } = bar;
  if (high !== low || kind !== 'EQ' || rules === 'none' || Number.isNaN(previousClose)) return 0;
  for (const band of bands) {
    if (Math.abs(high - previousClose * (1 + band)) <= tick) return 1;
    if (Math.abs(low - previousClose * (1 - band)) <= tick) return -1;
  }
  return 0;
}
