import { isDerivative, underlyingOf } from '../../domain/instrument.ts';
import { isoDateOfDay } from '../../domain/time.ts';
import type { RiskRule } from '../ports.ts';
import type { BanList } from './limits.ts';

/**
 * While a share is in the F&O ban period, its futures and options may only be closed.
 *
 * @see NSE Clearing, market-wide position limits: a ban begins above 95 % of the limit and ends below 80 %
 */
export function notBanned(bans: BanList): RiskRule {
  return {
    code: 'RISK_FNO_BAN',
    entriesOnly: true,
    allows: (_order, { instrument, dayNumber }) =>
      !isDerivative(instrument) || !bans.has(underlyingOf(instrument), dayNumber),
    why: (order, { instrument, dayNumber }) =>
      `No entry in ${order.key}: ${underlyingOf(instrument)} is in the F&O ban period on ${isoDateOfDay(dayNumber)} (imported ban list).`,
  };
}
