import type { DepthLevel, Quote } from '../market/market.ts';

/** How much of an instrument a client wants. */
export type TickMode = 'ltp' | 'quote' | 'full';

export const tickModes = ['ltp', 'quote', 'full'] as const;

/** The longest packet, in bytes. */
export const packetBytesMax = 184;

const indexSegment = 9;
const levels = 5;

/** Body length in bytes, by which a client knows what a packet is. */
export function packetBytes(token: number, mode: TickMode): number {
  if (mode === 'ltp') return 8;
  if (isIndex(token)) return mode === 'quote' ? 28 : 32;
  return mode === 'quote' ? 44 : 184;
}

/**
 * Writes the packet of a quote and answers its length in bytes. Big-endian, unsigned; prices in the smallest unit of the
 * token's segment; instants in Unix seconds; what has no value is 0.
 * @see kite.trade/docs/connect/v3/websocket, and the sample packets of zerodha/kiteconnect-mocks
 */
export function writePacket(target: Buffer, offset: number, quote: Quote, mode: TickMode): number {
  const { token } = quote.listed.listing;
  const divisor = divisorOf(token);
  putUnsigned(target, offset, token);
  putUnsigned(target, offset + 4, quote.lastPrice * divisor);
  if (mode === 'ltp') return 8;
  return isIndex(token)
    ? writeIndex(target, offset, quote, divisor, mode)
    : writeTraded(target, offset, quote, divisor, mode);
}

/** The order of an index is high, low, open, close; that of everything else open, high, low, close. */
function writeIndex(target: Buffer, offset: number, quote: Quote, divisor: number, mode: TickMode): number {
  putUnsigned(target, offset + 8, quote.high * divisor);
  putUnsigned(target, offset + 12, quote.low * divisor);
  putUnsigned(target, offset + 16, quote.open * divisor);
  putUnsigned(target, offset + 20, quote.previousClose * divisor);
  // The documentation does not say whether the change is signed; two's complement reads right where it is.
  const change = Math.round((quote.lastPrice - quote.previousClose) * divisor);
  target.writeInt32BE(Number.isFinite(change) ? change | 0 : 0, offset + 24);
  if (mode === 'quote') return 28;
  putUnsigned(target, offset + 28, Math.floor(quote.time / 1_000));
  return 32;
}

function writeTraded(target: Buffer, offset: number, quote: Quote, divisor: number, mode: TickMode): number {
  putUnsigned(target, offset + 8, quote.lastQuantity);
  putUnsigned(target, offset + 12, quote.averagePrice * divisor);
  putUnsigned(target, offset + 16, quote.volume);
  putUnsigned(target, offset + 20, quote.buyQuantity);
  putUnsigned(target, offset + 24, quote.sellQuantity);
  putUnsigned(target, offset + 28, quote.open * divisor);
  putUnsigned(target, offset + 32, quote.high * divisor);
  putUnsigned(target, offset + 36, quote.low * divisor);
  putUnsigned(target, offset + 40, quote.previousClose * divisor);
  if (mode === 'quote') return 44;
  putUnsigned(target, offset + 44, Math.floor(quote.lastTradeTime / 1_000));
  putUnsigned(target, offset + 48, quote.openInterest);
  putUnsigned(target, offset + 52, quote.openInterestHigh);
  putUnsigned(target, offset + 56, quote.openInterestLow);
  putUnsigned(target, offset + 60, Math.floor(quote.time / 1_000));
  for (let level = 0; level < levels; level++) {
    writeLevel(target, offset + 64 + level * 12, quote.bids[level], divisor);
    writeLevel(target, offset + 124 + level * 12, quote.asks[level], divisor);
  }
  return 184;
}

function writeLevel(target: Buffer, offset: number, level: DepthLevel | undefined, divisor: number): void {
  putUnsigned(target, offset, level?.quantity ?? 0);
  putUnsigned(target, offset + 4, (level?.price ?? 0) * divisor);
  target.writeUInt16BE(Math.min(level?.orders ?? 0, 65_535), offset + 8);
  target.writeUInt16BE(0, offset + 10);
}

/** Units of a price in a rupee. Currency derivatives of NSE have seven decimals, of BSE four in Kite's own clients. */
function divisorOf(token: number): number {
  const segment = token & 0xff;
  if (segment === 3) return 10_000_000;
  return segment === 6 ? 10_000 : 100;
}

function isIndex(token: number): boolean {
  return (token & 0xff) === indexSegment;
}

function putUnsigned(target: Buffer, offset: number, value: number): void {
  const whole = Math.round(value);
  target.writeUInt32BE(whole > 0 ? Math.min(whole, 4_294_967_295) : 0, offset);
}
