import type { ClosedTrade } from '../../domain/run-result.ts';
import { type Figure, figure } from '../figure.ts';
import { netOf } from '../trade-statistics.ts';

/**
 * How far the market went for and against trades while they were open, by the extremes of their bars. Percent of the entry
 * price, means over the trades. A mean over nothing says so.
 */
export interface Excursions {
  readonly winners: Excursion;
  readonly losers: Excursion;
  /** Of the best mark, in percent: what the exits of all trades together kept. Negative when they gave back more than all. */
  readonly capturePercent: Figure;
  /** Trades that lost after having been at least their average win ahead. */
  readonly roundTrips: number;
}

export interface Excursion {
  readonly trades: number;
  /** Worst mark against the trade. */
  readonly adversePercent: Figure;
  /** Best mark for it. */
  readonly favourablePercent: Figure;
}

export function excursions(trades: readonly ClosedTrade[]): Excursions {
  const winners = trades.filter((trade) => netOf(trade) > 0);
  const losers = trades.filter((trade) => netOf(trade) <= 0);
  const best = sum(trades, ({ favourable, quantity }) => favourable * quantity * 100);
  const kept = sum(trades, ({ grossPaise }) => grossPaise);
  const averageWin = sum(winners, netOf) / winners.length;
  return {
    winners: excursion(winners, 'no trade won'),
    losers: excursion(losers, 'no trade lost'),
    capturePercent: figure((kept / best) * 100, 'no trade was ever ahead'),
    roundTrips: losers.filter(({ favourable, quantity }) => favourable * quantity * 100 >= averageWin).length,
  };
}

function excursion(trades: readonly ClosedTrade[], none: string): Excursion {
  const mean = (of: (trade: ClosedTrade) => number) =>
    figure((sum(trades, (trade) => of(trade) / trade.entryPrice) / trades.length) * 100, none);
  return {
    trades: trades.length,
    adversePercent: mean(({ adverse }) => adverse),
    favourablePercent: mean(({ favourable }) => favourable),
  };
}

function sum(trades: readonly ClosedTrade[], of: (trade: ClosedTrade) => number): number {
  return trades.reduce((total, trade) => total + of(trade), 0);
}
