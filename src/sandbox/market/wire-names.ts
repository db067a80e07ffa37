import { type Instrument, type InstrumentKey, isDerivative } from '../../domain/instrument.ts';
import type { Listing } from '../../domain/listing.ts';
import { textHash } from './draws.ts';
import type { Listed } from './market.ts';

/**
 * The last byte of a token. Source: Kite Connect v3, WebSocket; checked on an instrument list of 2026-08.
 * A market that Kite does not know is numbered like NSE.
 */
const segmentNumbers: Readonly<Record<string, number>> = {
  NSE: 1,
  NFO: 2,
  CDS: 3,
  BSE: 4,
  BFO: 5,
  BCD: 6,
  MCX: 7,
  INDICES: 9,
};

/** Exchange tokens that programs have in them. Source: Kite's instrument list. */
const knownExchangeTokens: ReadonlyMap<InstrumentKey, number> = new Map([
  ['NSE:NIFTY 50', 1001],
  ['NSE:NIFTY BANK', 1016],
  ['BSE:SENSEX', 1],
  ['NSE:INFY', 1594],
  ['NSE:RELIANCE', 2885],
  ['NSE:SBIN', 3045],
  ['NSE:TCS', 11536],
  ['NSE:HDFCBANK', 1333],
  ['NSE:ICICIBANK', 4963],
]);

/** Names that Kite programs have in their examples, and the company or index behind them. */
const rehearsals: readonly { readonly symbol: string; readonly name: string; readonly index: boolean }[] = [
  { symbol: 'NIFTY 50', name: 'NIFTY 50', index: true },
  { symbol: 'NIFTY BANK', name: 'NIFTY BANK', index: true },
  { symbol: 'INFY', name: 'INFOSYS', index: false },
  { symbol: 'RELIANCE', name: 'RELIANCE INDUSTRIES', index: false },
  { symbol: 'SBIN', name: 'STATE BANK OF INDIA', index: false },
  { symbol: 'TCS', name: 'TATA CONSULTANCY SERV LT', index: false },
  { symbol: 'HDFCBANK', name: 'HDFC BANK', index: false },
  { symbol: 'ICICIBANK', name: 'ICICI BANK', index: false },
];

// Above every token that an exchange gives out, and small enough for clients that read tokens as signed numbers.
const inventedFirst = 2_097_152;
const inventedCount = 4_194_304;

/** A listed instrument and the stored one whose prices it has. */
export interface WireName {
  readonly listed: Listed;
  readonly stored: Instrument;
}

/**
 * Stored instruments under the names that Kite would give them, sorted as in its list. Invented ones are listed under the exchange
 * whose rules they follow, unless something real has that name, and play the familiar names that nothing stored has.
 * What really is listed has the broker's own row in `listings`; every other token depends on the name alone.
 */
export function wireNames(
  stored: readonly Instrument[],
  listings: ReadonlyMap<InstrumentKey, Listing> = new Map(),
): readonly WireName[] {
  const real = stored.filter(({ synthetic }) => !synthetic);
  const invented = stored.filter(({ synthetic }) => synthetic);
  const named = new Map<InstrumentKey, { wire: Instrument; stored: Instrument; name: string }>();
  for (const instrument of [...real, ...invented]) {
    const wire = onWire(instrument);
    if (named.has(wire.key)) continue;
    named.set(wire.key, { wire, stored: instrument, name: nameOf(instrument) });
  }
  for (const part of rehearsed(invented)) if (!named.has(part.wire.key)) named.set(part.wire.key, part);
  const used = new Set(knownExchangeTokens.values());
  for (const { exchangeToken } of listings.values()) used.add(exchangeToken);
  return [...named.values()]
    .sort((a, b) => (a.wire.key < b.wire.key ? -1 : 1))
    .map(({ wire, stored: source, name }) => ({
      listed: {
        listing: (wire.synthetic ? undefined : listings.get(wire.key)) ?? listingOf(wire, name, used),
        instrument: wire,
      },
      stored: source,
    }));
}

/** Programs find the contracts of an underlying by this column, so a contract's says nothing else. */
function nameOf({ underlying, tradingsymbol, synthetic: invented }: Instrument): string {
  if (underlying !== undefined) return underlying;
  return invented ? synthetic(tradingsymbol) : tradingsymbol;
}

function synthetic(name: string): string {
  return `${name} (synthetic)`;
}

/** An instrument as the wire lists it: an invented one under the exchange whose rules it follows. */
export function onWire(instrument: Instrument): Instrument {
  const exchange = instrument.rules === 'none' ? instrument.exchange : instrument.rules;
  if (exchange === instrument.exchange) return instrument;
  return { ...instrument, exchange, key: `${exchange}:${instrument.tradingsymbol}` };
}

function rehearsed(invented: readonly Instrument[]) {
  const indices = invented.filter(({ kind }) => kind === 'INDEX');
  // The volatility index is no index of shares: the first by name that others are derived from is.
  const index = indices.find(({ tradingsymbol }) => tradingsymbol === 'INDEX') ?? indices[0];
  const shares = invented.filter(({ kind }) => kind === 'EQ');
  let next = 0;
  return rehearsals.flatMap((role) => {
    const source = role.index ? index : shares[next++ % Math.max(1, shares.length)];
    if (!source) return [];
    const wire: Instrument = {
      ...source,
      key: `NSE:${role.symbol}`,
      exchange: 'NSE',
      tradingsymbol: role.symbol,
      rules: 'NSE',
    };
    return [{ wire, stored: source, name: synthetic(role.name) }];
  });
}

function listingOf(instrument: Instrument, name: string, used: Set<number>): Listing {
  const { exchange, tradingsymbol, kind, expiry = '', strike = 0, tickSize, lotSize } = instrument;
  const segment = segmentOf(instrument);
  const exchangeToken = exchangeTokenOf(instrument.key, used);
  return {
    exchange,
    tradingsymbol,
    token:
      exchangeToken * 256 + (segmentNumbers[kind === 'INDEX' ? 'INDICES' : exchange] ?? segmentNumbers.NSE),
    exchangeToken,
    name,
    expiry,
    strike,
    tickSize: tickSize || 0.05,
    lotSize: Math.max(1, lotSize),
    type: kind === 'INDEX' ? 'EQ' : kind,
    segment,
  };
}

function segmentOf(instrument: Instrument): string {
  if (instrument.kind === 'INDEX') return 'INDICES';
  if (!isDerivative(instrument)) return instrument.exchange;
  return `${instrument.exchange}-${instrument.kind === 'FUT' ? 'FUT' : 'OPT'}`;
}

function exchangeTokenOf(key: InstrumentKey, used: Set<number>): number {
  const known = knownExchangeTokens.get(key);
  if (known !== undefined) return known;
  let token = inventedFirst + (textHash(key) % inventedCount);
  while (used.has(token)) token++;
  used.add(token);
  return token;
}
