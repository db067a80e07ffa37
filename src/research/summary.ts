import { type ChargeTotals, chargeLines } from '../domain/charges.ts';
import type { Paise } from '../domain/money.ts';
import type { ClosedTrade, EquityCurve } from '../domain/run-result.ts';
import { type IsoDate, isoDateOfDay } from '../domain/time.ts';
import type { Timeframe } from '../domain/timeframe.ts';
import { buyAndHold, type Closes } from './benchmark.ts';
import { type DailyEquity, dailyEquity } from './daily-equity.ts';
import { type Figure, numberOf, unavailable } from './figure.ts';
import { type Drawdown, noMarks, riskFigures } from './risk-figures.ts';
import { type TradeStatistics, tradeStatistics } from './trade-statistics.ts';

export interface SummaryInput {
  readonly capitalPaise: Paise;
  readonly equity: EquityCurve;
  readonly trades: readonly ClosedTrade[];
  readonly charges: ChargeTotals;
  /** Where only the sum of the lines is known. */
  readonly chargesTotalPaise?: Paise;
  /** Closes of the universe over the run's span, or why holding it is no yardstick. */
  readonly benchmark: readonly Closes[] | { readonly unavailable: string };
  /** Percent a year; 0 when not given. */
  readonly riskFreePercent?: number;
  /** How many of the curve's days make a year; 252 when not given. */
  readonly periodsPerYear?: number;
}

export interface Day {
  readonly date: IsoDate;
  readonly paise: Paise;
  /** Of the account's value the evening before. */
  readonly percent: number;
}

/** Every figure of a backtest. Money is whole paise, shares are percent, and losses are negative. */
export interface Summary extends Omit<TradeStatistics, 'count'> {
  readonly trades: number;
  readonly capitalPaise: Paise;
  /** Account value at the last mark. */
  readonly finalPaise: Paise;
  /** What the final balance holds beyond capital and the net of the closed trades: positions still open. */
  readonly openPaise: Paise;
  readonly returnPercent: number;
  readonly charges: ChargeTotals;
  /** Sum of the charge lines, those of positions still open included. */
  readonly chargesTotalPaise: Paise;
  /** Charges in percent of gross profit: what share of the strategy's work the costs ate. */
  readonly costDragPercent: Figure;
  /** Charges in percent of the value traded. */
  readonly costOfTurnoverPercent: Figure;
  /** Value traded as a multiple of capital. */
  readonly turnoverTimes: number;
  readonly days: number;
  readonly tradesPerDay: Figure;
  readonly cagrPercent: Figure;
  readonly volatilityPercent: Figure;
  readonly sharpe: Figure;
  readonly sortino: Figure;
  readonly calmar: Figure;
  /** Undefined when the account never fell below an earlier peak. */
  readonly maxDrawdown: Drawdown | undefined;
  readonly maxDrawdownPercent: Figure;
  /** The deepest fall between daily closes: what an account statement shows. */
  readonly maxDrawdownDailyPercent: Figure;
  /** Mean of the deepest points of all falls between daily closes. */
  readonly averageDrawdownPercent: Figure;
  /** Calendar days of the longest stretch below an earlier peak, by daily closes. */
  readonly longestDrawdownDays: Figure;
  /** Share of marks at which a position was open. */
  readonly exposurePercent: Figure;
  readonly bestDay: Day | undefined;
  readonly worstDay: Day | undefined;
  readonly benchmarkPercent: Figure;
  /** Return minus the benchmark's, in percentage points. */
  readonly excessPercent: Figure;
}

/** Marks a year of a timeframe's curve once it is taken by day: 252 trading days, 52 weeks or 12 months. */
export function periodsPerYear(timeframe: Timeframe): number {
  if (timeframe === 'week') return 52;
  return timeframe === 'month' ? 12 : 252;
}

/** Reads a run's results into figures. Where a figure would be a fiction it is absent and says why. */
export function summarise(input: SummaryInput): Summary {
  const { capitalPaise, equity, charges } = input;
  const { count, ...ofTrades } = tradeStatistics(input.trades);
  const daily = dailyEquity(equity);
  const finalPaise =
    equity.length > 0 ? equity.equityPaise[equity.length - 1] : capitalPaise + ofTrades.netPaise;
  const returnPercent = (finalPaise / capitalPaise - 1) * 100;
  const chargesTotalPaise =
    input.chargesTotalPaise ?? chargeLines.reduce((sum, line) => sum + charges[line], 0);
  const benchmarkPercent =
    'unavailable' in input.benchmark ? unavailable(input.benchmark.unavailable) : buyAndHold(input.benchmark);
  const held = numberOf(benchmarkPercent);
  return {
    ...ofTrades,
    trades: count,
    capitalPaise,
    finalPaise,
    openPaise: finalPaise - capitalPaise - ofTrades.netPaise,
    returnPercent,
    charges,
    chargesTotalPaise,
    ...costs({ ...ofTrades, chargesTotalPaise }),
    turnoverTimes: ofTrades.turnoverPaise / capitalPaise,
    days: daily.length,
    tradesPerDay: daily.length > 0 ? { value: count / daily.length } : unavailable(noMarks),
    ...riskFigures({ ...input, daily }),
    exposurePercent: exposure(equity),
    ...extremes(daily, capitalPaise),
    benchmarkPercent,
    excessPercent: held === undefined ? benchmarkPercent : { value: returnPercent - held },
  };
}

function costs({
  grossPaise,
  turnoverPaise,
  chargesTotalPaise,
}: {
  grossPaise: Paise;
  turnoverPaise: Paise;
  chargesTotalPaise: Paise;
}) {
  return {
    costDragPercent:
      grossPaise > 0
        ? { value: (chargesTotalPaise / grossPaise) * 100 }
        : unavailable('there is no gross profit to pay charges from'),
    costOfTurnoverPercent:
      turnoverPaise > 0
        ? { value: (chargesTotalPaise / turnoverPaise) * 100 }
        : unavailable('nothing was traded'),
  };
}

function exposure({ exposed, length }: EquityCurve): Figure {
  if (length === 0) return unavailable(noMarks);
  // Positions last many marks, so leaping from one change to the next beats looking at each.
  const row = exposed.subarray(0, length);
  let marks = 0;
  for (let entry = row.indexOf(1); entry >= 0; ) {
    const exit = row.indexOf(0, entry);
    marks += (exit < 0 ? length : exit) - entry;
    entry = exit < 0 ? -1 : row.indexOf(1, exit);
  }
  return { value: (marks / length) * 100 };
}

function extremes(
  daily: DailyEquity,
  capitalPaise: Paise,
): { bestDay: Day | undefined; worstDay: Day | undefined } {
  let best: number | undefined;
  let worst: number | undefined;
  const change = (row: number) =>
    daily.equityPaise[row] - (row > 0 ? daily.equityPaise[row - 1] : capitalPaise);
  for (let row = 0; row < daily.length; row++) {
    if (best === undefined || change(row) > change(best)) best = row;
    if (worst === undefined || change(row) < change(worst)) worst = row;
  }
  const day = (row: number | undefined): Day | undefined => {
    if (row === undefined) return undefined;
    const before = row > 0 ? daily.equityPaise[row - 1] : capitalPaise;
    return { date: isoDateOfDay(daily.day[row]), paise: change(row), percent: (change(row) / before) * 100 };
  };
  return { bestDay: day(best), worstDay: day(worst) };
}
