import { kiteTokenDeathMinute } from './kite-limits.ts';
import { type EpochMs, instantOf, istDayNumber, istMinuteOfDay } from './time.ts';

/**
 * When an access token given at `loginTime` dies: the next 06:00 in India. A login before six in the morning is taken to last
 * until that same morning, the reading that costs us.
 */
export function kiteTokenDeath(loginTime: EpochMs): EpochMs {
  const day = istDayNumber(loginTime);
  return instantOf(istMinuteOfDay(loginTime) < kiteTokenDeathMinute ? day : day + 1, kiteTokenDeathMinute);
}
