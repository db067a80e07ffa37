import { isOption } from '../../domain/instrument.ts';
import { kiteLot } from '../../domain/kite-multiplier.ts';
import type { Draws } from './draws.ts';
import type { DepthLevel, Quote } from './market.ts';
import { onGrid } from './minute-prints.ts';

export const depthLevels = 5;

/** How many times as much as usual waits where the other side is away. */
const lockedQueue = 20;

export function emptyDepth(): DepthLevel[] {
  return Array.from({ length: depthLevels }, () => ({ quantity: 0, price: 0, orders: 0 }));
}

/**
 * Ticks between best bid and best ask, by the rupees that change hands in an ordinary minute: one for the most traded shares, more
 * the less there is. Options are wider by half of that again.
 */
export function spreadTicks(turnoverPerMinute: number, options: boolean): number {
  const ticks =
    turnoverPerMinute > 5_000_000 ? 1 : turnoverPerMinute > 500_000 ? 2 : turnoverPerMinute > 50_000 ? 4 : 8;
  return options ? ticks + Math.ceil(ticks / 2) : ticks;
}

/**
 * Lays five levels on either side of the last price, which was the best bid or the best ask. At a locked
 * circuit one side is empty and the other long. */
export function layDepth(
  quote: Quote,
  tick: number,
  spread: number,
  typicalQuantity: number,
  draws: Draws,
): void {
  const { instrument } = quote.listed;
  if (instrument.kind === 'INDEX') return;
  const step = tick || 0.05;
  const bought = draws.next() < 0.5;
  const { locked } = quote;
  const bid = bought && locked === 0 ? quote.lastPrice - spread * step : quote.lastPrice;
  const ask = bought || locked !== 0 ? quote.lastPrice : quote.lastPrice + spread * step;
  const lot = Math.max(1, kiteLot(instrument));
  const gap = isOption(instrument) && spread > 2 ? 2 : 1;
  const typical = typicalQuantity * (locked === 0 ? 1 : lockedQueue);
  quote.buyQuantity = laySide(quote.bids, bid, -gap * step, step, quote, typical, lot, draws);
  quote.sellQuantity = laySide(quote.asks, ask, gap * step, step, quote, typical, lot, draws);
  if (locked === -1) quote.buyQuantity = emptySide(quote.bids);
  if (locked === 1) quote.sellQuantity = emptySide(quote.asks);
}

function emptySide(levels: readonly DepthLevel[]): number {
  for (const level of levels) Object.assign(level, { price: 0, quantity: 0, orders: 0 });
  return 0;
}

/** Answers the quantity of the whole side, which reaches beyond the five levels. */
function laySide(
  levels: readonly DepthLevel[],
  best: number,
  step: number,
  tick: number,
  { lowerCircuit, upperCircuit }: Quote,
  typicalQuantity: number,
  lot: number,
  draws: Draws,
): number {
  let total = 0;
  for (let row = 0; row < depthLevels; row++) {
    const level = levels[row];
    const price = onGrid(best + row * step, tick);
    if (price <= 0 || price < lowerCircuit || price > upperCircuit) {
      level.price = 0;
      level.quantity = 0;
      level.orders = 0;
      continue;
    }
    const size = typicalQuantity * (0.3 + draws.next() * (1 + row * 0.5));
    level.price = price;
    level.quantity = Math.max(1, Math.round(size / lot)) * lot;
    level.orders = 1 + draws.whole(Math.min(20, Math.ceil(level.quantity / lot)));
    total += level.quantity;
  }
  return total * 12;
}
