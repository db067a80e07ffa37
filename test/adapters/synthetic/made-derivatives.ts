import { createHash } from 'node:crypto';
import {
  type ContractLot,
  type DerivativesMarket,
  derivativesMarket,
} from '../../../src/adapters/synthetic/derivatives-plan.ts';
import { futuresOf } from '../../../src/adapters/synthetic/futures.ts';
import { generateMarket, type MarketPlan } from '../../../src/adapters/synthetic/generate-market.ts';
import { optionsOf } from '../../../src/adapters/synthetic/options.ts';
import {
  type ExpectedVolatility,
  volatilityIndex,
} from '../../../src/adapters/synthetic/volatility-index.ts';
import { defaultConfig } from '../../../src/config/schema.ts';
import type { BarSeries } from '../../../src/domain/bar-series.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { istDayNumber } from '../../../src/domain/time.ts';
import { india } from '../../support/india.ts';

/** The default market under India's shipped rules, which its derivatives need for expiries and lots. */
export const indianPlan = {
  ...defaultConfig().synthetic,
  calendar: india.calendar,
  contracts: india.contracts,
};

export interface MadeSeries {
  readonly instrument: Instrument;
  readonly series: BarSeries;
}

export interface MadeDerivatives {
  readonly market: DerivativesMarket;
  readonly stocks: readonly BarSeries[];
  readonly vix: ExpectedVolatility;
  readonly futures: readonly MadeSeries[];
  readonly options: readonly ContractLot[];
}

export function madeDerivatives(change: Partial<MarketPlan> = {}): MadeDerivatives {
  const plan = { ...indianPlan, ...change, contracts: india.contracts };
  const [, ...stocks] = [...generateMarket(plan)].map(({ series }) => series);
  const market = derivativesMarket(plan);
  const vix = volatilityIndex(plan.seed, market.index);
  return {
    market,
    stocks,
    vix,
    futures: futuresOf(market, stocks).flatMap(madeOf),
    options: [...optionsOf(market, vix, '5m')],
  };
}

export function madeOf(lot: ContractLot): MadeSeries[] {
  return lot.make().map((series, at) => ({ instrument: lot.instruments[at], series }));
}

const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

export function checksum(series: BarSeries): string {
  const hash = createHash('sha256');
  for (const column of columns) hash.update(new Uint8Array(series[column].slice(0, series.length).buffer));
  return hash.digest('hex').slice(0, 16);
}

/** Mean of the last thirty closes of a day of minutes, worked out by itself. */
export function settlementOf(minutes: BarSeries, dayNumber: number): number {
  const closes: number[] = [];
  for (let row = 0; row < minutes.length; row++)
    if (istDayNumber(minutes.time[row]) === dayNumber) closes.push(minutes.close[row]);
  const last = closes.slice(-30);
  return last.reduce((sum, close) => sum + close, 0) / last.length;
}
