import type { Distance } from '../strategy/trade.ts';
import { priceAway } from './distance.ts';
import type { OpenTrade } from './open-trade.ts';
import type { WorkingOrder } from './working-order.ts';

/** Places the stop and the target of a trade when it begins to fill, and lets them grow with it. */
export function armStops(trade: OpenTrade): void {
  const stop = stopPrice(trade);
  if (!Number.isNaN(stop)) {
    if (Number.isNaN(trade.riskPerUnit)) trade.riskPerUnit = Math.abs(trade.entryPrice - stop);
    guard(trade, 'SL-M', stop);
  }
  if (trade.targetAt !== undefined)
    guard(trade, 'LIMIT', priceAway(trade.entryPrice, trade.targetAt, trade.direction));
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

function guard(trade: OpenTrade, type: 'SL-M' | 'LIMIT', price: number): void {
  const { slot, engine } = trade.run;
  const role = type === 'SL-M' ? 'stop' : 'target';
  let missing = trade.open;
  let level = Number.NaN;
  for (const order of trade.orders) {
    // What is on its way out at market needs no second way out.
    if (order.purpose === 'exit' && order.isWorking) missing -= order.left;
    if (order.purpose !== role) continue;
    level = type === 'SL-M' ? order.trigger : order.intent.price;
    if (order.isWorking) missing -= order.left;
  }
  if (missing <= 0) return;
  if (Number.isNaN(level))
    level =
      role === 'stop'
        ? engine.desk.onTick(slot, price)
        : engine.desk.limitOnTick(slot, price, trade.direction < 0);
  for (const quantity of piecesOf(trade, role, missing))
    engine.desk.send(trade, {
      role,
      type,
      quantity,
      price: type === 'SL-M' ? Number.NaN : level,
      trigger: type === 'SL-M' ? level : Number.NaN,
    });
}

/**
 * Stops and targets go out in equal sizes, since a broker lets only one of the two rest and knows by its size which it belongs to. They
 * differ where one of them was rejected and the trade has grown since.
 */
function piecesOf(trade: OpenTrade, role: 'stop' | 'target', missing: number): readonly number[] {
  const lonely: number[] = [];
  for (const order of trade.orders)
    if (order.isWorking && order.purpose === (role === 'stop' ? 'target' : 'stop')) lonely.push(order.left);
  for (const order of trade.orders) {
    const partner = order.isWorking && order.purpose === role ? lonely.indexOf(order.left) : -1;
    if (partner >= 0) lonely.splice(partner, 1);
  }
  const pieces: number[] = [];
  let rest = missing;
  for (const quantity of lonely) {
    if (quantity > rest || quantity <= 0) continue;
    pieces.push(quantity);
    rest -= quantity;
  }
  if (rest > 0) pieces.push(rest);
  return pieces;
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
  // A trade that is on its way out at market needs no stop.
  if (trade.isWorking('exit')) return false;
  const level = run.engine.desk.onTick(run.slot, price);
  let standing = Number.NaN;
  let moved = false;
  for (const order of trade.orders) {
    if (order.purpose !== 'stop' || !order.isWorking) continue;
    standing = order.trigger;
    if ((level - order.trigger) * trade.direction <= 0) continue;
    run.engine.desk.moveTrigger(order, level);
    moved = true;
  }
  if (Number.isNaN(standing)) {
    guard(trade, 'SL-M', level);
    return true;
  }
  if (!moved && !quietly) {
    run.refuse('STOP_LOOSENED', () => `A stop of ${level} is no tighter than the ${standing} that stands.`);
  }
  return moved;
}

/** What protects a trade follows what is left of it after one of its exits has filled in part. */
export function protectRest({ trade, purpose }: WorkingOrder): void {
  const { desk } = trade.run.engine;
  // A stop that has begun to fill finishes the trade; a target filled in part leaves its stop for the rest.
  if (purpose === 'stop') {
    desk.cancelAll(trade, 'entry');
    desk.cancelAll(trade, 'target');
  }
  if (purpose === 'target') shrinkStops(trade);
}

function shrinkStops(trade: OpenTrade): void {
  const { desk } = trade.run.engine;
  let rest = trade.open;
  for (const stop of trade.orders) {
    if (stop.purpose !== 'stop' || !stop.isWorking) continue;
    if (rest === 0) desk.cancel(stop);
    else if (stop.left > rest) desk.resize(stop, stop.filled + rest);
    rest -= Math.min(rest, stop.left);
  }
}
