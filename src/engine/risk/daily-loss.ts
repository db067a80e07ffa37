import { rupeesOf } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** After losing so much of the day's opening equity, nothing new is opened until the next day. */
export function dayLossWithin(maxDailyLossPercent: number): RiskRule {
  return {
    code: 'RISK_DAILY_LOSS',
    entriesOnly: true,
    allows: (_order, _facts, { equityPaise, dayStartEquityPaise }) =>
      dayStartEquityPaise - equityPaise < (dayStartEquityPaise * maxDailyLossPercent) / 100,
    why: (order, _facts, { equityPaise, dayStartEquityPaise }) =>
      `No entry in ${order.key}: the day has lost ${rupeesOf(Math.round(dayStartEquityPaise - equityPaise))} of ` +
      `${rupeesOf(Math.round(dayStartEquityPaise))}, and risk.maxDailyLossPercent is ${maxDailyLossPercent}.`,
  };
}
