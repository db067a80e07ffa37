import type { Paise } from '../../domain/money.ts';
import { roundHalfUp } from '../../domain/money.ts';
import type { EpochMs } from '../../domain/time.ts';
import { netOf } from '../trade-statistics.ts';
import type { BookedTrade } from './trading-record.ts';

/** Why a session earned more or less than its backtest, in the order of tables. */
export const differenceKinds = [
  'entry price',
  'exit price',
  'another exit',
  'quantity',
  'charges',
  'not taken',
  'only in the session',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** One kind of difference added up: trades that have it, and what it changed in the session's net. */
export interface DifferenceRow {
  readonly kind: DifferenceKind;
  readonly trades: number;
  readonly paise: Paise;
}

export interface ModeComparison {
  /** Trades of each side, and pairs of one strategy, symbol and direction that were entered at about the same time. */
  readonly backtest: number;
  readonly session: number;
  readonly matched: number;
  /** Pairs without any difference. */
  readonly same: number;
  readonly backtestNetPaise: Paise;
  readonly sessionNetPaise: Paise;
  /** Sums to the session's net less the backtest's, to the paisa. */
  readonly rows: readonly DifferenceRow[];
  /** The trades that differ most, largest first. */
  readonly largest: readonly TradeDifference[];
}

/** A trade of either side or of both, and what its difference consists of. */
export interface TradeDifference {
  readonly backtest: BookedTrade | undefined;
  readonly session: BookedTrade | undefined;
  readonly paise: Paise;
  readonly parts: readonly { readonly kind: DifferenceKind; readonly paise: Paise }[];
}

const largestTold = 20;

/**
 * What a session lost or won against the backtest of the same strategies, trade by trade. A pair's entries lie within `toleranceMs`,
 * the nearest first; the caller leaves out backtest trades of times at which no session ran.
 */
export function compareModes(
  backtest: readonly BookedTrade[],
  session: readonly BookedTrade[],
  toleranceMs: number,
): ModeComparison {
  const { pairs, alone, extra } = paired(backtest, session, toleranceMs);
  const differences = [
    ...pairs.map(([one, other]) => pairDifference(one, other)),
    ...alone.map((trade) => oneSided('not taken', trade, undefined, -netOf(trade))),
    ...extra.map((trade) => oneSided('only in the session', undefined, trade, netOf(trade))),
  ];
  const rows = differenceKinds
    .map((kind): DifferenceRow => {
      const parts = differences.flatMap((each) => each.parts.filter((part) => part.kind === kind));
      return { kind, trades: parts.length, paise: parts.reduce((sum, { paise }) => sum + paise, 0) };
    })
    .filter(({ trades }) => trades > 0);
  const differing = differences.filter(({ parts }) => parts.length > 0);
  return {
    backtest: backtest.length,
    session: session.length,
    matched: pairs.length,
    same: differences.length - differing.length,
    backtestNetPaise: backtest.reduce((sum, trade) => sum + netOf(trade), 0),
    sessionNetPaise: session.reduce((sum, trade) => sum + netOf(trade), 0),
    rows,
    largest: [...differing]
      .sort((a, b) => Math.abs(b.paise) - Math.abs(a.paise) || entryOf(a) - entryOf(b))
      .slice(0, largestTold),
  };
}

function entryOf({ backtest, session }: TradeDifference): EpochMs {
  return (session ?? backtest)?.entryTime ?? 0;
}

function oneSided(
  kind: DifferenceKind,
  backtest: BookedTrade | undefined,
  session: BookedTrade | undefined,
  paise: Paise,
): TradeDifference {
  return { backtest, session, paise, parts: [{ kind, paise }] };
}

/** Each effect in turn, the last one taking what is left, so that the parts sum to the whole. */
function pairDifference(backtest: BookedTrade, session: BookedTrade): TradeDifference {
  const sign = session.direction === 'LONG' ? 1 : -1;
  const { quantity } = session;
  const quantityPaise =
    roundHalfUp((backtest.grossPaise * quantity) / backtest.quantity) - backtest.grossPaise;
  const entryPaise = roundHalfUp(sign * (backtest.entryPrice - session.entryPrice) * quantity * 100);
  const exitPaise = session.grossPaise - backtest.grossPaise - quantityPaise - entryPaise;
  const chargesPaise = backtest.chargesPaise - session.chargesPaise;
  const sameExit = backtest.exitTime === session.exitTime && backtest.exitReason === session.exitReason;
  const parts = [
    { kind: 'entry price', paise: entryPaise },
    { kind: sameExit ? 'exit price' : 'another exit', paise: exitPaise },
    { kind: 'quantity', paise: quantityPaise },
    { kind: 'charges', paise: chargesPaise },
  ] as const;
  return {
    backtest,
    session,
    paise: netOf(session) - netOf(backtest),
    parts: parts.filter(({ paise }) => paise !== 0),
  };
}

interface Candidate {
  readonly one: BookedTrade;
  readonly other: BookedTrade;
  readonly apart: number;
}

function paired(backtest: readonly BookedTrade[], session: readonly BookedTrade[], toleranceMs: number) {
  const there = new Map<string, BookedTrade[]>();
  for (const trade of inOrder(session)) {
    const list = there.get(nameOf(trade)) ?? [];
    list.push(trade);
    there.set(nameOf(trade), list);
  }
  const candidates: Candidate[] = [];
  const starts = new Map<string, number>();
  for (const one of inOrder(backtest)) {
    const name = nameOf(one);
    const list = there.get(name) ?? [];
    let from = starts.get(name) ?? 0;
    while (from < list.length && list[from].entryTime < one.entryTime - toleranceMs) from++;
    starts.set(name, from);
    for (let at = from; at < list.length && list[at].entryTime <= one.entryTime + toleranceMs; at++)
      candidates.push({ one, other: list[at], apart: Math.abs(list[at].entryTime - one.entryTime) });
  }
  const pairs: (readonly [BookedTrade, BookedTrade])[] = [];
  const taken = new Set<BookedTrade>();
  for (const { one, other } of candidates.sort((a, b) => a.apart - b.apart)) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.add(one).add(other);
    pairs.push([one, other]);
  }
  const left = (trades: readonly BookedTrade[]) => trades.filter((trade) => !taken.has(trade));
  return { pairs, alone: left(backtest), extra: left(session) };
}

function nameOf({ strategy, key, direction }: BookedTrade): string {
  return `${strategy} ${key} ${direction}`;
}

function inOrder(trades: readonly BookedTrade[]): readonly BookedTrade[] {
  return [...trades].sort((a, b) => a.entryTime - b.entryTime || a.id - b.id);
}
