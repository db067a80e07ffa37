/** A figure that is not there, and why. */
export interface Untold {
  readonly why: string;
}

/** What the data of a figure is as of. */
export interface Dated {
  /** Day of the bar. */
  readonly day: string;
  /** Calendar days from it to the day that was asked for. */
  readonly ageDays: number;
}

export interface IndexPage extends Dated {
  readonly instrument: string;
  readonly close: number;
  readonly changePercent: number | null;
  /** Percent from the close before to the open. */
  readonly gapPercent: number | null;
  /** `up calm`, `unknown`; docs/market.md has the rules. */
  readonly regime: string;
  readonly trend: string | null;
  readonly volatility: string | null;
  /** First day of this stretch of the regime. */
  readonly since: string;
  readonly emaFast: number | null;
  readonly emaSlow: number | null;
  readonly adx: number | null;
  readonly realisedVolatilityPercent: number | null;
  readonly volatilityPercentile: number | null;
  /** Why the regime is unknown; null where it is not. */
  readonly why: string | null;
}

export interface VixPage extends Dated {
  readonly instrument: string;
  readonly close: number;
  readonly change: number | null;
  /** Among the last 252 days. */
  readonly percentile: number | null;
}

export interface BreadthPage extends Dated {
  readonly shares: number;
  readonly advances: number;
  readonly declines: number;
  readonly unchanged: number;
  readonly above: readonly { readonly days: number; readonly count: number; readonly known: number }[];
  readonly newHighs: { readonly count: number; readonly known: number };
  readonly newLows: { readonly count: number; readonly known: number };
  readonly gapsUp: number;
  readonly gapsDown: number;
  /** Shares without a bar on that day, and members without any bar. */
  readonly stale: readonly string[];
  readonly missing: readonly string[];
}

export interface SectorRow {
  readonly sector: string;
  readonly shares: number;
  readonly dayPercent: number | null;
  readonly weekPercent: number | null;
  readonly monthPercent: number | null;
  readonly quarterPercent: number | null;
  /** Percent of 20 days beyond that of the index. */
  readonly relativePercent: number | null;
  readonly aboveMeanPercent: number | null;
}

export interface SectorsPage {
  /** Indices of the exchange that are stored. */
  readonly indices: readonly SectorRow[] | Untold;
  /** Means of the shares of the universe, by the sectors of the saved universes. */
  readonly shares: readonly SectorRow[] | Untold;
}

export interface ExpiryRow {
  readonly underlying: string;
  /** The kind of contract that expires on the day; null when none does. */
  readonly today: string | null;
  readonly next: { readonly date: string; readonly kind: string } | null;
}

export interface BansPage {
  /** The trading day that the list is of. */
  readonly day: string;
  readonly instruments: readonly string[];
}

export interface MarketPage {
  /** The day that is described. */
  readonly day: string;
  readonly askedAt: string;
  readonly synthetic: boolean;
  readonly session: string;
  readonly index: IndexPage | Untold;
  readonly vix: VixPage | Untold;
  readonly breadth: BreadthPage | Untold;
  readonly sectors: SectorsPage;
  readonly expiries: readonly ExpiryRow[] | Untold;
  readonly bans: BansPage | Untold;
}

export interface BansImported {
  readonly lists: readonly { readonly file: string; readonly day: string; readonly instruments: number }[];
}

export function isUntold(part: object): part is Untold {
  return 'why' in part && Object.keys(part).length === 1;
}
