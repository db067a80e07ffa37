import type { Instrument, MarketRules } from './instrument.ts';
import { isDerivative, isOption } from './instrument.ts';

/** Markets that keep the same hours. Stocks that have derivatives close in an auction since 2026-08-03. */
export const hoursSegments = [
  'CASH',
  'CASH_WITH_DERIVATIVES',
  'EQUITY_DERIVATIVES',
  'CURRENCY',
  'COMMODITY',
] as const;
export type HoursSegment = (typeof hoursSegments)[number];

/** Undefined for a market without Indian rules. */
export function hoursSegmentOf(instrument: Instrument): HoursSegment | undefined {
  switch (instrument.rules) {
    case 'NSE':
    case 'BSE':
      return instrument.hasDerivatives && instrument.kind === 'EQ' ? 'CASH_WITH_DERIVATIVES' : 'CASH';
    case 'NFO':
    case 'BFO':
      return 'EQUITY_DERIVATIVES';
    case 'CDS':
    case 'BCD':
      return 'CURRENCY';
    case 'MCX':
      return 'COMMODITY';
    case 'none':
      return undefined;
    default:
      return instrument.rules satisfies never;
  }
}

/** What Zerodha's price list tells apart. Cash is both: the day decides whether shares change hands. */
export const chargeSegments = [
  'EQ_DELIVERY',
  'EQ_INTRADAY',
  'EQ_FUT',
  'EQ_OPT',
  'CUR_FUT',
  'CUR_OPT',
  'COM_FUT',
  'COM_OPT',
] as const;
export type ChargeSegment = (typeof chargeSegments)[number];

const familyOf: Readonly<Record<MarketRules, 'EQ' | 'CUR' | 'COM' | undefined>> = {
  NSE: 'EQ',
  NFO: 'EQ',
  BSE: 'EQ',
  BFO: 'EQ',
  CDS: 'CUR',
  BCD: 'CUR',
  MCX: 'COM',
  none: undefined,
};

/** Segment of a derivative; undefined for cash, indices and markets without Indian rules. */
export function derivativeSegmentOf(instrument: Instrument): ChargeSegment | undefined {
  const family = familyOf[instrument.rules];
  if (family === undefined || !isDerivative(instrument)) return undefined;
  return `${family}_${isOption(instrument) ? 'OPT' : 'FUT'}`;
}

/** The exchange that sends the bill. */
export function exchangeOf(rules: MarketRules): 'NSE' | 'BSE' | 'MCX' {
  if (rules === 'MCX') return 'MCX';
  return rules === 'BSE' || rules === 'BFO' || rules === 'BCD' ? 'BSE' : 'NSE';
}

/** Names of index contracts; every other underlying of NFO and BFO is a stock. */
const indexUnderlyings = new Set([
  ...['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'NIFTYNXT50', 'NIFTYFPI', 'INDIAVIX', 'NIFTYIT'],
  ...['SENSEX', 'BANKEX', 'SENSEX50', 'FOCIT'],
  // The invented index of the synthetic market; no share of NSE or BSE has this symbol.
  'INDEX',
]);

/** Classes of the tick and margin tables. */
export type ContractClass =
  | 'CASH'
  | 'ETF'
  | 'INDEX'
  | `${'INDEX' | 'STOCK' | 'CURRENCY' | 'COMMODITY'}_${'FUTURE' | 'OPTION'}`;

/** Undefined for a market without Indian rules. */
export function contractClassOf(instrument: Instrument): ContractClass | undefined {
  const family = familyOf[instrument.rules];
  if (family === undefined) return undefined;
  if (instrument.kind === 'INDEX') return 'INDEX';
  // The instrument master does not name exchange traded funds; their symbols end this way.
  if (instrument.kind === 'EQ') return /(BEES|ETF)$/.test(instrument.tradingsymbol) ? 'ETF' : 'CASH';
  const form = isOption(instrument) ? 'OPTION' : 'FUTURE';
  if (family === 'CUR') return `CURRENCY_${form}`;
  if (family === 'COM') return `COMMODITY_${form}`;
  return indexUnderlyings.has(instrument.underlying ?? '') ? `INDEX_${form}` : `STOCK_${form}`;
}
