import type { RiskRule } from '../ports.ts';

/** No more open positions than the profile allows. Adding to one opens none. */
export function fewEnoughPositions(maxOpenPositions: number): RiskRule {
  return {
    code: 'RISK_MAX_POSITIONS',
    entriesOnly: true,
    allows: (_order, { opensPosition }, { openPositions }) =>
      !opensPosition || openPositions < maxOpenPositions,
    why: (order, _facts, { openPositions }) =>
      `${order.key} would be position ${openPositions + 1}; risk.maxOpenPositions is ${maxOpenPositions}.`,
  };
}
