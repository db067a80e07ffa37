import {
  type ContractLot,
  type DerivativesPlan,
  derivativesMarket,
} from '../adapters/synthetic/derivatives-plan.ts';
import { futuresOf } from '../adapters/synthetic/futures.ts';
import { optionsOf } from '../adapters/synthetic/options.ts';
import { type Scenario, scenarios } from '../adapters/synthetic/scenario.ts';
import { volatilityIndex, volatilityInstrument } from '../adapters/synthetic/volatility-index.ts';
import type { BarSeries } from '../domain/bar-series.ts';
import { UsageError } from '../domain/errors.ts';
import { didYouMean } from '../domain/nearest.ts';

/** What an invented market may have besides its index and stocks. */
const syntheticExtras = ['futures', 'options', 'vix', 'circuits', 'actions'] as const;
export type SyntheticExtra = (typeof syntheticExtras)[number];

const optionTimeframes = ['1m', '5m'] as const;
export type OptionTimeframe = (typeof optionTimeframes)[number];

/** Reads `futures,options,vix`. @throws UsageError USAGE_SYNTHETIC naming the nearest known word */
export function parseExtras(words: string): readonly SyntheticExtra[] {
  const asked = words
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  return [...new Set(asked.map((word) => oneOf(word, syntheticExtras, '--with')))];
}

/** @throws UsageError USAGE_SYNTHETIC naming the nearest known one */
export function parseScenario(word: string): Scenario {
  return oneOf(word.trim().toLowerCase(), scenarios, '--scenario');
}

/** @throws UsageError USAGE_SYNTHETIC */
export function parseOptionTimeframe(word: string): OptionTimeframe {
  return oneOf(word.trim().toLowerCase(), optionTimeframes, '--options-timeframe');
}

/** Everything that is written on the market, made lot by lot as it is asked for: the volatility index, then futures, then options. */
export function extraLots(
  plan: DerivativesPlan,
  stocks: readonly BarSeries[],
  {
    extras,
    optionTimeframe,
  }: { readonly extras: readonly SyntheticExtra[]; readonly optionTimeframe: OptionTimeframe },
): readonly ContractLot[] {
  if (!extras.some((extra) => extra === 'vix' || extra === 'futures' || extra === 'options')) return [];
  const market = derivativesMarket(plan);
  const volatility = volatilityIndex(plan.seed, market.index);
  const { series } = volatility;
  const vix: ContractLot = {
    instruments: [volatilityInstrument],
    timeframe: series.timeframe,
    first: series.time[0],
    last: series.time[series.length - 1],
    make: () => [series],
  };
  return [
    ...(extras.includes('vix') ? [vix] : []),
    ...(extras.includes('futures') ? futuresOf(market, stocks) : []),
    ...(extras.includes('options') ? optionsOf(market, volatility, optionTimeframe) : []),
  ];
}

function oneOf<Word extends string>(word: string, known: readonly Word[], flag: string): Word {
  const found = known.find((one) => one === word);
  if (found) return found;
  const hint = didYouMean(word, known);
  throw new UsageError(
    'USAGE_SYNTHETIC',
    `${flag} received "${word}".${hint}`,
    `Use ${flag === '--with' ? 'any' : 'one'} of ${known.join(', ')}.`,
  );
}
