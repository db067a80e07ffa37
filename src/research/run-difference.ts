import type { Paise } from '../domain/money.ts';
import type { ClosedTrade } from '../domain/run-result.ts';

/** How a trade of one run differs from the same trade of the other. What comes first decides where several are true. */
const tradeChanges = ['time', 'price', 'quantity', 'exit', 'charges'] as const;
export type TradeChange = (typeof tradeChanges)[number];

export interface ChangedTrade {
  readonly change: TradeChange;
  readonly first: ClosedTrade;
  readonly second: ClosedTrade;
}

/** What a group of trades contributes to the difference: second run minus first, whole paise. */
export interface Contribution {
  readonly part: 'only-first' | 'only-second' | TradeChange;
  readonly trades: number;
  readonly grossPaise: Paise;
  readonly chargesPaise: Paise;
  readonly netPaise: Paise;
}

export interface TradeDifference {
  readonly onlyFirst: readonly ClosedTrade[];
  readonly onlySecond: readonly ClosedTrade[];
  readonly changed: readonly ChangedTrade[];
  /** Trades that are equal in everything. */
  readonly equal: number;
  /** One for each part that has trades; their nets sum to the difference of the runs' nets exactly. */
  readonly contributions: readonly Contribution[];
}

/**
 * Sets the trades of two runs against each other. Trades of one strategy, instrument and direction are the same trade when
 * they were entered at the same instant, else when they were open at the same time; a trade belongs to one pair at most.
 */
export function tradeDifference(
  first: readonly ClosedTrade[],
  second: readonly ClosedTrade[],
): TradeDifference {
  const onlyFirst: ClosedTrade[] = [];
  const onlySecond: ClosedTrade[] = [];
  const changed: ChangedTrade[] = [];
  let equal = 0;
  const others = byKind(second);
  const kinds = byKind(first);
  for (const kind of others.keys()) if (!kinds.has(kind)) kinds.set(kind, []);
  for (const [kind, trades] of kinds) {
    const matched = pairs(trades, others.get(kind) ?? []);
    onlyFirst.push(...matched.onlyFirst);
    onlySecond.push(...matched.onlySecond);
    for (const [one, other] of matched.pairs) {
      const change = changeOf(one, other);
      if (change) changed.push({ change, first: one, second: other });
      else equal++;
    }
  }
  const contributions = [
    contribution('only-first', onlyFirst, []),
    contribution('only-second', [], onlySecond),
    ...tradeChanges.map((change) => {
      const own = changed.filter((each) => each.change === change);
      return contribution(
        change,
        own.map((each) => each.first),
        own.map((each) => each.second),
      );
    }),
  ].filter(({ trades }) => trades > 0);
  return { onlyFirst, onlySecond, changed, equal, contributions };
}

function byKind(trades: readonly ClosedTrade[]): Map<string, ClosedTrade[]> {
  const kinds = new Map<string, ClosedTrade[]>();
  for (const trade of trades) {
    const kind = `${trade.strategy} ${trade.key} ${trade.direction}`;
    const own = kinds.get(kind);
    if (own) own.push(trade);
    else kinds.set(kind, [trade]);
  }
  for (const own of kinds.values()) own.sort((a, b) => a.entryTime - b.entryTime || a.id - b.id);
  return kinds;
}

interface Matched {
  readonly pairs: readonly (readonly [ClosedTrade, ClosedTrade])[];
  readonly onlyFirst: readonly ClosedTrade[];
  readonly onlySecond: readonly ClosedTrade[];
}

function pairs(first: readonly ClosedTrade[], second: readonly ClosedTrade[]): Matched {
  const exact = matched(first, second, (one, other) => one.entryTime - other.entryTime);
  const near = matched(exact.onlyFirst, exact.onlySecond, (one, other) => {
    if (one.exitTime <= other.entryTime) return -1;
    return other.exitTime <= one.entryTime ? 1 : 0;
  });
  return { ...near, pairs: [...exact.pairs, ...near.pairs] };
}

/** Walks two lists in order of entry; `order` says which of two comes before the other, 0 that they are one trade. */
function matched(
  first: readonly ClosedTrade[],
  second: readonly ClosedTrade[],
  order: (one: ClosedTrade, other: ClosedTrade) => number,
): Matched {
  const found: [ClosedTrade, ClosedTrade][] = [];
  const onlyFirst: ClosedTrade[] = [];
  const onlySecond: ClosedTrade[] = [];
  let at = 0;
  let to = 0;
  while (at < first.length && to < second.length) {
    const which = order(first[at], second[to]);
    if (which === 0) found.push([first[at++], second[to++]]);
    else if (which < 0) onlyFirst.push(first[at++]);
    else onlySecond.push(second[to++]);
  }
  onlyFirst.push(...first.slice(at));
  onlySecond.push(...second.slice(to));
  return { pairs: found, onlyFirst, onlySecond };
}

function changeOf(one: ClosedTrade, other: ClosedTrade): TradeChange | undefined {
  if (one.entryTime !== other.entryTime || one.exitTime !== other.exitTime) return 'time';
  if (one.entryPrice !== other.entryPrice || one.exitPrice !== other.exitPrice) return 'price';
  if (one.quantity !== other.quantity) return 'quantity';
  if (one.exitReason !== other.exitReason || one.product !== other.product) return 'exit';
  return one.chargesPaise !== other.chargesPaise || one.grossPaise !== other.grossPaise
    ? 'charges'
    : undefined;
}

function contribution(
  part: Contribution['part'],
  first: readonly ClosedTrade[],
  second: readonly ClosedTrade[],
): Contribution {
  const gross = sum(second, (trade) => trade.grossPaise) - sum(first, (trade) => trade.grossPaise);
  const charges = sum(second, (trade) => trade.chargesPaise) - sum(first, (trade) => trade.chargesPaise);
  return {
    part,
    trades: Math.max(first.length, second.length),
    grossPaise: gross,
    chargesPaise: charges,
    netPaise: gross - charges,
  };
}

function sum(trades: readonly ClosedTrade[], of: (trade: ClosedTrade) => number): number {
  return trades.reduce((total, trade) => total + of(trade), 0);
}
