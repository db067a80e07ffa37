import type { BarSeries } from '../../domain/bar-series.ts';

/** How the market went on after a scan had found something. Percent a holding, before costs. */
export interface ForwardReturn {
  /** Bars from the entry at the next open to the exit at a close. */
  readonly bars: number;
  readonly hits: number;
  readonly mean: number;
  readonly median: number;
  /** Percent of the hits that rose. */
  readonly rose: number;
  /** Standard error of the mean, percent; hits of one day move together, so the truth is wider. */
  readonly error: number;
  /** The same holding from every bar of every instrument on which the scan could tell. */
  readonly always: { readonly holdings: number; readonly mean: number; readonly rose: number };
}

/** Collects the returns of holding after a hit, and after any bar, instrument by instrument. */
export class ForwardReturns {
  readonly #horizons: readonly number[];
  readonly #hits: number[][];
  readonly #always: { holdings: number; sum: number; rose: number }[];

  constructor(horizons: readonly number[]) {
    this.#horizons = horizons;
    this.#hits = horizons.map(() => []);
    this.#always = horizons.map(() => ({ holdings: 0, sum: 0, rose: 0 }));
  }

  /** `holds` is 1 on the bars that the scan finds and NaN where it cannot tell. */
  add({ open, close, length }: BarSeries, holds: Float64Array): void {
    this.#horizons.forEach((bars, at) => {
      const always = this.#always[at];
      for (let row = 0; row + bars < length; row++) {
        if (Number.isNaN(holds[row])) continue;
        const percent = (close[row + bars] / open[row + 1] - 1) * 100;
        if (!Number.isFinite(percent)) continue;
        always.holdings += 1;
        always.sum += percent;
        if (percent > 0) always.rose += 1;
        if (holds[row] === 1) this.#hits[at].push(percent);
      }
    });
  }

  result(): readonly ForwardReturn[] {
    return this.#horizons.map((bars, at) => {
      const percents = this.#hits[at].sort((a, b) => a - b);
      const count = percents.length;
      const mean = percents.reduce((sum, each) => sum + each, 0) / count;
      const variance = percents.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (count - 1);
      const { holdings, sum, rose } = this.#always[at];
      return {
        bars,
        hits: count,
        mean,
        median: count === 0 ? Number.NaN : (percents[(count - 1) >> 1] + percents[count >> 1]) / 2,
        rose: (100 * percents.filter((each) => each > 0).length) / count,
        error: count > 1 ? Math.sqrt(variance / count) : Number.NaN,
        always: { holdings, mean: sum / holdings, rose: (100 * rose) / holdings },
      };
    });
  }
}
