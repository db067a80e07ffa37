import type { Instrument } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { KiteOrder } from './schemas.ts';
import type { Leg, TerminalStatus } from './ticket.ts';

const terminals: ReadonlyMap<string, TerminalStatus> = new Map([
  ['COMPLETE', 'COMPLETE'],
  ['CANCELLED', 'CANCELLED'],
  // An after-market order that is cancelled ends under its own name.
  ['CANCELLED AMO', 'CANCELLED'],
  ['REJECTED', 'REJECTED'],
]);

/**
 * What a row of the order book adds to what is known of a leg. Snapshots come stale, doubled and out of order: fills never fall, an
 * end is never taken back, and a status that is new to us stands for an order that lives.
 */
export function sawRow(leg: Leg, row: KiteOrder, instrument: Instrument, readAt: EpochMs): void {
  const units = kiteMultiplier(instrument);
  leg.filledSeen = Math.max(leg.filledSeen, row.filled_quantity * units);
  if (leg.terminal !== undefined) return;
  leg.status = row.status;
  leg.words = row.status_message ?? '';
  leg.terminal = terminals.get(row.status);
  if (!leg.busy && readAt >= leg.askedUntil) sawTerms(leg, row, units);
}

/** A change that was acknowledged and lost shows in the row, and is then asked for again. */
function sawTerms(leg: Leg, row: KiteOrder, units: number): void {
  const settled = row.status === 'OPEN' || row.status === 'TRIGGER PENDING';
  if (!settled) return;
  leg.shownPrice = row.price > 0 ? row.price : Number.NaN;
  const { price, trigger } = leg.terms;
  leg.terms = {
    quantity: row.quantity * units,
    // A protected order stands in the book at a price of the exchange's.
    price: !Number.isNaN(price) && row.price > 0 ? row.price : price,
    trigger: !Number.isNaN(trigger) && row.trigger_price > 0 ? row.trigger_price : trigger,
  };
}

/** Our tag among those that Kite shows of an order; it adds some of its own. */
export function tagsOf({ tag, tags }: KiteOrder): readonly string[] {
  return tag === null ? tags : [tag, ...tags];
}
