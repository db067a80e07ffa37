import { underlyingOf } from '../../domain/instrument.ts';
import { rupeesOf } from '../../domain/money.ts';
import type { OrderIntent } from '../../domain/order.ts';
import type { AccountView, OrderFacts, RiskRule } from '../ports.ts';

/** Shares, futures and options on one underlying, long and short added up, stay within a share of the account. */
export function smallEnoughUnderlying(maxUnderlyingPercent: number): RiskRule {
  return exposureRule('RISK_UNDERLYING', 'maxUnderlyingPercent', maxUnderlyingPercent, (_order, facts) => ({
    whose: underlyingOf(facts.instrument),
    paise: facts.book.underlyingPaise(underlyingOf(facts.instrument)),
  }));
}

/** What one strategy holds in all its instruments stays within a share of the account. */
export function smallEnoughStrategy(maxStrategyPercent: number): RiskRule {
  return exposureRule(
    'RISK_STRATEGY',
    'maxStrategyPercent',
    maxStrategyPercent,
    ({ strategy }, { book }) => ({
      whose: strategy,
      paise: book.strategyPaise(strategy),
    }),
  );
}

function exposureRule(
  code: string,
  key: string,
  percent: number,
  held: (order: OrderIntent, facts: OrderFacts) => { readonly whose: string; readonly paise: number },
): RiskRule {
  const ordered = ({ quantity }: OrderIntent, { referencePrice }: OrderFacts) =>
    quantity * referencePrice * 100;
  const allowed = ({ equityPaise }: AccountView) => (equityPaise * percent) / 100;
  return {
    code,
    entriesOnly: true,
    allows: (order, facts, account) => held(order, facts).paise + ordered(order, facts) <= allowed(account),
    why(order, facts, account) {
      const { whose, paise } = held(order, facts);
      return (
        `${order.side} ${order.quantity} ${order.key} adds ${rupeesOf(Math.round(ordered(order, facts)))} to ${rupeesOf(Math.round(paise))} of ` +
        `${whose}, more than ${percent} % of ${rupeesOf(Math.round(account.equityPaise))} (risk.${key}).`
      );
    },
  };
}
