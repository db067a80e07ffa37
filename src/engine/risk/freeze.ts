import type { RiskRule } from '../ports.ts';

/** Orders above the exchange's freeze quantity are refused; the order path slices them before they come here. */
export const belowFreeze: RiskRule = {
  code: 'RISK_FREEZE',
  entriesOnly: false,
  allows: (order, { freezeQuantity }) => order.quantity <= freezeQuantity,
  why: (order, { freezeQuantity }) =>
    `Quantity ${order.quantity} of ${order.key} is above the exchange's freeze quantity ${freezeQuantity}.`,
};
