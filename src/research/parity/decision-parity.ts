import type { InstrumentKey } from '../../domain/instrument.ts';
import type { OrderRole, Side } from '../../domain/order.ts';
import type { RefusalCount } from '../../domain/run-result.ts';
import type { EpochMs } from '../../domain/time.ts';
import { isDecision, type ModeRun, type TracedOrder, tracedOrders } from './mode-run.ts';

/** A bar on which a strategy wanted something in one mode and not in the other. */
export interface DecisionDifference {
  readonly time: EpochMs;
  readonly strategy: string;
  readonly key: InstrumentKey;
  /** What was wanted; the code of its refusal where the gatekeeper said no. */
  readonly wanted: { readonly role: OrderRole; readonly side: Side } | { readonly refusal: string };
  /** How often in each. */
  readonly first: number;
  readonly second: number;
  /** Units that the strategy held when it decided; equal ones leave no excuse. NaN for refusals, which are counted over the day. */
  readonly heldFirst: number;
  readonly heldSecond: number;
}

export interface DecisionParity {
  /** Decisions that are in both. */
  readonly same: number;
  readonly differences: readonly DecisionDifference[];
}

/** Sets what a strategy wanted in two modes against each other, bar by bar. Sizes and levels follow from money and fills and are not asked for. */
export function decisionParity(first: ModeRun, second: ModeRun): DecisionParity {
  const [one, other] = [first, second].map((run) => {
    const orders = tracedOrders(run.entries);
    return { orders, decided: byName(orders) };
  });
  const differences: DecisionDifference[] = [];
  let same = 0;
  for (const name of new Set([...one.decided.keys(), ...other.decided.keys()])) {
    const [mine, its] = [one.decided.get(name), other.decided.get(name)];
    if (mine && its) {
      same += 1;
      continue;
    }
    const { order } = (mine ?? its) as TracedOrder;
    const { time, strategy, key, role, side } = order;
    differences.push({
      ...{ time, strategy, key, wanted: { role, side } },
      first: mine ? 1 : 0,
      second: its ? 1 : 0,
      heldFirst: heldAt(one.orders, strategy, key, time),
      heldSecond: heldAt(other.orders, strategy, key, time),
    });
  }
  differences.sort((a, b) => a.time - b.time);
  return { same, differences: [...differences, ...refusalDifferences(first.refusals, second.refusals)] };
}

function byName(orders: readonly TracedOrder[]): ReadonlyMap<string, TracedOrder> {
  return new Map(orders.filter(({ order }) => isDecision(order)).map((traced) => [traced.name, traced]));
}

/** Units held when a bar closed: what was decided on its close has filled after it, whatever the stamps say. */
function heldAt(orders: readonly TracedOrder[], strategy: string, key: InstrumentKey, time: EpochMs): number {
  let held = 0;
  for (const { order, fills } of orders)
    if (order.strategy === strategy && order.key === key && order.time < time)
      for (const fill of fills)
        if (fill.time < time) held += order.side === 'BUY' ? fill.quantity : -fill.quantity;
  return held;
}

function refusalDifferences(
  first: readonly RefusalCount[],
  second: readonly RefusalCount[],
): readonly DecisionDifference[] {
  const nameOf = ({ strategy, key, code }: RefusalCount) => `${strategy} ${key} ${code}`;
  const [one, other] = [first, second].map((rows) => new Map(rows.map((row) => [nameOf(row), row])));
  return [...new Set([...one.keys(), ...other.keys()])].sort().flatMap((name) => {
    const [mine, its] = [one.get(name), other.get(name)];
    const row = mine ?? its;
    if (!row || mine?.count === its?.count) return [];
    return {
      ...{ time: Number.NaN, strategy: row.strategy, key: row.key, wanted: { refusal: row.code } },
      ...{ first: mine?.count ?? 0, second: its?.count ?? 0, heldFirst: Number.NaN, heldSecond: Number.NaN },
    };
  });
}
