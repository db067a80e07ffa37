import type { BarSeries } from '../../domain/bar-series.ts';
import { isAboveMean, percentSince } from './breadth.ts';

/** Bars over which a sector's move is told: a day, a week, a month, a quarter. */
export const strengthBars = [1, 5, 20, 60] as const;

/** How a sector did. Percents are NaN where no bars reach back. */
export interface SectorStrength {
  readonly sector: string;
  /** Shares whose mean it is; 1 for an index of the exchange. */
  readonly shares: number;
  /** Mean percent of its shares, each counting the same, by `strengthBars`. */
  readonly percents: readonly number[];
  /** Percent of 20 days beyond that of the index beside it. */
  readonly relative: number;
  /** Percent of its shares above their mean of 50 closes. */
  readonly aboveMean: number;
}

/** A sector from the day bars of its shares, or of its one index. */
export function sectorStrength(
  sector: string,
  shares: readonly BarSeries[],
  index: BarSeries | undefined,
): SectorStrength {
  const percents = strengthBars.map((bars) => mean(shares.map((days) => percentSince(days, bars))));
  const known = shares.filter(({ length }) => length >= 50);
  return {
    sector,
    shares: shares.length,
    percents,
    relative: percents[2] - (index ? percentSince(index, strengthBars[2]) : Number.NaN),
    aboveMean: (100 * known.filter(isAboveMean(50)).length) / known.length,
  };
}

/** The strongest of 20 days first, those without a figure last. */
export function strongestFirst(sectors: readonly SectorStrength[]): readonly SectorStrength[] {
  const rank = ({ percents }: SectorStrength) =>
    Number.isNaN(percents[2]) ? Number.NEGATIVE_INFINITY : percents[2];
  return [...sectors].sort((a, b) => rank(b) - rank(a) || (a.sector < b.sector ? -1 : 1));
}

function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
