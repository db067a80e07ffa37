import { type ChargeLine, chargeLines } from '../domain/charges.ts';
import { decimalOf, roundHalfUp } from '../domain/money.ts';
import { type EpochMs, isoInstant, istDate } from '../domain/time.ts';
import type { Analysis } from '../research/analysis/analysis.ts';
import type { Excursion } from '../research/analysis/excursions.ts';
import type { ModeComparison } from '../research/analysis/mode-comparison.ts';
import type { SlippageRow } from '../research/analysis/slippage.ts';
import { type Figure, numberOf } from '../research/figure.ts';
import type { Group } from '../research/groups.ts';
import { rounded } from './format.ts';

/** A book that was analysed, as reports need it. */
export interface ReportedBook {
  readonly title: string;
  readonly name: string;
  readonly synthetic: boolean;
  readonly analysis: Analysis;
  readonly comparison?: ModeComparison & { readonly run: string };
  readonly benchmark?: {
    readonly key: string;
    readonly returnPercent: number;
    readonly accountPercent: number;
    readonly from: string;
    readonly to: string;
  };
}

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
  readonly account: {
    readonly capital: string;
    readonly final: string;
    readonly returnPercent: number;
    readonly cagrPercent: number | null;
    readonly volatilityPercent: number | null;
    readonly sharpe: number | null;
    readonly sortino: number | null;
    readonly calmar: number | null;
    readonly maxDrawdownPercent: number | null;
    readonly days: number;
  };
  readonly breakdown: readonly {
    readonly period: string;
    readonly trades: number;
    readonly gross: string;
    readonly charges: string;
    readonly net: string;
    readonly returnPercent: number;
    readonly end: string;
  }[];
  readonly benchmark: ReportedBook['benchmark'] | null;
  readonly comparison: ComparisonDocument | null;
  /** Trades that their owner wrote about. */
  readonly noted: readonly {
    readonly trade: string;
    readonly tags: readonly string[];
    readonly notes: readonly string[];
  }[];
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
  /** Of the whole record by line; with `rest`, of which no note is known, the charges of its trades. */
  readonly chargeLines: Readonly<Record<ChargeLine | 'rest', string>>;
  /** What fills cost against the prices they were decided on; negative where they were better. */
  readonly slippage: {
    readonly total: SlippageDocument;
    readonly orders: readonly SlippageDocument[];
    readonly strategies: readonly SlippageDocument[];
    readonly costliest: readonly {
      readonly trade: string;
      readonly instrument: string;
      readonly strategy: string;
      readonly slippage: string;
      readonly basisPoints: number;
    }[];
    /** Trades that do not know what they were decided on. */
    readonly unknown: number;
  };
}

interface SlippageDocument {
  readonly name: string;
  readonly trades: number;
  readonly slippage: string;
  readonly basisPoints: number;
}

interface ComparisonDocument {
  readonly run: string;
  readonly backtest: { readonly trades: number; readonly net: string };
  readonly session: { readonly trades: number; readonly net: string };
  readonly matched: number;
  readonly same: number;
  readonly differences: readonly { readonly kind: string; readonly trades: number; readonly net: string }[];
  readonly largest: readonly {
    readonly trade: string | null;
    readonly backtest: string | null;
    readonly instrument: string;
    readonly strategy: string;
    readonly entryTime: string;
    readonly net: string;
    readonly parts: readonly { readonly kind: string; readonly net: string }[];
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

export function analysisDocument(book: ReportedBook): AnalysisDocument {
  const { name: run, synthetic, analysis, comparison, benchmark } = book;
  const { statistics, excursions, holding, account } = analysis;
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
    account: {
      capital: decimalOf(account.capitalPaise),
      final: decimalOf(roundHalfUp(account.finalPaise)),
      returnPercent: rounded(account.returnPercent),
      cagrPercent: known(account.cagrPercent),
      volatilityPercent: known(account.volatilityPercent),
      sharpe: known(account.sharpe),
      sortino: known(account.sortino),
      calmar: known(account.calmar),
      maxDrawdownPercent: known(account.maxDrawdownPercent),
      days: account.days,
    },
    breakdown: (analysis.breakdown?.rows ?? []).map((row) => ({
      period: row.period,
      trades: row.trades,
      gross: decimalOf(row.grossPaise),
      charges: decimalOf(row.chargesPaise),
      net: decimalOf(row.netPaise),
      returnPercent: rounded(row.returnPercent),
      end: decimalOf(roundHalfUp(row.endPaise)),
    })),
    benchmark: benchmark
      ? {
          ...benchmark,
          returnPercent: rounded(benchmark.returnPercent),
          accountPercent: rounded(benchmark.accountPercent),
        }
      : null,
    comparison: comparison ? comparisonDocument(comparison) : null,
    noted: analysis.trades
      .filter(({ tags, remarks }) => tags !== undefined || remarks !== undefined)
      .map(({ name, tags = [], remarks = [] }) => ({ trade: name, tags, notes: remarks })),
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
    chargeLines: {
      ...(Object.fromEntries(
        chargeLines.map((line) => [line, decimalOf(analysis.charges.lines[line])]),
      ) as Record<ChargeLine, string>),
      rest: decimalOf(analysis.charges.restPaise),
    },
    slippage: {
      total: slippageRow(analysis.slippage.total),
      orders: analysis.slippage.orders.map(slippageRow),
      strategies: analysis.slippage.strategies.map(slippageRow),
      costliest: analysis.slippage.costliest.map(({ trade, paise, basisPoints }) => ({
        trade: trade.name,
        instrument: trade.key,
        strategy: trade.strategy,
        slippage: decimalOf(paise),
        basisPoints: rounded(basisPoints),
      })),
      unknown: analysis.slippage.unknown,
    },
  };
}

function slippageRow({ name, trades, paise, basisPoints }: SlippageRow): SlippageDocument {
  return { name, trades, slippage: decimalOf(paise), basisPoints: rounded(basisPoints) };
}

function comparisonDocument(comparison: ModeComparison & { readonly run: string }): ComparisonDocument {
  return {
    run: comparison.run,
    backtest: { trades: comparison.backtest, net: decimalOf(comparison.backtestNetPaise) },
    session: { trades: comparison.session, net: decimalOf(comparison.sessionNetPaise) },
    matched: comparison.matched,
    same: comparison.same,
    differences: comparison.rows.map(({ kind, trades, paise }) => ({ kind, trades, net: decimalOf(paise) })),
    largest: comparison.largest.flatMap(({ backtest, session, paise, parts }) => {
      const trade = session ?? backtest;
      if (!trade) return [];
      return [
        {
          trade: session?.name ?? null,
          backtest: backtest?.name ?? null,
          instrument: trade.key,
          strategy: trade.strategy,
          entryTime: isoInstant(trade.entryTime),
          net: decimalOf(paise),
          parts: parts.map((part) => ({ kind: part.kind, net: decimalOf(part.paise) })),
        },
      ];
    }),
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
