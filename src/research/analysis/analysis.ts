import { type ChargeTotals, chargeLines } from '../../domain/charges.ts';
import type { Paise } from '../../domain/money.ts';
import { type EpochMs, startOfDay } from '../../domain/time.ts';
import { breakdown, type Period, type PeriodRow } from '../breakdown.ts';
import { dailyEquity } from '../daily-equity.ts';
import { listFalls } from '../drawdown.ts';
import { type Figure, figure } from '../figure.ts';
import { type RefusalGroup, refusalsByCode } from '../groups.ts';
import { riskFigures } from '../risk-figures.ts';
import { type TradeStatistics, tradeStatistics } from '../trade-statistics.ts';
import {
  type Attribution,
  attributionBy,
  type Dimension,
  nothingKnown,
  type TradeSurroundings,
} from './attribution.ts';
import { type Excursions, excursions } from './excursions.ts';
import { type Slippage, slippage } from './slippage.ts';
import { type TaxRow, taxYears } from './tax-years.ts';
import type { BookedTrade, TradingRecord } from './trading-record.ts';

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
  readonly trades: readonly BookedTrade[];
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
  readonly slippage: Slippage;
  readonly account: AccountFigures;
  readonly charges: ChargeShares;
  /** Present when it was asked for; of the whole record. */
  readonly breakdown?: { readonly period: Period; readonly rows: readonly PeriodRow[] };
}

/** Charges of the whole record by line; with `rest` they sum to the charges of its trades, to the paisa. */
export interface ChargeShares {
  readonly lines: ChargeTotals;
  /** Of trades whose note has not come or was not written down by line, less what is of positions still open. */
  readonly restPaise: Paise;
}

function chargeShares({ trades, charges: lines }: TradingRecord): ChargeShares {
  const known = chargeLines.reduce((sum, line) => sum + lines[line], 0);
  return { lines, restPaise: trades.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0) - known };
}

/** The line the account drew, of the whole record. */
export interface AccountFigures extends ReturnType<typeof riskFigures> {
  readonly capitalPaise: number;
  readonly finalPaise: number;
  readonly returnPercent: number;
  readonly days: number;
}

export interface AnalysisRequest {
  readonly filter: TradeFilter;
  readonly by: readonly Dimension[];
  readonly around?: TradeSurroundings | undefined;
  readonly breakdown?: Period | undefined;
}

const drawdownsTold = 5;
const dayMs = 86_400_000;

/** What a book really earned, where it came from, and what it cost. Reads the record and nothing else. */
export function analyse(
  record: TradingRecord,
  { filter, by, around = nothingKnown, breakdown: period }: AnalysisRequest,
): Analysis {
  const trades = record.trades.filter((trade) => chosen(trade, filter));
  const statistics = tradeStatistics(trades);
  const won = trades.filter(({ grossPaise, chargesPaise }) => grossPaise > chargesPaise);
  const lost = trades.filter(({ grossPaise, chargesPaise }) => grossPaise <= chargesPaise);
  return {
    trades,
    leftOut: record.trades.length - trades.length,
    statistics,
    attribution: by.map((dimension) => attributionBy(dimension, trades, around)),
    excursions: excursions(trades),
    holding: { winnersDays: meanDays(won, 'no trade won'), losersDays: meanDays(lost, 'no trade lost') },
    drawdowns: deepestFalls(record),
    refusals: refusalsByCode(record.refusals),
    tax: taxYears(trades),
    slippage: slippage(trades),
    account: accountFigures(record),
    charges: chargeShares(record),
    ...(period && { breakdown: { period, rows: breakdown({ ...record, period }) } }),
  };
}

function chosen(
  { exitTime, strategy, key }: BookedTrade,
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

function meanDays(trades: readonly BookedTrade[], none: string): Figure {
  const held = trades.reduce((sum, { entryTime, exitTime }) => sum + (exitTime - entryTime), 0);
  return figure(held / trades.length / dayMs, none);
}

function accountFigures({ capitalPaise, equity }: TradingRecord): AccountFigures {
  const daily = dailyEquity(equity);
  const finalPaise = equity.length > 0 ? equity.equityPaise[equity.length - 1] : capitalPaise;
  return {
    capitalPaise,
    finalPaise,
    returnPercent: (finalPaise / capitalPaise - 1) * 100,
    days: daily.length,
    ...riskFigures({ capitalPaise, equity, daily }),
  };
}

function deepestFalls({ equity, capitalPaise }: TradingRecord): readonly DrawdownRow[] {
  const daily = dailyEquity(equity);
  const dayOf = (row: number) => startOfDay(daily.day[Math.max(row, 0)]);
  return [...listFalls(daily.equityPaise, daily.length, capitalPaise)]
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
