import type { Paise } from '../../domain/money.ts';
import type { ClosedTrade } from '../../domain/run-result.ts';
import type { EpochMs } from '../../domain/time.ts';
import { netOf } from '../trade-statistics.ts';
import { type ModeRun, type PriceLookup, type TracedOrder, tracedOrders } from './mode-run.ts';

/**
 * Why two modes filled the same decision otherwise, and what each cause is in rupees:
 *
 * - `first-price`: the price when the order arrived instead of the next bar's open
 * - `book`: spread, depth and the protected limit of a market order, or what a stop or target got beyond its level
 * - `slippage`: what the simulated exchange adds to its price, or a gap that it fills at the open
 * - `parts`: one of the two filled in parts, since only a share of a bar's volume or of the book was there
 * - `level`: the stop or target stood elsewhere, since the entry filled elsewhere
 * - `exit`: the position was closed by another order
 * - `quantity`: another quantity was held
 * - `only-first`, `only-second`: the trade took place in one of them alone
 * - `charges`: the contract note of other prices
 * - `held`: what is still held is worth something else
 * - `rounding`: to whole paise
 */
export const fillCauses = [
  'first-price',
  'book',
  'slippage',
  'parts',
  'level',
  'exit',
  'quantity',
  'only-first',
  'only-second',
  'charges',
  'held',
  'rounding',
] as const;
export type FillCause = (typeof fillCauses)[number];

/** One trade in both modes. */
export interface TradePair {
  readonly first: ClosedTrade | undefined;
  readonly second: ClosedTrade | undefined;
  /** Second minus first by cause; they sum to `netPaise`. */
  readonly causes: ReadonlyMap<FillCause, Paise>;
  readonly netPaise: Paise;
}

/** A decision that was filled in one mode and in the other not. */
export interface UnfilledOrder {
  readonly time: EpochMs;
  readonly strategy: string;
  readonly key: string;
  readonly side: string;
  readonly role: string;
  readonly unfilledIn: 'first' | 'second';
  readonly why: string | undefined;
}

export interface FillParity {
  /** Trades of which price, quantity and charges are the same to the last digit. */
  readonly equal: number;
  readonly changed: readonly TradePair[];
  readonly unfilled: readonly UnfilledOrder[];
  /** Trades that a cause touched, and its rupees; in the order of `fillCauses`, those that matter alone. */
  readonly causes: readonly { readonly cause: FillCause; readonly trades: number; readonly paise: Paise }[];
  /** Second minus first; the causes sum to it. */
  readonly differencePaise: Paise;
}

/** Sets the fills of two modes against each other: every paisa between the two results has a cause. */
export function fillParity(first: ModeRun, second: ModeRun, prices: PriceLookup): FillParity {
  const orders = [first, second].map(({ entries }) => tracedOrders(entries));
  const pairs = pairsOf(first.trades, second.trades, orders);
  const compared = [
    ...pairs.map((pair) => ({ ...pair, ...causesOf(pair, orders, prices) })),
    ...heldCauses([first, second], orders, prices),
  ];
  const touched = compared.filter(({ causes }) => causes.size > 0);
  // What is held has no exit yet, and is told by its causes alone.
  const changed = touched.filter(({ first: mine, second: its }) => mine || its);
  const differencePaise = Math.round(second.equityPaise) - Math.round(first.equityPaise);
  const told = compared.reduce((sum, { netPaise }) => sum + netPaise, 0);
  const causes = fillCauses.flatMap((cause) => {
    const own = touched.filter((pair) => pair.causes.has(cause));
    const paise = own.reduce((sum, pair) => sum + (pair.causes.get(cause) ?? 0), 0);
    if (cause === 'held' && differencePaise !== told)
      return { cause, trades: 0, paise: differencePaise - told };
    return own.length > 0 ? { cause, trades: own.length, paise } : [];
  });
  return {
    equal: pairs.length - changed.length,
    changed,
    unfilled: unfilledOf(orders),
    causes,
    differencePaise,
  };
}

type Orders = readonly (readonly TracedOrder[])[];
type Trades = Pick<TradePair, 'first' | 'second'>;

/** Trades that began with the same decision. */
function pairsOf(first: readonly ClosedTrade[], second: readonly ClosedTrade[], orders: Orders): Trades[] {
  const entryName = (of: 0 | 1, { entryOrder }: ClosedTrade) =>
    orders[of].find(({ order }) => order.id === entryOrder)?.name ?? `${of} ${entryOrder}`;
  const others = new Map(second.map((trade) => [entryName(1, trade), trade]));
  const pairs: Trades[] = first.map((trade) => {
    const name = entryName(0, trade);
    const other = others.get(name);
    others.delete(name);
    return { first: trade, second: other };
  });
  return [...pairs, ...[...others.values()].map((trade) => ({ first: undefined, second: trade }))];
}

function causesOf(
  { first, second }: Trades,
  orders: Orders,
  prices: PriceLookup,
): Pick<TradePair, 'causes' | 'netPaise'> {
  const causes = new Map<FillCause, Paise>();
  const add = (cause: FillCause, paise: number) => {
    const rounded = Math.round(paise);
    if (rounded !== 0) causes.set(cause, (causes.get(cause) ?? 0) + rounded);
  };
  if (!first || !second) {
    if (first) add('only-first', -netOf(first));
    if (second) add('only-second', netOf(second));
    return { causes, netPaise: (second ? netOf(second) : 0) - (first ? netOf(first) : 0) };
  }
  const sign = first.direction === 'LONG' ? 1 : -1;
  const netPaise = netOf(second) - netOf(first);
  // What moves a price: rupees a unit, weighed with the quantity that both would have.
  const leg = (which: 'entry' | 'exit', way: 1 | -1) => {
    const ids =
      which === 'entry' ? [first.entryOrder, second.entryOrder] : [first.exitOrder, second.exitOrder];
    const filled =
      which === 'entry' ? [first.entryPrice, second.entryPrice] : [first.exitPrice, second.exitPrice];
    const [one, other] = orders.map((own, at) => own.find(({ order }) => order.id === ids[at]));
    for (const [cause, rupees] of movesOf(one, other, filled, prices))
      add(cause, way * sign * first.quantity * rupees * 100);
  };
  leg('entry', -1);
  leg('exit', 1);
  add('quantity', sign * (second.quantity - first.quantity) * (second.exitPrice - second.entryPrice) * 100);
  add('charges', first.chargesPaise - second.chargesPaise);
  const told = [...causes.values()].reduce((sum, paise) => sum + paise, 0);
  add('rounding', netPaise - told);
  return { causes, netPaise };
}

/** Entries of what is held in the evening, in both modes: what is held is worth the same, and cost something else. */
function heldCauses(runs: readonly ModeRun[], orders: Orders, prices: PriceLookup): readonly TradePair[] {
  const [mine, its] = orders.map((own, at) => {
    const closed = new Set(runs[at].trades.map(({ entryOrder }) => entryOrder));
    return own.filter(({ order, filled }) => order.role === 'entry' && filled > 0 && !closed.has(order.id));
  });
  const others = new Map(its.map((traced) => [traced.name, traced]));
  return mine.flatMap((one) => {
    const other = others.get(one.name);
    if (!other || other.filled !== one.filled || other.price === one.price) return [];
    const sign = one.order.side === 'BUY' ? -1 : 1;
    const causes = new Map<FillCause, Paise>();
    for (const [cause, rupees] of movesOf(one, other, [one.price, other.price], prices)) {
      const paise = Math.round(sign * one.filled * rupees * 100);
      if (paise !== 0) causes.set(cause, (causes.get(cause) ?? 0) + paise);
    }
    const netPaise = [...causes.values()].reduce((sum, paise) => sum + paise, 0);
    return { first: undefined, second: undefined, causes, netPaise };
  });
}

/** What lies between two prices of one decision; the rupees sum to their difference. */
function movesOf(
  one: TracedOrder | undefined,
  other: TracedOrder | undefined,
  [from, to]: readonly number[],
  prices: PriceLookup,
): readonly (readonly [FillCause, number])[] {
  if (from === to) return [];
  const same = one && other && one.order.role === other.order.role && one.order.type === other.order.type;
  if (!same) return [['exit', to - from]];
  const inParts: FillCause = one.fills.length === other.fills.length ? 'slippage' : 'parts';
  const { order } = one;
  if (order.type !== 'MARKET') {
    const level = ({ order: { price }, trigger }: TracedOrder) => (Number.isNaN(trigger) ? price : trigger);
    const [mine, its] = [level(one), level(other)];
    return [
      ['level', its - mine],
      [inParts, mine - from],
      ['book', to - its],
    ];
  }
  const { before, after } = prices(order.key, order.time);
  if (Number.isNaN(before) || Number.isNaN(after)) return [['exit', to - from]];
  return [
    [inParts, after - from],
    ['first-price', before - after],
    ['book', to - before],
  ];
}

function unfilledOf([first, second]: Orders): readonly UnfilledOrder[] {
  const others = new Map(second.map((traced) => [traced.name, traced]));
  return first.flatMap((mine) => {
    const its = others.get(mine.name);
    if (!its || mine.filled > 0 === its.filled > 0) return [];
    const unfilledIn = mine.filled > 0 ? ('second' as const) : ('first' as const);
    const { time, strategy, key, side, role } = mine.order;
    return { time, strategy, key, side, role, unfilledIn, why: (mine.filled > 0 ? its : mine).end };
  });
}
