import type { BarSeries } from '../domain/bar-series.ts';
import type { InstrumentKey } from '../domain/instrument.ts';
import { dayNumberOf, type IsoDate, isoDateOfDay, istDayNumber } from '../domain/time.ts';
import { figureOf } from '../reports/format.ts';
import type {
  BreadthPage,
  Dated,
  IndexPage,
  SectorRow,
  SectorsPage,
  Untold,
  VixPage,
} from '../reports/market-json.ts';
import { breadthOf, percentSince } from '../research/market/breadth.ts';
import { percentiles } from '../research/market/percentile.ts';
import { regimesOf } from '../research/market/regime.ts';
import { type SectorStrength, sectorStrength, strongestFirst } from '../research/market/sector-strength.ts';

function datedBy({ time, length }: BarSeries, day: IsoDate): Dated {
  const dayNumber = istDayNumber(time[length - 1]);
  return { day: isoDateOfDay(dayNumber), ageDays: dayNumberOf(day) - dayNumber };
}

/** The index of a market and its regime at the close of its newest day. */
export function indexPage(days: BarSeries, day: IsoDate): IndexPage {
  const { open, close, length } = days;
  const regimes = regimesOf(days);
  const today = regimes[length - 1];
  let first = length - 1;
  while (first > 0 && regimes[first - 1].label === today.label) first -= 1;
  return {
    instrument: days.key,
    ...datedBy(days, day),
    close: close[length - 1],
    changePercent: figureOf(percentSince(days, 1)),
    gapPercent: figureOf(length > 1 ? (open[length - 1] / close[length - 2] - 1) * 100 : Number.NaN),
    regime: today.label,
    trend: today.trend ?? null,
    volatility: today.volatility ?? null,
    since: isoDateOfDay(regimes[first].dayNumber),
    emaFast: figureOf(today.emaFast),
    emaSlow: figureOf(today.emaSlow),
    adx: figureOf(today.adx),
    realisedVolatilityPercent: figureOf(today.realisedVolatility),
    volatilityPercentile: figureOf(today.volatilityPercentile),
    why:
      today.label === 'unknown'
        ? `${length} day bars of ${days.key} are known; the trend needs 200, the volatility 146.`
        : null,
  };
}

/** Expected volatility and its place among those of the year. */
export function vixPage(days: BarSeries | undefined, day: IsoDate, missing: Untold): VixPage | Untold {
  if (!days) return missing;
  const { close, length } = days;
  return {
    instrument: days.key,
    ...datedBy(days, day),
    close: close[length - 1],
    change: figureOf(length > 1 ? close[length - 1] - close[length - 2] : Number.NaN),
    percentile: figureOf(percentiles(close.subarray(0, length))[length - 1]),
  };
}

/** How many shares took part in the newest day. */
export function breadthPage(
  all: readonly BarSeries[],
  { day, missing }: { readonly day: IsoDate; readonly missing: readonly InstrumentKey[] },
): BreadthPage | Untold {
  if (all.length === 0) return { why: 'No share of the universe has day bars. algo universe show says why.' };
  const { dayNumber, ...breadth } = breadthOf(all);
  return { day: isoDateOfDay(dayNumber), ageDays: dayNumberOf(day) - dayNumber, ...breadth, missing };
}

/** Sectors as means of their shares. */
export function shareSectors(
  all: readonly BarSeries[],
  sectorBy: ReadonlyMap<InstrumentKey, string>,
  index: BarSeries | undefined,
): SectorsPage['shares'] {
  const sectors = new Map<string, BarSeries[]>();
  for (const days of all) {
    const sector = sectorBy.get(days.key);
    if (sector !== undefined) sectors.set(sector, [...(sectors.get(sector) ?? []), days]);
  }
  if (sectors.size === 0)
    return {
      why: "No saved universe knows the sectors of these shares. NSE's lists of an index's members do: algo universe import ind_nifty500list.csv",
    };
  const rows = [...sectors].map(([sector, members]) => sectorStrength(sector, members, index));
  return strongestFirst(rows).map(sectorRow);
}

/** A sector as it is shown. */
export function sectorRow({ sector, shares, percents, relative, aboveMean }: SectorStrength): SectorRow {
  const [day, week, month, quarter] = percents.map(figureOf);
  return {
    ...{ sector, shares, dayPercent: day, weekPercent: week, monthPercent: month, quarterPercent: quarter },
    relativePercent: figureOf(relative),
    aboveMeanPercent: figureOf(aboveMean),
  };
}
