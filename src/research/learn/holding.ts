import type { ClosedTrade } from '../../domain/run-result.ts';
import { mean } from '../returns.ts';
import { netOf, returnPercentOf } from '../trade-statistics.ts';

/** A third of a strategy's trades, by how many bars they were held. */
export interface HoldingRow {
  readonly strategy: string;
  /** `up to 4 bars`, `5 to 11 bars`, `12 bars or more`. */
  readonly held: string;
  readonly trades: number;
  readonly netPaise: number;
  readonly meanPercent: number;
}

/**
 * What trades earned by how long they were held, in thirds of each strategy. How long a trade lasts is known only afterwards, and any
 * stop makes short trades lose, on noise too: so this is told and never tested, and no proposal comes of it.
 */
export function holdingRows(trades: readonly ClosedTrade[]): readonly HoldingRow[] {
  const strategies = [...new Set(trades.map(({ strategy }) => strategy))].sort();
  return strategies.flatMap((strategy) => {
    const own = trades.filter((trade) => trade.strategy === strategy);
    const lengths = own.map(({ bars }) => bars).sort((a, b) => a - b);
    const [short, long] = [1, 2].map((third) => lengths[Math.floor((lengths.length * third) / 3)]);
    const rows = [
      { held: `up to ${short} bars`, of: own.filter(({ bars }) => bars <= short) },
      { held: `${short + 1} to ${long} bars`, of: own.filter(({ bars }) => bars > short && bars <= long) },
      { held: `${long + 1} bars or more`, of: own.filter(({ bars }) => bars > long) },
    ];
    return rows
      .filter(({ of }) => of.length > 0)
      .map(({ held, of }) => ({
        ...{ strategy, held, trades: of.length },
        netPaise: of.reduce((sum, trade) => sum + netOf(trade), 0),
        meanPercent: mean(of.map(returnPercentOf)),
      }));
  });
}
