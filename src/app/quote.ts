import { DataError, exitCodes, UsageError } from '../domain/errors.ts';
import { type InstrumentKey, parseKey } from '../domain/instrument.ts';
import { kiteQuoteInstruments } from '../domain/kite-limits.ts';
import { nearest } from '../domain/nearest.ts';
import { type EpochMs, isoInstant, secondMs } from '../domain/time.ts';
import { priceText } from '../reports/format.ts';
import type { LevelRow, QuotePage, QuoteRow } from '../reports/quote-text.ts';
import type { Context } from './context.ts';
import { archiveOf } from './instruments.ts';
import { type KiteSession, type SessionOptions, withKiteSession } from './kite-session.ts';
import { namedUniverse } from './named-universes.ts';

/** One level of the book: rupees, units, number of orders. */
export interface BrokerLevel {
  readonly price: number;
  readonly quantity: number;
  readonly orders: number;
}

/** An instrument as the broker sees it. Rupees, units, epoch ms; null where the broker says nothing of it, as for an index. */
export interface BrokerQuote {
  readonly token: number;
  readonly time: EpochMs | null;
  readonly lastTradeTime: EpochMs | null;
  readonly lastPrice: number;
  readonly lastQuantity: number | null;
  readonly averagePrice: number | null;
  readonly volume: number | null;
  readonly openInterest: number | null;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** Of the day before. */
  readonly close: number;
  readonly lowerCircuit: number | null;
  readonly upperCircuit: number | null;
  readonly buyQuantity: number | null;
  readonly sellQuantity: number | null;
  /** Best first; empty for an index. */
  readonly bids: readonly BrokerLevel[];
  readonly asks: readonly BrokerLevel[];
}

/** Instruments that the broker does not know are absent from the answer. */
export interface QuoteDoor {
  quote(session: KiteSession, keys: readonly InstrumentKey[]): Promise<ReadonlyMap<string, BrokerQuote>>;
}

export interface QuoteRequest {
  /** `NSE:INFY`, several with commas, or names of `universes`. */
  readonly words: readonly string[];
  readonly account?: string | undefined;
}

/** What the broker says of instruments now. @throws AuthError AUTH_LOGIN; DataError DATA_SYMBOL when it knows none of them */
export async function quotePage(
  context: Context,
  request: QuoteRequest,
  door: QuoteDoor,
  options: SessionOptions = {},
): Promise<QuotePage> {
  const keys = await keysOf(context, request.words);
  return withKiteSession(context, { ...options, account: request.account }, async (session) =>
    pageOf(context, session, keys, await door.quote(session, keys)),
  );
}

/** The instruments that are meant. @throws UsageError USAGE_SYMBOL for none, or more than Kite answers for at once */
export async function keysOf(context: Context, words: readonly string[]): Promise<readonly InstrumentKey[]> {
  const named = words
    .flatMap((word) => word.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const found = await Promise.all(
    named.map(async (word) => {
      const universe = await namedUniverse(context, word);
      return universe ? universe.members.map(({ key }) => key) : [parseKey(word).key];
    }),
  );
  const keys = [...new Set(found.flat())];
  if (keys.length === 0)
    throw new UsageError('USAGE_SYMBOL', 'No instrument was named.', 'For example: algo quote NSE:INFY');
  const most = kiteQuoteInstruments.quote;
  if (keys.length > most)
    throw new UsageError(
      'USAGE_SYMBOL',
      `${keys.length} instruments were named; Kite answers for ${most} at once.`,
      'Name fewer.',
    );
  return keys;
}

/** What is shown of an answer. @throws DataError DATA_SYMBOL when the broker knows none of them */
export async function pageOf(
  context: Context,
  session: KiteSession,
  keys: readonly InstrumentKey[],
  answered: ReadonlyMap<string, BrokerQuote>,
): Promise<QuotePage> {
  const unknown = keys.filter((key) => !answered.has(key));
  const missing = await Promise.all(
    unknown.map(async (symbol) => ({ symbol, nearest: await nearestListed(context, symbol) })),
  );
  if (missing.length === keys.length) {
    throw new DataError(
      'DATA_SYMBOL',
      missing
        .map(
          ({ symbol, nearest: guess }) =>
            `The broker does not know ${symbol}.${guess ? ` Did you mean ${guess}?` : ''}`,
        )
        .join('\n'),
      'Run: algo instruments search <word>',
    );
  }
  const now = context.clock.now();
  const quotes = keys.flatMap((key) => {
    const quote = answered.get(key);
    return quote ? [rowOf(key, quote, session.sandbox ? null : now)] : [];
  });
  return {
    account: session.profile,
    sandbox: session.sandbox,
    quotes,
    missing,
    exitCode: missing.length > 0 ? exitCodes.data : exitCodes.ok,
  };
}

function rowOf(symbol: InstrumentKey, quote: BrokerQuote, now: EpochMs | null): QuoteRow {
  const change = quote.lastPrice - quote.close;
  const orNull = (price: number | null) => (price === null ? null : priceText(price));
  const level = ({ price, quantity, orders }: BrokerLevel): LevelRow => ({
    price: priceText(price),
    quantity,
    orders,
  });
  return {
    symbol,
    token: quote.token,
    last: priceText(quote.lastPrice),
    change: priceText(change),
    changePercent: quote.close > 0 ? Number(((change / quote.close) * 100).toFixed(2)) + 0 : null,
    open: priceText(quote.open),
    high: priceText(quote.high),
    low: priceText(quote.low),
    close: priceText(quote.close),
    volume: quote.volume,
    averagePrice: orNull(quote.averagePrice),
    openInterest: quote.openInterest,
    lowerCircuit: orNull(quote.lowerCircuit),
    upperCircuit: orNull(quote.upperCircuit),
    buyQuantity: quote.buyQuantity,
    sellQuantity: quote.sellQuantity,
    bids: quote.bids.map(level),
    asks: quote.asks.map(level),
    time: quote.time === null ? null : isoInstant(quote.time),
    lastTrade: quote.lastTradeTime === null ? null : isoInstant(quote.lastTradeTime),
    // A clock that is a little behind the exchange's would make a price of the future.
    ageSeconds:
      now === null || quote.time === null ? null : Math.max(0, Math.round((now - quote.time) / secondMs)),
  };
}

/** The nearest name in the imported instrument lists; null where there are none. */
async function nearestListed(context: Context, symbol: InstrumentKey): Promise<string | null> {
  const { exchange, tradingsymbol } = parseKey(symbol);
  const listed = await archiveOf(context).find({ exchange });
  const guess = nearest(
    tradingsymbol,
    listed.map((each) => each.tradingsymbol),
  );
  return guess === undefined ? null : `${exchange}:${guess}`;
}
