import { ConfigError } from '../domain/errors.ts';

/** Longest window an indicator keeps, in bars. TA-Lib draws the line at the same place. */
const periodMax = 100_000;

/** The period, when it is a whole number from `least` to 100,000. @throws ConfigError INDICATOR_PERIOD */
export function checkedPeriod(indicator: string, period: number, least = 1): number {
  checkPeriods(indicator, { period }, least);
  return period;
}

/** The same for an indicator of several periods, each called by its name. @throws ConfigError INDICATOR_PERIOD */
export function checkPeriods(indicator: string, periods: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, period] of Object.entries(periods)) {
    if (Number.isInteger(period) && period >= least && period <= periodMax) continue;
    throw new ConfigError(
      'INDICATOR_PERIOD',
      `The ${name} of ${indicator} was ${period}, expected a whole number from ${least} to ${periodMax}.`,
      `Give ${indicator} a whole number of bars, for example 14.`,
    );
  }
}

/** A width such as two standard deviations, when it is a number above 0. @throws ConfigError INDICATOR_FACTOR */
export function checkedFactor(indicator: string, name: string, factor: number): number {
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new ConfigError(
    'INDICATOR_FACTOR',
    `The ${name} of ${indicator} was ${factor}, expected a number above 0.`,
    `Give ${indicator} a positive number, for example 2.`,
  );
}
