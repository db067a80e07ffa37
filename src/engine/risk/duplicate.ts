import { secondMs } from '../../domain/time.ts';
import type { RiskRule } from '../ports.ts';

/** The same strategy does not send the same side and quantity of an instrument again within seconds: that is a loop, not an idea. */
export function noDuplicate(seconds: number): RiskRule {
  return {
    code: 'RISK_DUPLICATE',
    entriesOnly: true,
    allows: (order, { own }) =>
      order.side !== own.entrySide ||
      order.quantity !== own.entryQuantity ||
      order.time - own.entryTime >= seconds * secondMs,
    why: (order, { own }) =>
      `${order.side} ${order.quantity} ${order.key} was sent by ${order.strategy} ${(order.time - own.entryTime) / secondMs} s ago; ` +
      `risk.duplicateSeconds is ${seconds}.`,
  };
}
