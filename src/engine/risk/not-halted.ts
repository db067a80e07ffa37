import type { RiskRule } from '../ports.ts';
import type { HaltView } from './halts.ts';

/** While any halt stands nothing is opened; what is open can always be closed. */
export function notHalted(halts: HaltView): RiskRule {
  return {
    code: 'RISK_HALTED',
    entriesOnly: true,
    allows: () => !halts.any,
    why: (order) =>
      `No entry in ${order.key} while trading is halted: ${halts
        .reasons()
        .map(({ code, why }) => `${code}, ${why}`)
        .join('; ')}.`,
  };
}
