/** A limit that may be switched off. */
export type Limit = number | 'none';

/** Days and underlyings in which the exchange allows no new F&O positions. */
export interface BanList {
  has(underlying: string, dayNumber: number): boolean;
  /** Names what is in it, since results follow from it. */
  readonly hash: string;
}

/** What a profile allows, by the keys of `risk` in the configuration; one that is absent is none. */
export interface RiskLimits {
  readonly maxOpenPositions: number;
  readonly maxPositionValuePercent: number;
  readonly maxDailyLossPercent: number;
  readonly priceBandPercent: number;
  readonly duplicateSeconds?: Limit;
  readonly maxOrderQuantity?: Limit;
  readonly maxOrderValue?: Limit;
  readonly priceCollarPercent?: Limit;
  readonly maxOpenEntries?: Limit;
  readonly maxEntryCapital?: Limit;
  readonly maxDeployedCapital?: Limit;
  readonly maxUnderlyingPercent?: Limit;
  readonly maxStrategyPercent?: Limit;
  readonly dailyTargetPercent?: Limit;
  readonly maxDrawdownPercent?: Limit;
  readonly maxEntriesPerDay?: Limit;
  readonly maxStrategyEntriesPerDay?: Limit;
  readonly maxInstrumentEntriesPerDay?: Limit;
  readonly maxEntriesPerMinute?: Limit;
  readonly cooldownMinutes?: Limit;
  readonly stopGuardStops?: Limit;
  readonly stopGuardMinutes?: number;
  readonly lossKillPercent?: Limit;
  readonly lossKillFlatten?: boolean;
  readonly breakerRejections?: Limit;
  readonly bans?: BanList | undefined;
}

export function isSet(limit: Limit | undefined): limit is number {
  return limit !== undefined && limit !== 'none';
}
