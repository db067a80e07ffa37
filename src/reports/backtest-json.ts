import type { ChargeTotals } from '../domain/charges.ts';
import { decimalOf, roundHalfUp } from '../domain/money.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import { type EpochMs, isoInstant } from '../domain/time.ts';
import type { BacktestOutcome } from '../research/backtest-outcome.ts';
import type { Figure } from '../research/figure.ts';
import { byExitReason, byInstrument, byStrategy, type Group } from '../research/groups.ts';
import type { Day, Summary } from '../research/summary.ts';
import { netOf, returnPercentOf } from '../research/trade-statistics.ts';
import type { BacktestDocument, SummaryDocument } from './backtest-schema.ts';
import { rounded } from './format.ts';
import { tradeRow } from './trade-row.ts';

/** The whole backtest as one JSON document. The same inputs give the same document, `run.wallMs` aside. */
export function backtestDocument(outcome: BacktestOutcome): BacktestDocument {
  const { header, trades, summary } = outcome;
  const keys = header.instruments.map(({ key }) => key);
  const names = header.strategies.map(({ name }) => name);
  const runOf = new Map(header.instruments.map((instrument) => [instrument.key, instrument]));
  return {
    run: runDocument(outcome),
    warnings: [...header.warnings],
    summary: summaryDocument(summary),
    charges: { ...chargesDocument(summary.charges), total: decimalOf(summary.chargesTotalPaise) },
    instruments: byInstrument(trades, keys).map((group) => {
      const run = runOf.get(group.name);
      return {
        instrument: group.name,
        bars: run?.bars ?? 0,
        from: instantOrNull(run?.from),
        to: instantOrNull(run?.to),
        synthetic: run?.synthetic ?? false,
        ...totals(group),
      };
    }),
    strategies: byStrategy(trades, names).map((group) => ({ strategy: group.name, ...totals(group) })),
    exits: byExitReason(trades).map((group) => ({ reason: group.name, ...totals(group) })),
    refusals: outcome.refusals.map(({ code, strategy, key, count, first }) => ({
      code,
      strategy,
      instrument: key,
      count,
      first,
    })),
    ...(outcome.breakdown && { breakdown: breakdownDocument(outcome.breakdown) }),
    trades: trades.map(tradeRow),
  };
}

function runDocument({ header }: BacktestOutcome): BacktestDocument['run'] {
  return {
    id: header.runId,
    version: header.version,
    strategies: header.strategies.map(({ name, params, sourceHash }) => ({
      name,
      params: { ...params },
      sourceHash,
    })),
    timeframe: header.timeframe,
    from: instantOrNull(header.from),
    to: instantOrNull(header.to),
    bars: header.bars,
    wallMs: rounded(header.wallMs),
    synthetic: header.instruments.some(({ synthetic }) => synthetic),
    seed: header.seed ?? null,
    capital: decimalOf(header.capitalPaise),
    product: header.product,
    sizing: header.sizing,
    fillRule: header.fillRule,
    charges: header.charges,
    hashes: { ...header.hashes },
  };
}

function summaryDocument(summary: Summary): SummaryDocument {
  const notes: Record<string, string> = {};
  const noted = (key: keyof SummaryDocument, figure: Figure): number | undefined => {
    if ('unavailable' in figure) {
      notes[key] = figure.unavailable;
      return undefined;
    }
    if (figure.caution !== undefined) notes[key] = figure.caution;
    return figure.value;
  };
  const number = (key: keyof SummaryDocument, figure: Figure) => {
    const value = noted(key, figure);
    return value === undefined ? null : rounded(value);
  };
  const money = (key: keyof SummaryDocument, figure: Figure) => {
    const value = noted(key, figure);
    return value === undefined ? null : decimalOf(roundHalfUp(value));
  };
  const fall = summary.maxDrawdown;
  return {
    capital: decimalOf(summary.capitalPaise),
    finalBalance: decimalOf(summary.finalPaise),
    gross: decimalOf(summary.grossPaise),
    charges: decimalOf(summary.chargesPaise),
    net: decimalOf(summary.netPaise),
    open: decimalOf(summary.openPaise),
    returnPercent: rounded(summary.returnPercent),
    benchmarkPercent: number('benchmarkPercent', summary.benchmarkPercent),
    excessPercent: number('excessPercent', summary.excessPercent),
    turnover: decimalOf(summary.turnoverPaise),
    turnoverTimes: rounded(summary.turnoverTimes),
    costDragPercent: number('costDragPercent', summary.costDragPercent),
    costOfTurnoverPercent: number('costOfTurnoverPercent', summary.costOfTurnoverPercent),
    cagrPercent: number('cagrPercent', summary.cagrPercent),
    volatilityPercent: number('volatilityPercent', summary.volatilityPercent),
    sharpe: number('sharpe', summary.sharpe),
    sortino: number('sortino', summary.sortino),
    calmar: number('calmar', summary.calmar),
    maxDrawdownPercent: number('maxDrawdownPercent', summary.maxDrawdownPercent),
    maxDrawdown: fall ? decimalOf(fall.paise) : null,
    maxDrawdownPeak: instantOrNull(fall?.peakTime),
    maxDrawdownTrough: instantOrNull(fall?.troughTime),
    maxDrawdownRecovery: instantOrNull(fall?.recoveryTime),
    maxDrawdownDays: fall?.days ?? null,
    maxDrawdownDailyPercent: number('maxDrawdownDailyPercent', summary.maxDrawdownDailyPercent),
    averageDrawdownPercent: number('averageDrawdownPercent', summary.averageDrawdownPercent),
    longestDrawdownDays: number('longestDrawdownDays', summary.longestDrawdownDays),
    exposurePercent: number('exposurePercent', summary.exposurePercent),
    trades: summary.trades,
    wins: summary.wins,
    losses: summary.losses,
    breakeven: summary.breakeven,
    winRatePercent: number('winRatePercent', summary.winRatePercent),
    profitFactor: number('profitFactor', summary.profitFactor),
    expectancy: money('expectancy', summary.expectancyPaise),
    expectancyPercent: number('expectancyPercent', summary.expectancyPercent),
    expectancyR: number('expectancyR', summary.expectancyR),
    sqn: number('sqn', summary.sqn),
    averageWin: money('averageWin', summary.averageWinPaise),
    averageLoss: money('averageLoss', summary.averageLossPaise),
    payoffRatio: number('payoffRatio', summary.payoffRatio),
    kellyPercent: number('kellyPercent', summary.kellyPercent),
    winStreak: summary.winStreak,
    lossStreak: summary.lossStreak,
    averageBars: number('averageBars', summary.averageBars),
    days: summary.days,
    tradesPerDay: number('tradesPerDay', summary.tradesPerDay),
    bestDay: dayDocument(summary.bestDay),
    worstDay: dayDocument(summary.worstDay),
    bestTrade: mention(summary.best),
    worstTrade: mention(summary.worst),
    notes,
  };
}

function chargesDocument(charges: ChargeTotals): Omit<BacktestDocument['charges'], 'total'> {
  return {
    brokerage: decimalOf(charges.brokerage),
    stt: decimalOf(charges.stt),
    exchange: decimalOf(charges.exchange),
    ipft: decimalOf(charges.ipft),
    sebi: decimalOf(charges.sebi),
    stamp: decimalOf(charges.stamp),
    gst: decimalOf(charges.gst),
    dp: decimalOf(charges.dp),
  };
}

function breakdownDocument({ period, rows }: NonNullable<BacktestOutcome['breakdown']>) {
  return {
    period,
    rows: rows.map((row) => ({
      period: row.period,
      trades: row.trades,
      gross: decimalOf(row.grossPaise),
      charges: decimalOf(row.chargesPaise),
      net: decimalOf(row.netPaise),
      returnPercent: rounded(row.returnPercent),
      endBalance: decimalOf(row.endPaise),
    })),
  };
}

function totals({ trades, wins, losses, grossPaise, chargesPaise, netPaise }: Group) {
  return {
    trades,
    wins,
    losses,
    gross: decimalOf(grossPaise),
    charges: decimalOf(chargesPaise),
    net: decimalOf(netPaise),
  };
}

function dayDocument(day: Day | undefined): SummaryDocument['bestDay'] {
  return day ? { date: day.date, change: decimalOf(day.paise), percent: rounded(day.percent) } : null;
}

function mention(trade: ClosedTrade | undefined): SummaryDocument['bestTrade'] {
  if (trade === undefined) return null;
  const percent = returnPercentOf(trade);
  return {
    id: trade.id,
    instrument: trade.key,
    exitTime: isoInstant(trade.exitTime),
    net: decimalOf(netOf(trade)),
    percent: Number.isFinite(percent) ? rounded(percent) : null,
  };
}

function instantOrNull(time: EpochMs | undefined): string | null {
  return time === undefined ? null : isoInstant(time);
}
