/** Indices that are written without a blank, by traders and by data vendors. */
const words = new Set([
  'NIFTY',
  'BANKNIFTY',
  'FINNIFTY',
  'MIDCPNIFTY',
  'NIFTYNXT50',
  'INDIAVIX',
  'SENSEX',
  'BANKEX',
  'SENSEX50',
  'NIFTY50',
  'NIFTYBANK',
  'NIFTY100ESGSECLDR',
  'NIFTY200MOMENTM30',
  'GIFT NIFTY',
]);

/**
 * Is this the name of an index rather than a share? No share's tradingsymbol on NSE or BSE has a blank in it, and
 * every index that Kite lists on NSE has, but for those known by name. `NIFTYBEES` and its like are shares.
 */
export function isIndexName(exchange: string, tradingsymbol: string): boolean {
  if (exchange !== 'NSE' && exchange !== 'BSE') return false;
  return words.has(tradingsymbol) || tradingsymbol.includes(' ');
}

/** Where Kite's tradingsymbol is not simply the exchange's name in capitals. Source: Kite instrument dump of NSE, 2025-05. */
const shortened = new Map([
  ['NIFTY FINANCIAL SERVICES', 'NIFTY FIN SERVICE'],
  ['NIFTY MIDCAP SELECT', 'NIFTY MID SELECT'],
  ['NIFTY PRIVATE BANK', 'NIFTY PVT BANK'],
  ['NIFTY SMALLCAP 50', 'NIFTY SMLCAP 50'],
  ['NIFTY SMALLCAP 100', 'NIFTY SMLCAP 100'],
  ['NIFTY SMALLCAP 250', 'NIFTY SMLCAP 250'],
  ['NIFTY MIDSMALLCAP 400', 'NIFTY MIDSML 400'],
  ['NIFTY LARGEMIDCAP 250', 'NIFTY LARGEMID250'],
  ['NIFTY INFRASTRUCTURE', 'NIFTY INFRA'],
  ['NIFTY SERVICES SECTOR', 'NIFTY SERV SECTOR'],
  ['NIFTY INDIA CONSUMPTION', 'NIFTY CONSUMPTION'],
  ['NIFTY CONSUMER DURABLES', 'NIFTY CONSR DURBL'],
  ['NIFTY OIL & GAS', 'NIFTY OIL AND GAS'],
  ['NIFTY HEALTHCARE INDEX', 'NIFTY HEALTHCARE'],
  ['NIFTY TOTAL MARKET', 'NIFTY TOTAL MKT'],
  ['NIFTY MICROCAP 250', 'NIFTY MICROCAP250'],
  ['NIFTY DIVIDEND OPPORTUNITIES 50', 'NIFTY DIV OPPS 50'],
  ['NIFTY INDIA MANUFACTURING', 'NIFTY INDIA MFG'],
]);

/** Kite's tradingsymbol of an index that NSE calls `Nifty Financial Services`. */
export function indexTradingsymbol(name: string): string {
  const capitals = name.trim().replace(/\s+/g, ' ').toUpperCase();
  return shortened.get(capitals) ?? capitals;
}

/** NSE's indices of sectors, as Kite lists them. Source: NSE, Sectoral Indices, 2025; Kite instrument dump of NSE, 2025-05. */
export const sectorIndices = [
  'NIFTY AUTO',
  'NIFTY BANK',
  'NIFTY CONSR DURBL',
  'NIFTY FIN SERVICE',
  'NIFTY FMCG',
  'NIFTY HEALTHCARE',
  'NIFTY IT',
  'NIFTY MEDIA',
  'NIFTY METAL',
  'NIFTY OIL AND GAS',
  'NIFTY PHARMA',
  'NIFTY PSU BANK',
  'NIFTY PVT BANK',
  'NIFTY REALTY',
] as const;
