/** Minutes of the day in India, half-open: a bar that closes at `from` is inside, one that closes at `to` is not. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

/** What a trader allows one strategy beyond its own rules. */
export interface EntryRules {
  /** Entries are decided inside one of these only; none means the whole day. */
  readonly windows: readonly DayWindow[];
  /** Weekdays without entries; 0 is Sunday. */
  readonly skipWeekdays: readonly number[];
  readonly side: 'both' | 'long' | 'short';
  /** What the profile's sizing is multiplied with. A quantity that the strategy itself names is its own. */
  readonly weight: number;
}

/** By the strategy's name; who is not in it has no rules. */
export type EntryRulesByStrategy = ReadonlyMap<string, EntryRules>;
