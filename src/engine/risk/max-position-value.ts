import { rupeesOf, toPaise } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** One entry's traded value stays below a share of the account's equity. */
export function smallEnoughPosition(maxPositionValuePercent: number): RiskRule {
  return {
    code: 'RISK_POSITION_VALUE',
    entriesOnly: true,
    allows: (order, { referencePrice }, { equityPaise }) =>
      order.quantity * referencePrice * 100 <= (equityPaise * maxPositionValuePercent) / 100,
    why: (order, { referencePrice }, { equityPaise }) =>
      `${order.quantity} ${order.key} at ${referencePrice} is worth ${rupeesOf(toPaise(order.quantity * referencePrice))}, more than ` +
      `${maxPositionValuePercent} % of ${rupeesOf(Math.round(equityPaise))} (risk.maxPositionValuePercent).`,
  };
}
