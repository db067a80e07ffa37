import type { OrderType } from '../domain/order.ts';
import type { Distance } from '../strategy/trade.ts';
import { priceAway } from './distance.ts';
import type { OpenTrade } from './open-trade.ts';
import { isTerminal } from './order-lifecycle.ts';
import type { WorkingOrder } from './working-order.ts';

/** Places the stop and the target of a trade when it begins to fill, and lets them grow with it. */
export function armStops(trade: OpenTrade): void {
  const stop = stopPrice(trade);
  if (!Number.isNaN(stop)) guard(trade, trade.stops, 'SL-M', stop);
  if (trade.targetAt !== undefined)
    guard(trade, trade.targets, 'LIMIT', priceAway(trade.entryPrice, trade.targetAt, trade.direction));
}

/** The tighter of protective and trailing stop at entry, NaN without either. */
function stopPrice(trade: OpenTrade): number {
  const against = trade.direction > 0 ? -1 : 1;
  const fixed =
    trade.stopLoss === undefined ? Number.NaN : priceAway(trade.entryPrice, trade.stopLoss, against);
  const trailing =
    trade.trailing === undefined ? Number.NaN : priceAway(trade.entryPrice, trade.trailing, against);
  if (Number.isNaN(fixed)) return trailing;
  if (Number.isNaN(trailing)) return fixed;
  return trade.direction > 0 ? Math.max(fixed, trailing) : Math.min(fixed, trailing);
}

function guard(trade: OpenTrade, orders: WorkingOrder[], type: OrderType, price: number): void {
  const { slot, engine } = trade.run;
  let covered = 0;
  for (const order of orders) covered += isTerminal(order.state) ? 0 : order.quantity - order.filled;
  const missing = trade.open - covered;
  if (missing <= 0) return;
  const level = orders[0]
    ? type === 'SL-M'
      ? orders[0].trigger
      : orders[0].intent.price
    : engine.desk.onTick(slot, price);
  engine.desk.send(
    trade,
    {
      role: type === 'SL-M' ? 'stop' : 'target',
      type,
      quantity: missing,
      price: type === 'SL-M' ? Number.NaN : level,
      trigger: type === 'SL-M' ? level : Number.NaN,
    },
    orders,
  );
}

/** Moves the stop behind the best close since entry; it never loosens. */
export function followBest(trade: OpenTrade, distance: Distance): void {
  const { close } = trade.run.slot;
  if ((close - trade.best) * trade.direction <= 0) return;
  trade.best = close;
  if (tightenStop(trade, priceAway(close, distance, trade.direction > 0 ? -1 : 1), true))
    trade.trailed = true;
}

/** Moves the protective stop to a price, or places one. A looser price is refused and counted. */
export function tightenStop(trade: OpenTrade, price: number, quietly = false): boolean {
  const { run } = trade;
  const level = run.engine.desk.onTick(run.slot, price);
  const working = trade.stops.filter((order) => !isTerminal(order.state));
  if (working.length === 0) {
    guard(trade, trade.stops, 'SL-M', level);
    return true;
  }
  let moved = false;
  for (const order of working) {
    if ((level - order.trigger) * trade.direction > 0) {
      run.engine.desk.moveTrigger(order, level);
      moved = true;
    }
  }
  if (!moved && !quietly)
    run.refuse(
      'STOP_LOOSENED',
      () => `A stop of ${level} is no tighter than the ${working[0]?.trigger} that stands.`,
    );
  return moved;
}
