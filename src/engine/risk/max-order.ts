import { rupeesOf, toPaise } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** No entry of more units than a slip of the finger would explain. */
export function smallEnoughQuantity(maxOrderQuantity: number): RiskRule {
  return {
    code: 'RISK_ORDER_QUANTITY',
    entriesOnly: true,
    allows: (order) => order.quantity <= maxOrderQuantity,
    why: (order) =>
      `${order.side} ${order.quantity} ${order.key} is more than risk.maxOrderQuantity ${maxOrderQuantity}.`,
  };
}

/** No entry worth more rupees than the profile allows for one order. */
export function smallEnoughValue(maxOrderValue: number): RiskRule {
  return {
    code: 'RISK_ORDER_VALUE',
    entriesOnly: true,
    allows: (order, { referencePrice }) => order.quantity * referencePrice <= maxOrderValue,
    why: (order, { referencePrice }) =>
      `${order.side} ${order.quantity} ${order.key} at ${referencePrice} is worth ${rupeesOf(toPaise(order.quantity * referencePrice))}, ` +
      `more than risk.maxOrderValue ${rupeesOf(toPaise(maxOrderValue))}.`,
  };
}
