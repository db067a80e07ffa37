import { type Paise, roundHalfUp } from '../../domain/money.ts';
import { type OrderType, orderTypes } from '../../domain/order.ts';
import type { ClosedTrade } from '../../domain/run-result.ts';
import type { BookedTrade } from './trading-record.ts';

/** Fills that have something in common, against what they were decided on. Positive costs, negative is better than decided. */
export interface SlippageRow {
  readonly name: string;
  readonly trades: number;
  readonly paise: Paise;
  /** Of the value at the decisions, in basis points. */
  readonly basisPoints: number;
}

/** How many trades are named. */
const costliestTold = 5;

export interface Slippage<Trade extends ClosedTrade = BookedTrade> {
  readonly total: SlippageRow;
  /** `entry MARKET`, `exit SL-M` and so on; sum to the total to the paisa. */
  readonly orders: readonly SlippageRow[];
  /** One row per strategy, the costliest first; sum to the total to the paisa. */
  readonly strategies: readonly SlippageRow[];
  /** Trades whose fills cost most, with what they cost. */
  readonly costliest: readonly {
    readonly trade: Trade;
    readonly paise: Paise;
    readonly basisPoints: number;
  }[];
  /** Trades that do not know what they were decided on, and are in none of the rows. */
  readonly unknown: number;
}

/**
 * What the fills of a trade cost against the prices that its entry and exit were decided on, paise; negative where they were better.
 * Undefined where they were not written down.
 */
export function slippageOf(trade: ClosedTrade): Paise | undefined {
  const legs = legsOf(trade);
  return legs && legs.entryPaise + legs.exitPaise;
}

/** The same of many trades, by order type and by strategy. */
export function slippage<Trade extends ClosedTrade>(trades: readonly Trade[]): Slippage<Trade> {
  const total = new Tally('all');
  const orders = new Map<string, Tally>();
  const strategies = new Map<string, Tally>();
  const costly: { trade: Trade; paise: Paise; basisPoints: number }[] = [];
  let unknown = 0;
  for (const trade of trades) {
    const legs = legsOf(trade);
    if (!legs) {
      unknown += 1;
      continue;
    }
    const { entryPaise, exitPaise, entryValue, exitValue } = legs;
    const [paise, value] = [entryPaise + exitPaise, entryValue + exitValue];
    total.add(paise, value);
    if (paise > (costly.at(-1)?.paise ?? 0) || (paise > 0 && costly.length < costliestTold)) {
      costly.push({ trade, paise, basisPoints: (paise / value) * 10_000 });
      costly.sort((a, b) => b.paise - a.paise);
      costly.length = Math.min(costly.length, costliestTold);
    }
    tallyOf(strategies, trade.strategy).add(paise, value);
    tallyOf(orders, orderName('entry', trade.entryType)).add(entryPaise, entryValue);
    tallyOf(orders, orderName('exit', trade.exitType)).add(exitPaise, exitValue);
  }
  return {
    total: total.row(),
    orders: orderNames.flatMap((name) => orders.get(name)?.row() ?? []),
    strategies: [...strategies.values()].map((tally) => tally.row()).sort((a, b) => b.paise - a.paise),
    costliest: costly,
    unknown,
  };
}

function legsOf({ direction, quantity, entryPrice, exitPrice, entryDecision, exitDecision }: ClosedTrade) {
  if (entryDecision === undefined || exitDecision === undefined) return undefined;
  const paid = (direction === 'LONG' ? 1 : -1) * quantity * 100;
  return {
    entryPaise: roundHalfUp((entryPrice - entryDecision) * paid),
    exitPaise: roundHalfUp((exitDecision - exitPrice) * paid),
    entryValue: entryDecision * quantity * 100,
    exitValue: exitDecision * quantity * 100,
  };
}

const orderNames = (['entry', 'exit'] as const).flatMap((leg) =>
  orderTypes.map((type) => orderName(leg, type)),
);

function orderName(leg: 'entry' | 'exit', type: OrderType = 'MARKET'): string {
  return `${leg} ${type}`;
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const tally = tallies.get(name) ?? new Tally(name);
  tallies.set(name, tally);
  return tally;
}

class Tally {
  readonly #name: string;
  #trades = 0;
  #paise = 0;
  #value = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(paise: Paise, value: number): void {
    this.#trades += 1;
    this.#paise += paise;
    this.#value += value;
  }

  row(): SlippageRow {
    return {
      name: this.#name,
      trades: this.#trades,
      paise: this.#paise,
      basisPoints: this.#value > 0 ? (this.#paise / this.#value) * 10_000 : 0,
    };
  }
}
