import type { ChargeTotals } from '../../domain/charges.ts';
import type { Paise } from '../../domain/money.ts';
import type { ClosedTrade, EquityCurve, RefusalCount } from '../../domain/run-result.ts';
import type { BacktestOutcome } from '../backtest-outcome.ts';

export const bookModes = ['backtest', 'paper', 'live'] as const;
export type BookMode = (typeof bookModes)[number];

/** A round trip and where it was made. */
export interface BookedTrade extends ClosedTrade {
  /** Its name among all trades: `paper/main/1/12`, `backtest/3f9c…/12`. */
  readonly name: string;
  readonly mode: BookMode;
  /** Of a session's journal, or the id of a kept backtest. */
  readonly stream: string;
  /** Words that its owner put on it, sorted. */
  readonly tags?: readonly string[];
  readonly remarks?: readonly string[];
}

/** What trading left behind, wherever it was written down: a kept backtest, or sessions of journals. */
export interface TradingRecord {
  readonly capitalPaise: Paise;
  readonly trades: readonly BookedTrade[];
  readonly equity: EquityCurve;
  readonly refusals: readonly RefusalCount[];
  /** Paise by line of the contract notes. */
  readonly charges: ChargeTotals;
}

export function recordOf(outcome: BacktestOutcome, run: string): TradingRecord {
  const { header, trades, equity, refusals, summary } = outcome;
  const booked = trades.map(
    (trade): BookedTrade => ({
      ...trade,
      name: `backtest/${run}/${trade.id}`,
      mode: 'backtest',
      stream: run,
    }),
  );
  return { capitalPaise: header.capitalPaise, trades: booked, equity, refusals, charges: summary.charges };
}
