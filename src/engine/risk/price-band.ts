import type { RiskRule } from '../ports.ts';

/** Limit and trigger prices stay inside the day's band around the previous close; the exchange refuses them outside. */
export function withinPriceBand(bandPercent: number): RiskRule {
  const low = 1 - bandPercent / 100;
  const high = 1 + bandPercent / 100;
  return {
    code: 'RISK_PRICE_BAND',
    entriesOnly: true,
    allows(order, { previousClose, referencePrice, instrument }) {
      if (order.type === 'MARKET' || Number.isNaN(previousClose) || instrument.rules === 'none') return true;
      return referencePrice >= previousClose * low && referencePrice <= previousClose * high;
    },
    why: (order, { previousClose, referencePrice }) =>
      `Price ${referencePrice} of ${order.key} is outside the day's band of ${bandPercent} % around ${previousClose}: ` +
      `${(previousClose * low).toFixed(2)} to ${(previousClose * high).toFixed(2)}.`,
  };
}
