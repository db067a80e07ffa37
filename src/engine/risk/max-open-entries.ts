import type { RiskRule } from '../ports.ts';

/** No more entries open or under way than the profile allows, all strategies together; the three of a ladder are three. */
export function fewEnoughEntries(maxOpenEntries: number): RiskRule {
  return {
    code: 'RISK_OPEN_ENTRIES',
    entriesOnly: true,
    allows: (_order, { book }) => book.openEntries() < maxOpenEntries,
    why: (order, { book }) =>
      `${order.side} ${order.quantity} ${order.key} would be entry ${book.openEntries() + 1} that is open; risk.maxOpenEntries is ${maxOpenEntries}.`,
  };
}
