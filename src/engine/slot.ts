import type { BarSeries } from '../domain/bar-series.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Product } from '../domain/order.ts';
import { isIntraday, timeframeMs } from '../domain/timeframe.ts';
import type { BarCursor } from '../indicators/series.ts';
import type { StrategyRun } from './strategy-run.ts';
import type { DayExecution } from './working-order.ts';

/** One watched series: where its cursor stands, what day it is there, and what is held in it. */
export class Slot implements BarCursor {
  readonly instrument: Instrument;
  readonly series: BarSeries;
  readonly intraday: boolean;
  readonly barMs: number;
  readonly lotSize: number;
  readonly runs: StrategyRun[] = [];
  row = -1;
  close = Number.NaN;
  /** Close of the session before the current one; NaN in the first. */
  previousClose = Number.NaN;
  dayNumber = -1;
  /** Instant at which the current day is over. */
  dayEnd = Number.NEGATIVE_INFINITY;
  /** First row that may belong to another day. */
  dayEndRow = 0;
  sessionOpen = Number.NaN;
  sessionClose = Number.NaN;
  /** First bar of the session. */
  sessionRow = 0;
  /** Last mark of the session at which MIS positions can still be closed at a later bar's open. */
  squareOffMark = Number.POSITIVE_INFINITY;
  cutOffMinute = Number.POSITIVE_INFINITY;
  freezeQuantity = Number.POSITIVE_INFINITY;
  /** Day number of the contract's last session to hold it in; Infinity for cash. */
  lastDay = Number.POSITIVE_INFINITY;
  /** Positions in the contract end with this session. */
  lastSession = false;
  /** Everything was closed for good, and nothing is entered any more. */
  over = false;
  /** Units held, all strategies together, and what they cost; paise, negative for shorts. */
  netQuantity = 0;
  costPaise = 0;
  /** The part of it whose gains and losses move the available funds from day to day. */
  leveragedQuantity = 0;
  leveragedCostPaise = 0;
  /** Trades open, all strategies together. */
  openTrades = 0;
  /** The instrument's orders executed today; slots of one instrument share the list, as they share its contract note. */
  readonly executions: DayExecution[];
  /** Margin rates of the day, looked up once. */
  marginDay = -1;
  marginProduct: Product | undefined = undefined;
  buyMargin = 1.5;
  sellMargin = 1.5;

  constructor(instrument: Instrument, series: BarSeries, lotSize: number, executions: DayExecution[]) {
    this.instrument = instrument;
    this.series = series;
    this.lotSize = lotSize;
    this.executions = executions;
    this.intraday = isIntraday(series.timeframe);
    this.barMs = timeframeMs(series.timeframe);
  }
}
