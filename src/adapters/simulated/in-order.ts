import type { BarSeries } from '../../domain/bar-series.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { MarketListener } from '../../engine/ports.ts';

/** Hears of bars first, and says in advance of how many it has nothing to tell. */
export interface Exchange extends MarketListener {
  /** First row from `from` on at which something here can happen by itself; `to` when nothing can before it. */
  calmUntil(series: BarSeries, from: number, to: number): number;
}

/** Tells both of everything, always in the same order: the order is the meaning. The exchange hears before the engine. */
export function inOrder(exchange: Exchange, engine: MarketListener): MarketListener {
  return new Pair(exchange, engine);
}

/** A class rather than two closures: the listeners are then plain fields of one shape to every run. */
class Pair implements MarketListener {
  private readonly first: Exchange;
  private readonly second: MarketListener;

  constructor(first: Exchange, second: MarketListener) {
    this.first = first;
    this.second = second;
  }

  barClosed(series: BarSeries, row: number): void {
    this.first.barClosed(series, row);
    this.second.barClosed(series, row);
  }

  mark(time: EpochMs): void {
    this.first.mark(time);
    this.second.mark(time);
  }

  barsClosed(series: BarSeries, from: number, to: number): number {
    let calm = this.first.calmUntil(series, from, to);
    // What happened in the exchange on the first bar is told by now, so the calm that follows belongs to the same stretch.
    if (calm === from) calm = this.first.calmUntil(series, this.first.barsClosed(series, from, from + 1), to);
    return this.second.barsClosed(series, from, calm);
  }
}
