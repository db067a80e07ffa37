import type { InstrumentKey } from '../domain/instrument.ts';
import type { Paise } from '../domain/money.ts';
import { type ExitReason, exitReasons } from '../domain/order.ts';
import type { ClosedTrade, RefusalCount } from '../domain/run-result.ts';
import { netOf } from './trade-statistics.ts';

/** Trades that have something in common, added up. Whole paise; the nets of all groups sum to the run's net. */
export interface Group<Name extends string = string> {
  readonly name: Name;
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly grossPaise: Paise;
  readonly chargesPaise: Paise;
  readonly netPaise: Paise;
}

/** One row per instrument in the order given, also for those that never traded. */
export function byInstrument(
  trades: readonly ClosedTrade[],
  keys: readonly InstrumentKey[],
): readonly Group[] {
  return grouped(trades, (trade) => trade.key, keys);
}

/** One row per strategy in the order given, also for those that never traded. */
export function byStrategy(trades: readonly ClosedTrade[], names: readonly string[]): readonly Group[] {
  return grouped(trades, (trade) => trade.strategy, names);
}

/** One row per exit reason that occurred, in the order of the vocabulary. */
export function byExitReason(trades: readonly ClosedTrade[]): readonly Group<ExitReason>[] {
  return grouped(trades, (trade) => trade.exitReason, exitReasons).filter((group) => group.trades > 0);
}

type Tally<Name extends string> = { -readonly [Field in keyof Group<Name>]: Group<Name>[Field] };

/** One row per name that was given or that a trade has, in that order; sums are whole paise. */
export function grouped<Name extends string, Trade extends ClosedTrade>(
  trades: readonly Trade[],
  nameOf: (trade: Trade) => Name,
  names: readonly Name[],
): readonly Group<Name>[] {
  const rows = new Map<Name, Tally<Name>>();
  const rowOf = (name: Name) => {
    const row: Tally<Name> = rows.get(name) ?? emptyGroup(name);
    rows.set(name, row);
    return row;
  };
  names.forEach(rowOf);
  for (const trade of trades) {
    const row = rowOf(nameOf(trade));
    const net = netOf(trade);
    row.trades++;
    if (net > 0) row.wins++;
    if (net < 0) row.losses++;
    row.grossPaise += trade.grossPaise;
    row.chargesPaise += trade.chargesPaise;
    row.netPaise += net;
  }
  return [...rows.values()];
}

function emptyGroup<Name extends string>(name: Name): Group<Name> {
  return { name, trades: 0, wins: 0, losses: 0, grossPaise: 0, chargesPaise: 0, netPaise: 0 };
}

/** Signals that were refused for one reason, whoever gave them. */
export interface RefusalGroup {
  readonly code: string;
  readonly count: number;
  /** The first case in words, and whose it was. */
  readonly first: string;
  readonly strategy: string;
  readonly key: InstrumentKey;
}

/** One row per rule code, most frequent first, then by code. */
export function refusalsByCode(refusals: readonly RefusalCount[]): readonly RefusalGroup[] {
  const rows = new Map<string, RefusalGroup>();
  for (const { code, count, first, strategy, key } of refusals) {
    const row = rows.get(code);
    rows.set(code, row ? { ...row, count: row.count + count } : { code, count, first, strategy, key });
  }
  return [...rows.values()].sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1));
}
