import type { RiskRule } from '../ports.ts';

/** Limit and trigger prices of entries stay near the newest price, so that a slipped digit does not trade. */
export function withinCollar(collarPercent: number): RiskRule {
  return {
    code: 'RISK_PRICE_COLLAR',
    entriesOnly: true,
    allows: (_order, { referencePrice, lastPrice }) =>
      Math.abs(referencePrice - lastPrice) * 100 <= lastPrice * collarPercent,
    why: (order, { referencePrice, lastPrice }) =>
      `Price ${referencePrice} of ${order.key} is ${((Math.abs(referencePrice - lastPrice) / lastPrice) * 100).toFixed(2)} % away from the ` +
      `newest price ${lastPrice}; risk.priceCollarPercent is ${collarPercent}.`,
  };
}
