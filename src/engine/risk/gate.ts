import type { ApprovedOrder, OrderIntent } from '../../domain/order.ts';
import type { AccountView, OrderFacts, RiskRule } from '../ports.ts';

/** The one place where an intent becomes an order a broker will take. */
export interface RiskGate {
  /** The first rule that refuses the order, or undefined when every rule allows it. */
  refusal(order: OrderIntent, facts: OrderFacts, account: AccountView): RiskRule | undefined;
  /** @throws never; an order that a rule refuses comes back undefined. */
  approve(order: OrderIntent, facts: OrderFacts, account: AccountView): ApprovedOrder | undefined;
}

export function createGate(rules: readonly RiskRule[]): RiskGate {
  const exitRules = rules.filter((rule) => !rule.entriesOnly);

  function refusal(order: OrderIntent, facts: OrderFacts, account: AccountView): RiskRule | undefined {
    const applicable = order.role === 'entry' ? rules : exitRules;
    for (let i = 0; i < applicable.length; i++) {
      if (!applicable[i].allows(order, facts, account)) return applicable[i];
    }
    return undefined;
  }

  function approve(order: OrderIntent, facts: OrderFacts, account: AccountView): ApprovedOrder | undefined {
    return refusal(order, facts, account) ? undefined : (order as ApprovedOrder);
  }

  return { refusal, approve };
}
