import type { RiskRule } from '../ports.ts';

/** Whole lots, at least one. */
export const quantityIsWholeLots: RiskRule = {
  code: 'RISK_LOT',
  entriesOnly: false,
  allows: (order, { lotSize }) => order.quantity > 0 && Number.isInteger(order.quantity / lotSize),
  why(order, { lotSize }) {
    const lots = Math.floor(order.quantity / lotSize);
    const choice = lots > 0 ? `${lots * lotSize} or ${(lots + 1) * lotSize}` : `${lotSize}`;
    return `Quantity ${order.quantity} of ${order.key} is not a multiple of its lot size ${lotSize}. Use ${choice}.`;
  },
};
