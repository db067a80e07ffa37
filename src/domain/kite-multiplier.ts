import type { Instrument } from './instrument.ts';

/** Units behind one unit of an order's or a position's quantity on Kite's wire: MCX and currencies count in lots. */
export function kiteMultiplier({ rules, lotSize }: Pick<Instrument, 'rules' | 'lotSize'>): number {
  return rules === 'MCX' || rules === 'CDS' || rules === 'BCD' ? lotSize : 1;
}

/** Steps in which a quantity on Kite's wire goes: one lot where lots are counted, the units of a lot elsewhere. */
export function kiteLot(instrument: Pick<Instrument, 'rules' | 'lotSize'>): number {
  return kiteMultiplier(instrument) > 1 ? 1 : instrument.lotSize;
}
