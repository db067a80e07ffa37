/** The public door: everything a strategy file may use, imported as 'algo/strategy'. */
export type { Instrument } from '../domain/instrument.ts';
export type { Product, Side } from '../domain/order.ts';
export type { Timeframe } from '../domain/timeframe.ts';
export type { EmaSeed } from '../indicators/ema.ts';
export type { Lines, MarketView, SlowerView } from '../indicators/market-view.ts';
export type { Series } from '../indicators/series.ts';
export { crossesAbove, crossesBelow } from './crossing.ts';
export { defineStrategy, type Strategy, type StrategyDefinition } from './define.ts';
export type { Market } from './market.ts';
export {
  choice,
  clock,
  flag,
  int,
  number,
  type Param,
  type ParamShape,
  type ParamValues,
  percent,
} from './params.ts';
export type {
  Bar,
  Distance,
  EntryOptions,
  ExitOptions,
  FillView,
  Hooks,
  Position,
  Session,
  Trade,
} from './trade.ts';
