import { rupeesOf } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** While the account is so far below its highest mark, nothing new is opened. */
export function drawdownWithin(maxDrawdownPercent: number): RiskRule {
  return {
    code: 'RISK_DRAWDOWN',
    entriesOnly: true,
    allows: (_order, _facts, { peakEquityPaise, equityPaise }) =>
      peakEquityPaise - equityPaise < (peakEquityPaise * maxDrawdownPercent) / 100,
    why: (order, _facts, { peakEquityPaise, equityPaise }) =>
      `No entry in ${order.key}: the account is ${rupeesOf(Math.round(peakEquityPaise - equityPaise))} below its peak of ` +
      `${rupeesOf(Math.round(peakEquityPaise))}, and risk.maxDrawdownPercent is ${maxDrawdownPercent}.`,
  };
}
