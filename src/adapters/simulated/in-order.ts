import type { BarSeries } from '../../domain/bar-series.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { MarketListener } from '../../engine/ports.ts';

/** Tells two listeners of everything, always in the same order: the order is the meaning. The exchange hears before the engine. */
export function inOrder(first: MarketListener, second: MarketListener): MarketListener {
  return new Pair(first, second);
}

/** A class rather than two closures: the listeners are then plain fields of one shape to every run. */
class Pair implements MarketListener {
  private readonly first: MarketListener;
  private readonly second: MarketListener;

  constructor(first: MarketListener, second: MarketListener) {
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

  barClosedAlone(series: BarSeries, row: number, time: EpochMs): void {
    this.first.barClosedAlone(series, row, time);
    this.second.barClosedAlone(series, row, time);
  }
}
