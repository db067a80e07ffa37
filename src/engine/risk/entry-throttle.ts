import { minuteMs } from '../../domain/time.ts';
import type { RiskRule } from '../ports.ts';

/** No more entries within any minute than the profile allows, all strategies together. */
export function slowEnough(maxEntriesPerMinute: number): RiskRule {
  return {
    code: 'RISK_THROTTLE',
    entriesOnly: true,
    allows: (order, { book }) => order.time - book.crowdedSince >= minuteMs,
    why: (order) =>
      `No entry in ${order.key}: ${maxEntriesPerMinute} were sent within the last minute, and risk.maxEntriesPerMinute is ${maxEntriesPerMinute}.`,
  };
}
