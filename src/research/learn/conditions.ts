import type { ClosedTrade } from '../../domain/run-result.ts';
import { clockOf, istDayNumber, istMinuteOfDay, weekdayNames, weekdayOf } from '../../domain/time.ts';
import type { MarketAround } from './market-around.ts';
import type { Surroundings } from './surroundings.ts';

/** What can be known of a trade when it is entered. */
export const features = [
  'hour',
  'weekday',
  'side',
  'trend',
  'volatility',
  'gap',
  'distance',
  'market trend',
  'market volatility',
  'breadth',
  'expiry',
] as const;
export type Feature = (typeof features)[number];

/** The label of each feature; without one where it cannot be told. */
export type Labels = Readonly<Partial<Record<Feature, string>>>;

/** Percent of the shares above their average from which on a market is broad, and up to which it is narrow. */
const broadFrom = 60;
const narrowUpTo = 40;

/** Percent between the last close and the day's open from which on a day has a gap. */
const gapPercent = 0.5;

/**
 * What was known of a trade at its entry. `intraday` says that its bars are shorter than a day: a day bar is decided on before the day
 * of its entry, so hours mean nothing there, and a setting for the entry's weekday would stop another day's entries.
 */
export function labelsOf(
  { entryTime, direction }: ClosedTrade,
  intraday: boolean,
  around: Surroundings | undefined,
  market?: MarketAround,
): Labels {
  return {
    ...(intraday && {
      hour: clockOf(Math.floor(istMinuteOfDay(entryTime) / 60) * 60),
      weekday: weekdayNames[weekdayOf(istDayNumber(entryTime))].toLowerCase(),
    }),
    side: direction === 'LONG' ? 'long' : 'short',
    ...(around?.trend && { trend: around.trend }),
    ...(around?.volatility && { volatility: around.volatility }),
    ...labelled('gap', gapOf(around?.gapPercent)),
    ...labelled('distance', distanceOf(around?.rangesFromAverage)),
    ...labelled('market trend', market?.trend),
    ...labelled('market volatility', market?.volatility),
    ...labelled('breadth', breadthOf(market?.percentAbove)),
    ...labelled('expiry', market?.expiry),
  };
}

function labelled(feature: Feature, label: string | undefined): Labels {
  return label === undefined ? {} : { [feature]: label };
}

function breadthOf(percent: number | undefined): string | undefined {
  if (percent === undefined || Number.isNaN(percent)) return undefined;
  if (percent >= broadFrom) return 'broad';
  return percent <= narrowUpTo ? 'narrow' : 'mixed';
}

function gapOf(percent: number | undefined): string | undefined {
  if (percent === undefined || Number.isNaN(percent)) return undefined;
  if (percent >= gapPercent) return `up ${gapPercent} % or more`;
  return percent <= -gapPercent ? `down ${gapPercent} % or more` : 'none';
}

function distanceOf(ranges: number | undefined): string | undefined {
  if (ranges === undefined || Number.isNaN(ranges)) return undefined;
  if (ranges > 1) return 'more than a day range above';
  return ranges < -1 ? 'more than a day range below' : 'near';
}
