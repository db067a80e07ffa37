import { rupeesOf } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** After gaining so much of the day's opening equity at any mark, nothing new is opened until the next day. */
export function dayTargetNotReached(dailyTargetPercent: number): RiskRule {
  return {
    code: 'RISK_DAILY_TARGET',
    entriesOnly: true,
    allows: (_order, _facts, { dayPeakEquityPaise, dayStartEquityPaise }) =>
      dayPeakEquityPaise - dayStartEquityPaise < (dayStartEquityPaise * dailyTargetPercent) / 100,
    why: (order, _facts, { dayPeakEquityPaise, dayStartEquityPaise }) =>
      `No entry in ${order.key}: the day was ${rupeesOf(Math.round(dayPeakEquityPaise - dayStartEquityPaise))} ahead of ` +
      `${rupeesOf(Math.round(dayStartEquityPaise))}, and risk.dailyTargetPercent is ${dailyTargetPercent}.`,
  };
}
