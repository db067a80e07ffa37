import { type Instrument, isOption } from './instrument.ts';
import type { Side } from './order.ts';

/** Bands that Kite takes for `market_protection=-1`, percent of the last price. Source: Zerodha, market price protection, 2026. */
const cashBands = [
  { below: 100, percent: 2 },
  { below: 500, percent: 1 },
  { below: Number.POSITIVE_INFINITY, percent: 0.5 },
];
const optionBands = [
  { below: 10, percent: 5 },
  { below: 100, percent: 3 },
  { below: 500, percent: 2 },
  { below: Number.POSITIVE_INFINITY, percent: 1 },
];

/** Percent by which a market order may be worse than the last price. `asked` is the client's own percentage, or -1. */
export function protectionPercent(instrument: Instrument, lastPrice: number, asked: number): number {
  if (asked > 0) return asked;
  const bands = isOption(instrument) ? optionBands : cashBands;
  return bands.find(({ below }) => lastPrice < below)?.percent ?? 0.5;
}

/** Worst price of a protected market order, on the grid and inside the day's circuit; a circuit of 0 is not known. Rupees. */
export function protectedPrice(
  side: Side,
  price: number,
  percent: number,
  { tick, lower, upper }: { readonly tick: number; readonly lower: number; readonly upper: number },
): number {
  const buys = side === 'BUY';
  const worst = price * (1 + ((buys ? 1 : -1) * percent) / 100);
  const steps = worst / tick;
  const gridded = (buys ? Math.floor(steps + 1e-6) : Math.ceil(steps - 1e-6)) * tick;
  const inside = buys ? Math.min(gridded, upper || gridded) : Math.max(gridded, lower || tick);
  return Math.round(inside * 1e8) / 1e8;
}
