import type { MarketListener } from '../../engine/ports.ts';

/** Tells several listeners of everything, always in the same order: the order is the meaning. The exchange hears before the engine. */
export function inOrder(first: MarketListener, second: MarketListener): MarketListener {
  return {
    barClosed(series, row) {
      first.barClosed(series, row);
      second.barClosed(series, row);
    },
    mark(time) {
      first.mark(time);
      second.mark(time);
    },
  };
}
