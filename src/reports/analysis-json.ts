import { decimalOf, roundHalfUp } from '../domain/money.ts';
import { type EpochMs, istDate } from '../domain/time.ts';
import type { Analysis } from '../research/analysis/analysis.ts';
import type { Excursion } from '../research/analysis/excursions.ts';
import { type Figure, numberOf } from '../research/figure.ts';
import type { Group } from '../research/groups.ts';
import { rounded } from './format.ts';

/** Money is decimal strings, other figures numbers or null where they would be a fiction, days ISO dates in India. */
export interface AnalysisDocument {
  readonly run: string;
  readonly synthetic: boolean;
  readonly trades: number;
  readonly leftOut: number;
  readonly gross: string;
  readonly charges: string;
  readonly net: string;
  readonly winRatePercent: number | null;
  readonly profitFactor: number | null;
  readonly expectancy: string | null;
  readonly winStreak: number;
  readonly lossStreak: number;
  readonly attribution: readonly { readonly by: string; readonly rows: readonly GroupRow[] }[];
  readonly excursions: {
    readonly winners: ExcursionRow;
    readonly losers: ExcursionRow;
    readonly capturePercent: number | null;
    readonly roundTrips: number;
  };
  readonly holding: { readonly winnersDays: number | null; readonly losersDays: number | null };
  readonly drawdowns: readonly {
    readonly depthPercent: number;
    readonly peak: string;
    readonly trough: string;
    readonly recovered: string | null;
    readonly days: number;
  }[];
  readonly refusals: readonly { readonly code: string; readonly count: number; readonly first: string }[];
  readonly tax: readonly {
    readonly year: string;
    readonly head: string;
    readonly trades: number;
    readonly turnover: string;
    readonly gross: string;
    readonly charges: string;
    readonly net: string;
  }[];
}

interface GroupRow {
  readonly name: string;
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly gross: string;
  readonly charges: string;
  readonly net: string;
}

interface ExcursionRow {
  readonly trades: number;
  readonly adversePercent: number | null;
  readonly favourablePercent: number | null;
}

export function analysisDocument(run: string, synthetic: boolean, analysis: Analysis): AnalysisDocument {
  const { statistics, excursions, holding } = analysis;
  const expectancy = numberOf(statistics.expectancyPaise);
  return {
    run,
    synthetic,
    trades: statistics.count,
    leftOut: analysis.leftOut,
    gross: decimalOf(statistics.grossPaise),
    charges: decimalOf(statistics.chargesPaise),
    net: decimalOf(statistics.netPaise),
    winRatePercent: known(statistics.winRatePercent),
    profitFactor: known(statistics.profitFactor),
    expectancy: expectancy === undefined ? null : decimalOf(roundHalfUp(expectancy)),
    winStreak: statistics.winStreak,
    lossStreak: statistics.lossStreak,
    attribution: analysis.attribution.map(({ by, rows }) => ({ by, rows: rows.map(groupRow) })),
    excursions: {
      winners: excursionRow(excursions.winners),
      losers: excursionRow(excursions.losers),
      capturePercent: known(excursions.capturePercent),
      roundTrips: excursions.roundTrips,
    },
    holding: { winnersDays: known(holding.winnersDays), losersDays: known(holding.losersDays) },
    drawdowns: analysis.drawdowns.map((fall) => ({
      depthPercent: rounded(fall.depthPercent),
      peak: istDate(fall.peak),
      trough: istDate(fall.trough),
      recovered: dateOrNull(fall.recovered),
      days: fall.days,
    })),
    refusals: analysis.refusals.map(({ code, count, first }) => ({ code, count, first })),
    tax: analysis.tax.map(({ turnoverPaise, grossPaise, chargesPaise, netPaise, ...row }) => ({
      ...row,
      turnover: decimalOf(turnoverPaise),
      gross: decimalOf(grossPaise),
      charges: decimalOf(chargesPaise),
      net: decimalOf(netPaise),
    })),
  };
}

function groupRow({ name, trades, wins, losses, grossPaise, chargesPaise, netPaise }: Group): GroupRow {
  return {
    name,
    trades,
    wins,
    losses,
    gross: decimalOf(grossPaise),
    charges: decimalOf(chargesPaise),
    net: decimalOf(netPaise),
  };
}

function excursionRow({ trades, adversePercent, favourablePercent }: Excursion): ExcursionRow {
  return { trades, adversePercent: known(adversePercent), favourablePercent: known(favourablePercent) };
}

function known(from: Figure): number | null {
  const value = numberOf(from);
  return value === undefined ? null : rounded(value);
}

function dateOrNull(time: EpochMs | undefined): string | null {
  return time === undefined ? null : istDate(time);
}
