import type { InstrumentKey } from '../domain/instrument.ts';
import { type Figure, unavailable } from './figure.ts';

/** Closes of one instrument over the run's span; a series of bars is one. */
export interface Closes {
  readonly key: InstrumentKey;
  readonly close: Float64Array;
  readonly length: number;
}

/**
 * Return in percent of buying every instrument with equal money at its first close of the run and holding to its last.
 * Charges, dividends and rebalancing are left out.
 */
export function buyAndHold(universe: readonly Closes[]): Figure {
  if (universe.length === 0) return unavailable('there is no instrument to hold');
  let sum = 0;
  for (const { key, close, length } of universe) {
    if (length < 2) return unavailable(`${key} has fewer than two bars`);
    const growth = close[length - 1] / close[0];
    if (!(close[0] > 0 && Number.isFinite(growth)))
      return unavailable(`${key} has no price above zero to start from`);
    sum += growth - 1;
  }
  return { value: (sum / universe.length) * 100 };
}
