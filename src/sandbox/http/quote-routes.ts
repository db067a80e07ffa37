import { kiteQuoteInstruments } from '../../domain/kite-limits.ts';
import { kiteTime } from '../../domain/kite-time.ts';
import type { DepthLevel, Listed, Quote } from '../market/market.ts';
import type { PlayedMarket } from '../market/sandbox-market.ts';
import { KiteRefusal, type KiteRequest, type Route } from './route.ts';

/** Snapshots by name or token. What is not listed is left out of the answer without a word, as Kite does. */
export function quoteRoutes(market: PlayedMarket): readonly Route[] {
  const route = (path: string, most: number, shape: (quote: Quote) => object): Route => ({
    method: 'GET',
    path,
    limit: 'quote',
    handle: ({ query }) => ({ data: snapshots(market, query, most, shape) }),
  });
  return [
    route('/quote', kiteQuoteInstruments.quote, (quote) => fullQuote(quote, market.clock.now())),
    route('/quote/ohlc', kiteQuoteInstruments.ohlc, (quote) => ({ ...lastPrice(quote), ohlc: ohlc(quote) })),
    route('/quote/ltp', kiteQuoteInstruments.ltp, lastPrice),
  ];
}

function snapshots(
  market: PlayedMarket,
  query: KiteRequest['query'],
  most: number,
  shape: (quote: Quote) => object,
): Record<string, object> {
  const asked = query.getAll('i');
  if (asked.length === 0) throw new KiteRefusal('InputException', 'Missing or empty field `i`');
  if (asked.length > most)
    throw new KiteRefusal('InputException', `${asked.length} instruments asked for; the limit is ${most}.`);
  const found: Record<string, object> = {};
  for (const name of asked) {
    const listed = listedAs(market, name);
    const key = listed?.instrument.key;
    const quote = key === undefined ? undefined : (market.quote(key) ?? market.idleQuote(key));
    if (quote) found[name] = shape(quote);
  }
  return found;
}

function listedAs(market: PlayedMarket, name: string): Listed | undefined {
  return /^\d+$/.test(name) ? market.byToken(Number(name)) : market.byKey(name);
}

function lastPrice({ listed, lastPrice: last_price }: Quote) {
  return { instrument_token: listed.listing.token, last_price };
}

function ohlc({ open, high, low, previousClose }: Quote) {
  return { open, high, low, close: previousClose };
}

function fullQuote(quote: Quote, now: number): object {
  const { listed, lastPrice: last, previousClose } = quote;
  const common = {
    instrument_token: listed.listing.token,
    timestamp: kiteTime(quote.time || now),
    last_price: last,
    net_change: Math.round((last - previousClose) * 100) / 100,
    ohlc: ohlc(quote),
  };
  // An index is not traded: no book, no volume, no limits.
  if (listed.instrument.kind === 'INDEX') return common;
  return {
    ...common,
    last_trade_time: quote.lastTradeTime > 0 ? kiteTime(quote.lastTradeTime) : null,
    last_quantity: quote.lastQuantity,
    buy_quantity: quote.buyQuantity,
    sell_quantity: quote.sellQuantity,
    volume: quote.volume,
    average_price: quote.averagePrice,
    oi: quote.openInterest,
    oi_day_high: quote.openInterestHigh,
    oi_day_low: quote.openInterestLow,
    lower_circuit_limit: quote.lowerCircuit,
    upper_circuit_limit: quote.upperCircuit,
    depth: { buy: quote.bids.map(level), sell: quote.asks.map(level) },
  };
}

function level({ price, quantity, orders }: DepthLevel) {
  return { price, quantity, orders };
}
