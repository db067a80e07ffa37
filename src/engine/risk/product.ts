import { isDerivative } from '../../domain/instrument.ts';
import type { RiskRule } from '../ports.ts';

/** CNC is delivery: it cannot be sold before it is owned, and derivatives do not have it. */
export const productFits: RiskRule = {
  code: 'RISK_PRODUCT',
  entriesOnly: true,
  allows(order, { instrument }) {
    if (order.product !== 'CNC') return true;
    return order.side === 'BUY' && !isDerivative(instrument);
  },
  why(order, { instrument }) {
    return isDerivative(instrument)
      ? `${order.key} is a derivative and has no product CNC. Use NRML, or MIS for the day.`
      : `CNC cannot go short in ${order.key}: a delivery sale needs shares already held. Use --product MIS to short within the day.`;
  },
};
