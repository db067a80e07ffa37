import type { BarSeries } from '../domain/bar-series.ts';
import { StrategyError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';
import { canResample, Resampler, type SessionsByDay } from '../domain/resample.ts';
import { istDayNumber } from '../domain/time.ts';
import { type Timeframe, timeframes } from '../domain/timeframe.ts';
import type { BarCursor } from './series.ts';

/** What goes along with slower bars: their indicators. */
export interface Follower {
  newSession(): void;
  advance(): unknown;
}

/**
 * Slower bars put together while the faster ones pass, and the cursor on the last that closed. Only whole slower bars are
 * ever seen: one joins with the faster bar that reaches its end, or with the next one where that is missing.
 *
 * @throws StrategyError STRATEGY_TIMEFRAME where the slower bars are not made of whole faster ones
 */
export class SlowerBars implements BarCursor {
  readonly series: BarSeries;
  row = -1;
  /** The newest faster bar completed a slower one. */
  justClosed = false;
  readonly #resampler: Resampler;
  #dayNumber = Number.NaN;

  constructor(source: BarSeries, timeframe: Timeframe, sessions: SessionsByDay | undefined) {
    check(source.timeframe, timeframe);
    this.#resampler = new Resampler(source, timeframe, sessions);
    this.series = this.#resampler.series;
  }

  /** Takes the closed bar at `row` of the faster series. A gap may end two slower bars at once. */
  follow(source: BarSeries, row: number, follower: Follower): void {
    this.justClosed = this.#resampler.next(source, row) > 0;
    while (this.row + 1 < this.series.length) {
      this.row += 1;
      const dayNumber = istDayNumber(this.series.time[this.row]);
      if (dayNumber !== this.#dayNumber) follower.newSession();
      this.#dayNumber = dayNumber;
      follower.advance();
    }
  }
}

/** Strategy files are not type-checked, so the timeframe may be any text. */
function check(source: Timeframe, timeframe: Timeframe): void {
  if (!timeframes.includes(timeframe)) {
    const hint = didYouMean(`${timeframe}`, timeframes);
    throw new StrategyError(
      'STRATEGY_TIMEFRAME',
      `every received ${JSON.stringify(timeframe)}, which is no timeframe.${hint}`,
      `Use one of ${timeframes.join(', ')}.`,
    );
  }
  if (canResample(source, timeframe)) return;
  const fits = timeframes.filter((each) => canResample(source, each)).join(', ');
  throw new StrategyError(
    'STRATEGY_TIMEFRAME',
    `every("${timeframe}") was asked for on ${source} bars, of which ${timeframe} bars cannot be made.`,
    `On ${source} bars use ${fits}; or run the strategy on faster bars with --timeframe.`,
  );
}
