import { rupeesOf, toPaise } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** One entry ties up no more rupees than the profile gives it: the whole price of delivery shares, the margin of everything else. */
export function affordableEntry(maxEntryCapital: number): RiskRule {
  return {
    code: 'RISK_ENTRY_CAPITAL',
    entriesOnly: true,
    allows: (_order, { marginPaise }) => marginPaise <= maxEntryCapital * 100,
    why: (order, { marginPaise, referencePrice }) =>
      `${order.side} ${order.quantity} ${order.key} at ${referencePrice} ties up ${rupeesOf(marginPaise)}, more than ` +
      `risk.maxEntryCapital ${rupeesOf(toPaise(maxEntryCapital))}.`,
  };
}

/**
 * All entries together tie up no more rupees than the profile gives them. What an exit under way will free still counts, because
 * until it has filled the account carries both.
 */
export function affordableAccount(maxDeployedCapital: number): RiskRule {
  return {
    code: 'RISK_DEPLOYED',
    entriesOnly: true,
    allows: (_order, { marginPaise }, { deployedPaise }) =>
      deployedPaise + marginPaise <= maxDeployedCapital * 100,
    why: (order, { marginPaise }, { deployedPaise }) =>
      `${order.side} ${order.quantity} ${order.key} ties up ${rupeesOf(marginPaise)} beside ${rupeesOf(deployedPaise)} already deployed; ` +
      `risk.maxDeployedCapital is ${rupeesOf(toPaise(maxDeployedCapital))}.`,
  };
}
