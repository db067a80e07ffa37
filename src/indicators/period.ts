import { ConfigError } from '../domain/errors.ts';

/** Longest window an indicator keeps, in bars. TA-Lib draws the line at the same place. */
export const periodMax = 100_000;

/** The period, when it is a whole number from `least` to 100,000. @throws ConfigError INDICATOR_PERIOD */
export function checkedPeriod(indicator: string, period: number, least = 1): number {
  if (Number.isInteger(period) && period >= least && period <= periodMax) return period;
  throw new ConfigError(
    'INDICATOR_PERIOD',
    `The period of ${indicator} was ${period}, expected a whole number from ${least} to ${periodMax}.`,
    `Give ${indicator} a whole number of bars, for example 14.`,
  );
}
