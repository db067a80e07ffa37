import type { ClosedTrade } from '../../domain/run-result.ts';
import { type EpochMs, startOfDay } from '../../domain/time.ts';
import type { BacktestOutcome } from '../backtest-outcome.ts';
import { dailyEquity } from '../daily-equity.ts';
import { listFalls } from '../drawdown.ts';
import { type Figure, figure } from '../figure.ts';
import { type RefusalGroup, refusalsByCode } from '../groups.ts';
import { type TradeStatistics, tradeStatistics } from '../trade-statistics.ts';
import { type Attribution, attributionBy, type Dimension } from './attribution.ts';
import { type Excursions, excursions } from './excursions.ts';
import { type TaxRow, taxYears } from './tax-years.ts';

/** Which trades of a run count, by their own facts. Instants of the exit. */
export interface TradeFilter {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly strategies: readonly string[];
  readonly symbols: readonly string[];
}

/** One fall of the account below an earlier peak, between daily closes. */
export interface DrawdownRow {
  readonly depthPercent: number;
  readonly peak: EpochMs;
  readonly trough: EpochMs;
  /** Undefined while still below the peak at the end. */
  readonly recovered: EpochMs | undefined;
  /** Calendar days from the peak to the recovery or the end. */
  readonly days: number;
}

export interface Analysis {
  readonly trades: readonly ClosedTrade[];
  /** Trades of the run that the filter left out. */
  readonly leftOut: number;
  readonly statistics: TradeStatistics;
  readonly attribution: readonly Attribution[];
  readonly excursions: Excursions;
  /** Calendar days that winners and losers were held, means. */
  readonly holding: { readonly winnersDays: Figure; readonly losersDays: Figure };
  /** Deepest first; of the whole run, since an account's curve cannot be cut by trade. */
  readonly drawdowns: readonly DrawdownRow[];
  /** Signals that did not become orders, of the whole run. */
  readonly refusals: readonly RefusalGroup[];
  readonly tax: readonly TaxRow[];
}

const drawdownsTold = 5;
const dayMs = 86_400_000;

/** What a book really earned, where it came from, and what it cost. Reads a finished run and nothing else. */
export function analyse(outcome: BacktestOutcome, filter: TradeFilter, by: readonly Dimension[]): Analysis {
  const trades = outcome.trades.filter((trade) => chosen(trade, filter));
  const statistics = tradeStatistics(trades);
  const won = trades.filter(({ grossPaise, chargesPaise }) => grossPaise > chargesPaise);
  const lost = trades.filter(({ grossPaise, chargesPaise }) => grossPaise <= chargesPaise);
  return {
    trades,
    leftOut: outcome.trades.length - trades.length,
    statistics,
    attribution: by.map((dimension) => attributionBy(dimension, trades)),
    excursions: excursions(trades),
    holding: { winnersDays: meanDays(won, 'no trade won'), losersDays: meanDays(lost, 'no trade lost') },
    drawdowns: deepestFalls(outcome),
    refusals: refusalsByCode(outcome.refusals),
    tax: taxYears(trades),
  };
}

function chosen(
  { exitTime, strategy, key }: ClosedTrade,
  { from, to, strategies, symbols }: TradeFilter,
): boolean {
  const symbol = key.slice(key.indexOf(':') + 1);
  return (
    exitTime >= from &&
    exitTime < to &&
    (strategies.length === 0 || strategies.includes(strategy)) &&
    (symbols.length === 0 || symbols.includes(key) || symbols.includes(symbol))
  );
}

function meanDays(trades: readonly ClosedTrade[], none: string): Figure {
  const held = trades.reduce((sum, { entryTime, exitTime }) => sum + (exitTime - entryTime), 0);
  return figure(held / trades.length / dayMs, none);
}

function deepestFalls({ equity, header }: BacktestOutcome): readonly DrawdownRow[] {
  const daily = dailyEquity(equity);
  const dayOf = (row: number) => startOfDay(daily.day[Math.max(row, 0)]);
  return [...listFalls(daily.equityPaise, daily.length, header.capitalPaise)]
    .sort((a, b) => b.depth - a.depth)
    .slice(0, drawdownsTold)
    .map(({ depth, peakRow, troughRow, recoveryRow }) => ({
      depthPercent: -depth * 100,
      peak: dayOf(peakRow),
      trough: dayOf(troughRow),
      recovered: recoveryRow === undefined ? undefined : dayOf(recoveryRow),
      days: Math.round((dayOf(recoveryRow ?? daily.length - 1) - dayOf(peakRow)) / dayMs),
    }));
}
