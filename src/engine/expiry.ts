import { type Instrument, isDerivative } from '../domain/instrument.ts';
import { contractClassOf } from '../domain/market-segment.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { dayNumberOf } from '../domain/time.ts';

/**
 * Day number of the last session in which a contract is held; Infinity for cash. Index, currency and commodity contracts settle
 * in cash on their expiry. Stock contracts deliver shares, so they are closed a session earlier.
 */
export function lastSessionDay(instrument: Instrument, { calendar }: Rulebook): number {
  if (!isDerivative(instrument) || instrument.expiry === undefined) return Number.POSITIVE_INFINITY;
  const expiry = calendar.sessionUntil(instrument, dayNumberOf(instrument.expiry)).dayNumber;
  const delivers = contractClassOf(instrument)?.startsWith('STOCK_') ?? false;
  return delivers ? calendar.sessionUntil(instrument, expiry - 1).dayNumber : expiry;
}
