import { istText } from '../../domain/time.ts';
import type { RiskRule } from '../ports.ts';

/** Bars from before a session's beginning are shown to strategies so that their indicators know the past; nothing is opened on them. */
export function sessionHasBegun(begins: number): RiskRule {
  return {
    code: 'RISK_WARM_UP',
    entriesOnly: true,
    allows: (order) => order.time > begins,
    why: (order) => `No entry in ${order.key}: the bars up to ${istText(begins)} only warm indicators up.`,
  };
}
