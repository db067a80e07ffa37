import type { BarSeries } from '../../domain/bar-series.ts';
import { exactExp } from '../../domain/exact-math.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { Random } from './random.ts';
import type { SpotDay } from './spot-days.ts';

// Calibrated to NSE: NIFTY futures from 2022 to 2026, and NIFTY options of January and February 2026.

/** Share of an underlying's open futures that a contract has at the end of a day, by sessions left: [sessions, share]. */
const futuresShares = [
  [0, 0.23],
  [1, 0.39],
  [2, 0.55],
  [3, 0.68],
  [4, 0.77],
  [5, 0.8],
  [7, 0.84],
  [12, 0.88],
  [18, 0.9],
  [19, 0.8],
  [20, 0.66],
  [21, 0.49],
  [22, 0.36],
  [23, 0.25],
  [25, 0.18],
  [30, 0.116],
  [36, 0.086],
  [42, 0.059],
  [48, 0.032],
  [54, 0.02],
  [60, 0.008],
] as const;

/** Open options of an expiry at the end of a day beside the most it ever has, by sessions left. */
const optionShares = [
  [0, 0.87],
  [1, 1],
  [2, 0.9],
  [3, 0.78],
  [4, 0.58],
  [5, 0.38],
  [6, 0.22],
  [7, 0.15],
  [10, 0.104],
  [16, 0.092],
  [20, 0.045],
  [25, 0.03],
] as const;

/** Units of an expiry's calls, or puts, when most are open: a tenth of NIFTY's, whose expiries trade more. */
const mostOptions = 16_500_000;
/** Share of an expiry's open calls, or puts, that lie within half a percent of the price where most are. */
const densest = 0.155;
const densestWidth = 0.005;

/** What wanders during a day and comes back by its end, as a share; and how much of it the next bar keeps. */
const wobbleDeviation = 0.004;
const wobbleKept = 0.9;

export function futuresShare(sessionsLeft: number): number {
  return between(futuresShares, sessionsLeft);
}

/** How strikes differ in what is open of them, and one strike from day to day. */
const strikeDeviation = 0.35;
const dayDeviation = 0.06;

/**
 * Writes the open interest of one option. Of a chance of its own, so that prices and volumes are the same without it, and by the
 * price at the beginning of each day, so that nothing in it knows how the day will end.
 */
export function layOptionInterest(
  series: BarSeries,
  option: {
    readonly instrument: Instrument;
    readonly strike: number;
    readonly strikeStep: number;
    readonly days: readonly { readonly seen: SpotDay; readonly left: number }[];
    /** Listed on the first of the days, so that nothing is open before. */
    readonly fresh: boolean;
    readonly seed: number;
  },
): void {
  const { instrument, strike, strikeStep, fresh } = option;
  const random = new Random(option.seed, `${instrument.tradingsymbol} open interest`);
  const liked = exactExp(strikeDeviation * random.normal());
  const days: InterestDay[] = [];
  let from = 0;
  for (const { seen, left } of option.days) {
    if (seen.length === 0) continue;
    const kind = instrument.kind === 'CE' ? 'CE' : 'PE';
    const open = openOptions(kind, strike, { spot: seen.open[0], sessionsLeft: left, strikeStep });
    const units = open * liked * exactExp(dayDeviation * random.normal());
    days.push({ from, to: from + seen.length, units });
    from += seen.length;
  }
  layOpenInterest(series, days, {
    before: fresh ? 0 : (days[0]?.units ?? 0),
    lot: instrument.lotSize,
    random,
  });
}

/** Units of an option at the end of a day. Most lie about one percent out of the money and at round strikes, few in the money. */
function openOptions(
  kind: 'CE' | 'PE',
  strike: number,
  market: { readonly spot: number; readonly sessionsLeft: number; readonly strikeStep: number },
): number {
  const { spot, sessionsLeft, strikeStep } = market;
  const percentOut = (strike / spot - 1) * (kind === 'CE' ? 100 : -100);
  const width = strikeStep / (spot * densestWidth);
  const share = densest * width * placeOf(percentOut) * roundness(strike);
  return mostOptions * between(optionShares, sessionsLeft) * share;
}

function placeOf(percentOut: number): number {
  if (percentOut <= 0) return 0.66 * exactExp(percentOut / 0.5);
  return percentOut < 1 ? 0.66 + 0.34 * percentOut : exactExp((1 - percentOut) / 3.2);
}

function roundness(strike: number): number {
  if (strike % 1_000 === 0) return 2.6;
  if (strike % 500 === 0) return 1.6;
  return strike % 100 === 0 ? 1.3 : 0.62;
}

/** Rows of one day of a contract, and the units that are open at its end. */
export interface InterestDay {
  readonly from: number;
  readonly to: number;
  readonly units: number;
}

/**
 * Writes the open interest of each bar, in whole lots: from what was open the evening before (`before` on the first day) to
 * what is open at the end of each day, with a wobble in between. Prices and volumes stay what they are.
 */
export function layOpenInterest(
  series: BarSeries,
  days: readonly InterestDay[],
  { before, lot, random }: { readonly before: number; readonly lot: number; readonly random: Random },
): void {
  const news = wobbleDeviation * Math.sqrt(1 - wobbleKept * wobbleKept);
  let begun = before;
  for (const { from, to, units } of days) {
    let wobble = 0;
    for (let row = from; row < to; row++) {
      wobble = wobbleKept * wobble + news * random.normal();
      const passed = (row + 1 - from) / (to - from);
      const open = begun + (units - begun) * passed;
      // Free at noon, held at both ends.
      const strayed = open * (1 + wobble * 4 * passed * (1 - passed));
      series.setOpenInterest(row, Math.max(0, Math.floor(strayed / lot + 0.5)) * lot);
    }
    begun = units;
  }
}

function between(points: readonly (readonly [number, number])[], at: number): number {
  const next = points.findIndex(([sessions]) => sessions >= at);
  if (next < 0) return points[points.length - 1][1];
  const [sessions, share] = points[next];
  if (next === 0) return share;
  const [sessionsBefore, shareBefore] = points[next - 1];
  return shareBefore + ((share - shareBefore) * (at - sessionsBefore)) / (sessions - sessionsBefore);
}
