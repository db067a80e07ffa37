import type { Paise } from '../domain/money.ts';
import type { EquityCurve } from '../domain/run-result.ts';
import { type EpochMs, istDayNumber } from '../domain/time.ts';
import { type DailyEquity, returnsOf } from './daily-equity.ts';
import { fallsOf } from './drawdown.ts';
import { type Figure, unavailable } from './figure.ts';
import { annualReturn, annualVolatility, sharpeRatio, sortinoRatio } from './returns.ts';

/** The deepest fall of the account below an earlier peak, at any mark. Losses are negative. */
export interface Drawdown {
  readonly percent: number;
  readonly paise: Paise;
  readonly peakTime: EpochMs;
  readonly troughTime: EpochMs;
  /** Undefined while the account is still below its peak when the run ends. */
  readonly recoveryTime: EpochMs | undefined;
  /** Calendar days from peak to recovery, or to the end of the run. */
  readonly days: number;
}

export interface RiskInput {
  readonly capitalPaise: Paise;
  readonly equity: EquityCurve;
  /** The same curve by day. */
  readonly daily: DailyEquity;
  /** Percent a year; 0 when not given. */
  readonly riskFreePercent?: number;
  /** How many of the curve's days make a year; 252 when not given. */
  readonly periodsPerYear?: number;
}

/** Fewer daily returns than this say nothing about their spread. */
const fewReturns = 30;
/** A shorter run compounds chance into a yearly figure. */
const daysToAnnualise = 90;

export const noMarks = 'the run has no bars';

/** Figures of the line the account drew: growth, spread, ratios and falls. */
export function riskFigures(input: RiskInput) {
  const { daily, capitalPaise } = input;
  const perYear = input.periodsPerYear ?? 252;
  const riskFree = (1 + (input.riskFreePercent ?? 0) / 100) ** (1 / perYear) - 1;
  const returns = returnsOf(daily, capitalPaise);
  const { maxDrawdown, maxDrawdownPercent } = deepestFall(input);
  const cagrPercent = annualised(daily, returns, perYear);
  const spread = spreadReason(daily, returns, perYear);
  const ratio = (value: number, reason: string) =>
    spread ? unavailable(spread) : Number.isFinite(value) ? { value } : unavailable(reason);
  return {
    cagrPercent,
    volatilityPercent: spread ? unavailable(spread) : { value: annualVolatility(returns, perYear) * 100 },
    sharpe: ratio(sharpeRatio(returns, perYear, riskFree), 'the returns do not vary'),
    sortino: ratio(sortinoRatio(returns, perYear, riskFree), 'no period lost'),
    calmar: calmar(cagrPercent, maxDrawdownPercent),
    maxDrawdown,
    maxDrawdownPercent,
    ...dailyFalls(daily, capitalPaise),
  };
}

function annualised(daily: DailyEquity, returns: Float64Array, perYear: number): Figure {
  if (daily.length === 0) return unavailable(noMarks);
  const span = daily.day[daily.length - 1] - daily.day[0] + 1;
  if (span < daysToAnnualise) return unavailable(`needs ${daysToAnnualise} calendar days, has ${span}`);
  const value = annualReturn(returns, perYear) * 100;
  return lostEverything(daily) || !Number.isFinite(value) ? unavailable(ruin) : { value };
}

const ruin = 'the account fell to nothing';

function lostEverything(daily: DailyEquity): boolean {
  return daily.equityPaise.some((equity) => equity <= 0);
}

function spreadReason(daily: DailyEquity, returns: Float64Array, perYear: number): string | undefined {
  const period = perYear > 52 ? 'daily' : perYear > 12 ? 'weekly' : 'monthly';
  if (returns.length < fewReturns) return `needs ${fewReturns} ${period} returns, has ${returns.length}`;
  return lostEverything(daily) ? ruin : undefined;
}

function calmar(cagr: Figure, drawdown: Figure): Figure {
  if ('unavailable' in cagr) return cagr;
  if ('unavailable' in drawdown) return drawdown;
  return drawdown.value < 0 ? { value: cagr.value / -drawdown.value } : unavailable('there was no drawdown');
}

function deepestFall({ equity, capitalPaise }: RiskInput) {
  if (equity.length === 0) return { maxDrawdown: undefined, maxDrawdownPercent: unavailable(noMarks) };
  const { deepest } = fallsOf(equity.equityPaise, equity.length, capitalPaise);
  if (deepest === undefined) return { maxDrawdown: undefined, maxDrawdownPercent: { value: 0 } };
  const percent = -deepest.depth * 100;
  const peakTime = equity.time[Math.max(deepest.peakRow, 0)];
  const endTime = equity.time[deepest.recoveryRow ?? equity.length - 1];
  const maxDrawdown: Drawdown = {
    percent,
    paise: deepest.trough - deepest.peak,
    peakTime,
    troughTime: equity.time[deepest.troughRow],
    recoveryTime: deepest.recoveryRow === undefined ? undefined : endTime,
    days: istDayNumber(endTime) - istDayNumber(peakTime),
  };
  return { maxDrawdown, maxDrawdownPercent: { value: percent } };
}

function dailyFalls(daily: DailyEquity, capitalPaise: Paise) {
  if (daily.length === 0) {
    const none = unavailable(noMarks);
    return { maxDrawdownDailyPercent: none, averageDrawdownPercent: none, longestDrawdownDays: none };
  }
  const { deepest, averageDepth, longest } = fallsOf(daily.equityPaise, daily.length, capitalPaise);
  const days = longest ? daily.day[longest.endRow] - daily.day[Math.max(longest.peakRow, 0)] : 0;
  return {
    maxDrawdownDailyPercent: { value: 0 - (deepest?.depth ?? 0) * 100 },
    averageDrawdownPercent: { value: 0 - averageDepth * 100 },
    longestDrawdownDays: { value: days },
  };
}
