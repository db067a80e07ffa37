import type { Instrument } from '../../domain/instrument.ts';

/** How one invented instrument behaves. */
export interface Listing {
  readonly instrument: Instrument;
  /** Rupees (points for the index) at the close before the first session. */
  readonly price: number;
  /** Of close-to-close returns, as a share: 0.28 is 28 % a year. */
  readonly annualVolatility: number;
  /** Of one-minute returns with the index, 0 to 1; 0 for the index itself. */
  readonly correlation: number;
  /** Units on an ordinary day; 0 for the index, which is not traded. */
  readonly volumePerDay: number;
}

/** NSE's rules apply to the invented exchange: its calendar, its ticks, its charges. */
export const syntheticExchange = 'SYN';
export const largestListing = 20;

const annualVolatilityOfIndex = 0.155;

/** The index first, then `count` stocks, always in the same order, so that a smaller market is the head of a larger one. */
export function listings(count: number): readonly Listing[] {
  return [index, ...stocks.slice(0, count)];
}

const index: Listing = {
  instrument: { ...identity('INDEX'), kind: 'INDEX', tickSize: 0.05 },
  price: 24_000,
  annualVolatility: annualVolatilityOfIndex,
  correlation: 0,
  volumePerDay: 0,
};

// Volatility, correlation and turnover lie in the ranges measured for NSE's first 500 stocks by turnover, 2021–2024.
// The names were checked against NSE's list of instruments: no company has one of them.
const stocks: readonly Listing[] = [
  stock('ZAVORI', { price: 1_420, volatility: 0.26, correlation: 0.44, crore: 620, derivatives: true }),
  stock('KENDRUM', { price: 612, volatility: 0.29, correlation: 0.41, crore: 410, derivatives: true }),
  stock('PALVEX', { price: 184, volatility: 0.34, correlation: 0.34, crore: 130, derivatives: false }),
  stock('TIRAMAX', { price: 3_260, volatility: 0.27, correlation: 0.4, crore: 350, derivatives: true }),
  stock('OSHVIN', { price: 855, volatility: 0.38, correlation: 0.29, crore: 45, derivatives: false }),
  stock('BRENVAS', { price: 2_140, volatility: 0.25, correlation: 0.45, crore: 540, derivatives: true }),
  stock('CHALDEX', { price: 96, volatility: 0.4, correlation: 0.3, crore: 60, derivatives: false }),
  stock('DURAVIK', { price: 478, volatility: 0.3, correlation: 0.39, crore: 260, derivatives: true }),
  stock('FENDRIK', { price: 7_350, volatility: 0.28, correlation: 0.36, crore: 170, derivatives: true }),
  stock('GOLVARA', { price: 1_085, volatility: 0.33, correlation: 0.33, crore: 90, derivatives: false }),
  stock('HESPIN', { price: 331, volatility: 0.31, correlation: 0.38, crore: 240, derivatives: true }),
  stock('IRAVON', { price: 1_760, volatility: 0.28, correlation: 0.42, crore: 330, derivatives: true }),
  stock('JUNEVAR', { price: 245, volatility: 0.36, correlation: 0.32, crore: 75, derivatives: false }),
  stock('KOLVARA', { price: 4_480, volatility: 0.26, correlation: 0.4, crore: 210, derivatives: true }),
  stock('LUMBREX', { price: 58, volatility: 0.42, correlation: 0.28, crore: 38, derivatives: false }),
  stock('MORVANE', { price: 926, volatility: 0.29, correlation: 0.41, crore: 300, derivatives: true }),
  stock('NIVARTA', { price: 12_300, volatility: 0.27, correlation: 0.35, crore: 120, derivatives: true }),
  stock('PRAVELO', { price: 540, volatility: 0.39, correlation: 0.27, crore: 28, derivatives: false }),
  stock('VENTRAK', { price: 2_890, volatility: 0.32, correlation: 0.37, crore: 190, derivatives: true }),
  stock('WARLIK', { price: 148, volatility: 0.37, correlation: 0.31, crore: 52, derivatives: false }),
];

interface Character {
  price: number;
  volatility: number;
  correlation: number;
  /** Turnover of an ordinary day, crore rupees. */
  crore: number;
  derivatives: boolean;
}

function stock(symbol: string, { price, volatility, correlation, crore, derivatives }: Character): Listing {
  return {
    instrument: { ...identity(symbol), kind: 'EQ', tickSize: 0.05, hasDerivatives: derivatives },
    price,
    annualVolatility: volatility,
    correlation,
    volumePerDay: (crore * 10_000_000) / price,
  };
}

function identity(symbol: string) {
  return {
    key: `${syntheticExchange}:${symbol}`,
    exchange: syntheticExchange,
    tradingsymbol: symbol,
    rules: 'NSE',
    lotSize: 1,
    synthetic: true,
  } as const;
}
