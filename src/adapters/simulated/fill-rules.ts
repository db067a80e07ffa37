/** How the simulated exchange fills. Defaults do not flatter; every row of docs/fill-rules.md has a tape test. */
export interface FillRules {
  /** Bar price of a market order decided on a close. */
  readonly price: 'next-open' | 'same-close';
  /** True fills a limit order that is only touched; false waits until the price trades through. */
  readonly limitTouch: boolean;
  /** Percent of a bar's volume that our fills may take together; the rest waits. */
  readonly volumeSharePercent: number;
  readonly slippage: Slippage;
}

/** How far a market fill is worse than the bar's price. */
export interface Slippage {
  readonly kind: 'none' | 'ticks' | 'bps' | 'volatility';
  /** Ticks, basis points, or percent of the bar's range. */
  readonly amount: number;
  /** Seeds the draw of volatility slippage, which takes 0 to 1 times the amount. */
  readonly seed: number;
}

/** A seeded sequence in [0, 1): the same on every machine (mulberry32). */
export function seededDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
