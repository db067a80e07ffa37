import { rupeesOf, toPaise } from '../domain/money.ts';
import type { SizingRequest, SizingRule } from './ports.ts';

/** The same number of units every time. */
export function fixedQuantity(units: number): SizingRule {
  return {
    name: `${units} units`,
    quantity: () => units,
    whyNothing: () => `sizing.quantity is ${units}.`,
  };
}

/** The same number of lots every time. */
export function fixedLots(lots: number): SizingRule {
  return {
    name: `${lots} lot${lots === 1 ? '' : 's'}`,
    quantity: ({ lotSize }) => lots * lotSize,
    whyNothing: () => `sizing.lots is ${lots}.`,
  };
}

/** As many whole lots as so many rupees buy, charges included. */
export function fixedRupees(rupees: number): SizingRule {
  return {
    name: `${rupeesOf(toPaise(rupees))} an entry`,
    quantity: (request) => affordable(request, rupees * 100),
    whyNothing: ({ price, lotSize, instrument }) =>
      `${rupeesOf(toPaise(rupees))} do not buy ${lotSize === 1 ? 'one unit' : `a lot of ${lotSize}`} of ${instrument.key} at ${price} ` +
      `(${rupeesOf(toPaise(price * lotSize))}).`,
  };
}

/** As many whole lots as a share of the account's equity buys, charges included. */
export function percentOfEquity(percent: number): SizingRule {
  return {
    name: `${percent} % of equity`,
    quantity: (request) => affordable(request, (request.equityPaise * percent) / 100),
    whyNothing: ({ equityPaise, price, lotSize, instrument }) =>
      `${percent} % of ${rupeesOf(Math.round(equityPaise))} does not buy ${lotSize === 1 ? 'one unit' : `a lot of ${lotSize}`} of ${instrument.key} at ${price} ` +
      `(${rupeesOf(toPaise(price * lotSize))}).`,
  };
}

/** So many units that the way to the protective stop costs a share of equity. An entry without a stop has no size. */
export function riskPerTrade(percent: number): SizingRule {
  return {
    name: `${percent} % of equity at risk`,
    quantity: ({ equityPaise, stopDistance, lotSize }) =>
      stopDistance > 0 ? wholeLots((equityPaise * percent) / 100 / (stopDistance * 100), lotSize) : 0,
    whyNothing: ({ equityPaise, stopDistance, lotSize, instrument }) =>
      stopDistance > 0
        ? `${percent} % of ${rupeesOf(Math.round(equityPaise))} at risk over ${stopDistance.toFixed(2)} a unit is less than ` +
          `${lotSize === 1 ? 'one unit' : `a lot of ${lotSize}`} of ${instrument.key}.`
        : `risk-per-trade sizing needs a stopLoss, and the entry in ${instrument.key} has none.`,
  };
}

/** So many units that a move of one mean true range costs a share of equity: the same risk in a calm market and in a wild one. */
export function volatilityTarget(percent: number, bars: number): SizingRule {
  return {
    name: `${percent} % of equity a mean range of ${bars} bars`,
    quantity({ equityPaise, meanRange, lotSize }) {
      const range = meanRange(bars);
      return range > 0 ? wholeLots((equityPaise * percent) / 100 / (range * 100), lotSize) : 0;
    },
    whyNothing({ equityPaise, meanRange, lotSize, instrument }) {
      const range = meanRange(bars);
      return range > 0
        ? `${percent} % of ${rupeesOf(Math.round(equityPaise))} over a mean range of ${range.toFixed(2)} is less than ` +
            `${lotSize === 1 ? 'one unit' : `a lot of ${lotSize}`} of ${instrument.key}.`
        : `volatility sizing needs ${bars + 1} bars of ${instrument.key}, and fewer have closed or they did not move.`;
    },
  };
}

/** A rule whose entries shrink in a drawdown: whole until `fromPercent` below the peak, nothing from `toPercent` on, evenly between. */
export function smallerInDrawdown(rule: SizingRule, fromPercent: number, toPercent: number): SizingRule {
  const shareOf = ({ equityPaise, peakEquityPaise }: SizingRequest) => {
    const below = ((peakEquityPaise - equityPaise) / peakEquityPaise) * 100;
    return Math.min(1, Math.max(0, (toPercent - below) / (toPercent - fromPercent)));
  };
  return {
    name: `${rule.name}, smaller from ${fromPercent} to ${toPercent} % below the peak`,
    needsPeak: true,
    quantity: (request) => wholeLots(rule.quantity(request) * shareOf(request), request.lotSize),
    whyNothing(request) {
      const whole = rule.quantity(request);
      if (whole === 0) return rule.whyNothing(request);
      return (
        `${Math.round(shareOf(request) * 100)} % of ${whole} units of ${request.instrument.key} is what the drawdown leaves ` +
        '(sizing.drawdownFromPercent, sizing.drawdownToPercent).'
      );
    },
  };
}

/** The most whole lots that fit a budget in paise together with their charges. */
function affordable({ price, lotSize, charges }: SizingRequest, budget: number): number {
  let quantity = wholeLots(budget / (price * 100), lotSize);
  while (quantity > 0) {
    const excess = quantity * price * 100 + charges(quantity) - budget;
    if (excess <= 0) return quantity;
    quantity -= Math.max(1, Math.ceil(excess / (price * 100 * lotSize))) * lotSize;
  }
  return 0;
}

function wholeLots(units: number, lotSize: number): number {
  return Math.floor(units / lotSize + 1e-9) * lotSize;
}
