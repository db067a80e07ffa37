import { rupeesOf } from '../../domain/money.ts';
import type { RiskRule } from '../ports.ts';

/** The account can carry the order: its margin and its charges fit into what is available. */
export const fundsSuffice: RiskRule = {
  code: 'RISK_FUNDS',
  entriesOnly: true,
  allows: (_order, { marginPaise, chargesPaise }, { availablePaise }) =>
    marginPaise + chargesPaise <= availablePaise,
  why: (order, { marginPaise, chargesPaise, referencePrice }, { availablePaise }) =>
    `${order.side} ${order.quantity} ${order.key} at ${referencePrice} needs ${rupeesOf(marginPaise)} margin and ${rupeesOf(chargesPaise)} ` +
    `charges; ${rupeesOf(Math.round(availablePaise))} is available.`,
};
