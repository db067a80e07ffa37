import { clockOf } from '../../domain/time.ts';
import type { RiskRule } from '../ports.ts';

/** The broker takes no new MIS positions once it has begun to square them off. */
export const beforeCutOff: RiskRule = {
  code: 'RISK_CUT_OFF',
  entriesOnly: true,
  allows: (order, { minute, cutOffMinute }) => order.product !== 'MIS' || minute < cutOffMinute,
  why: (order, { minute, cutOffMinute }) =>
    `No MIS entry in ${order.key} at ${clockOf(minute)}: intraday positions are squared off from ${clockOf(cutOffMinute)}.`,
};
