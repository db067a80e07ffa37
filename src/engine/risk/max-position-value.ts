import { rupeesOf, toPaise } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** What a position is worth with the entry stays within a share of the account's equity. */
export function smallEnoughPosition(maxPositionValuePercent: number): RiskRule {
  return {
    code: 'RISK_POSITION_VALUE',
    entriesOnly: true,
    allows: (order, { referencePrice, heldQuantity }, { equityPaise }) =>
      (heldQuantity + order.quantity) * referencePrice * 100 <= (equityPaise * maxPositionValuePercent) / 100,
    why: (order, { referencePrice, heldQuantity }, { equityPaise }) =>
      `${heldQuantity + order.quantity} ${order.key} at ${referencePrice} ${heldQuantity > 0 ? `(${heldQuantity} of them held) ` : ''}` +
      `is worth ${rupeesOf(toPaise((heldQuantity + order.quantity) * referencePrice))}, more than ` +
      `${maxPositionValuePercent} % of ${rupeesOf(Math.round(equityPaise))} (risk.maxPositionValuePercent).`,
  };
}
