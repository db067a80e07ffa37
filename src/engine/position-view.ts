import type { OpenTrade } from './open-trade.ts';
import type { TradeContext } from './trade-context.ts';

/**
 * Brings a strategy's view of its position up to date with its trades. Answers whether something is held or being entered that no exit is
 * closing yet.
 */
export function showTrades(trades: readonly OpenTrade[], position: TradeContext['position']): boolean {
  let quantity = 0;
  let cost = 0;
  let entering = false;
  let occupied = false;
  let entryIndex = -1;
  for (const trade of trades) {
    quantity += trade.direction * trade.open;
    cost += trade.direction * trade.open * trade.entryPrice || 0;
    const working = trade.isWorking('entry');
    entering ||= working;
    occupied ||= working || (trade.open > 0 && !trade.isWorking('exit'));
    if (trade.open > 0 && (entryIndex < 0 || trade.entryIndex < entryIndex)) entryIndex = trade.entryIndex;
  }
  position.quantity = quantity;
  position.cost = cost;
  position.flat = quantity === 0;
  position.long = quantity > 0;
  position.short = quantity < 0;
  position.averagePrice = quantity === 0 ? Number.NaN : cost / quantity;
  position.entering = entering;
  position.entryIndex = entryIndex;
  return occupied;
}
