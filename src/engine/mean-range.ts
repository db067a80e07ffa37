import type { Slot } from './slot.ts';

/**
 * Mean true range of the newest `bars` closed bars, rupees; NaN while there are fewer with a close before them. Looked up for an entry
 * that asks, so that bars without one cost nothing; a plain mean, which forgets what lies further back.
 */
export function meanRange(
  { series: { high, low, close }, row }: Pick<Slot, 'series' | 'row'>,
  bars: number,
): number {
  if (row < bars) return Number.NaN;
  let sum = 0;
  for (let at = row - bars + 1; at <= row; at++)
    sum += Math.max(high[at], close[at - 1]) - Math.min(low[at], close[at - 1]);
  return sum / bars;
}
