import type { Limit, RiskLimits } from './limits.ts';

/** A limit that would allow more than before. */
export interface LooserLimit {
  readonly key: keyof RiskLimits;
  readonly before: Limit | boolean | undefined;
  readonly after: Limit | boolean | undefined;
}

/** Which way each limit becomes looser: most refuse above themselves, a few hold back for so long. */
const looserWhen: Readonly<Record<Exclude<keyof RiskLimits, 'bans'>, 'larger' | 'smaller' | 'off'>> = {
  maxOpenPositions: 'larger',
  maxPositionValuePercent: 'larger',
  maxDailyLossPercent: 'larger',
  priceBandPercent: 'larger',
  duplicateSeconds: 'smaller',
  maxOrderQuantity: 'larger',
  maxOrderValue: 'larger',
  priceCollarPercent: 'larger',
  maxOpenEntries: 'larger',
  maxEntryCapital: 'larger',
  maxDeployedCapital: 'larger',
  maxUnderlyingPercent: 'larger',
  maxStrategyPercent: 'larger',
  dailyTargetPercent: 'larger',
  maxDrawdownPercent: 'larger',
  maxEntriesPerDay: 'larger',
  maxStrategyEntriesPerDay: 'larger',
  maxInstrumentEntriesPerDay: 'larger',
  maxEntriesPerMinute: 'larger',
  cooldownMinutes: 'smaller',
  stopGuardStops: 'larger',
  stopGuardMinutes: 'smaller',
  lossKillPercent: 'larger',
  lossKillFlatten: 'off',
  breakerRejections: 'larger',
};

/** Limits that would allow more after a change, in the order of the keys; a limit that is none allows most. */
export function looserLimits(before: RiskLimits, after: RiskLimits): readonly LooserLimit[] {
  const keys = Object.keys(looserWhen) as (keyof typeof looserWhen)[];
  return keys.flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    return isLooser(looserWhen[key], was, is) ? [{ key, before: was, after: is }] : [];
  });
}

function isLooser(when: 'larger' | 'smaller' | 'off', was: unknown, is: unknown): boolean {
  if (when === 'off') return was === true && is !== true;
  const none = when === 'larger' ? Number.POSITIVE_INFINITY : 0;
  const [least, most] = [was, is].map((limit) => (typeof limit === 'number' ? limit : none));
  return when === 'larger' ? most > least : most < least;
}
