import { tickAt } from '../adapters/kite/tick-columns.ts';
import { Ticker } from '../adapters/kite/ticker.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemWaiting } from '../adapters/system/waiting.ts';
import type { KiteSession } from './kite-session.ts';
import type { BrokerQuote } from './quote.ts';

/** Prices that the broker sends by itself. */
export interface PriceStream {
  /** Nothing that changes is missed. While it does not stand, prices have to be asked for. */
  readonly stands: boolean;
  /** Why it does not stand, for a person to read; undefined while it does, and before it first could. */
  readonly trouble: string | undefined;
  /** The quote with what has come since it was asked for; the quote itself before the first tick of its instrument. */
  newer(quote: BrokerQuote): BrokerQuote;
  close(): void;
}

/** Opens a stream of these tokens. `changed` is called at each tick. */
export type StreamDoor = (
  session: KiteSession,
  tokens: readonly number[],
  changed: () => void,
) => PriceStream;

const refused =
  'Kite refuses the price stream (403): the plan of this app has none, or the session is over. Asking every second instead.';

/** Kite's ticker in mode full. */
export const kitePriceStream: StreamDoor = ({ wsRoot, apiKey, accessToken }, tokens, changed) => {
  let stands = false;
  let trouble: string | undefined;
  const ticker = new Ticker(
    { wsRoot, apiKey, accessToken, clock: systemClock, random: systemWaiting.random },
    tokens,
    'full',
    {
      tick: changed,
      connections(standing, wanted, loss) {
        stands = standing === wanted;
        if (stands) trouble = undefined;
        else if (loss !== undefined)
          trouble = `The price stream is away (${loss}). Asking every second until it is back.`;
      },
      // A dead session and an app without the plan get the same answer; whether it is the session, the next question tells.
      tokenDead() {
        stands = false;
        trouble = refused;
      },
    },
  );
  ticker.connect();
  return {
    get stands() {
      return stands;
    },
    get trouble() {
      return trouble;
    },
    newer: (quote) => newerQuote(quote, ticker),
    close: () => ticker.close(),
  };
};

function newerQuote(quote: BrokerQuote, { columns }: Ticker): BrokerQuote {
  const slot = columns.slotOf(quote.token);
  if (slot < 0 || columns.packetBytes[slot] === 0) return quote;
  const tick = tickAt(columns, slot);
  const or = <T>(value: number, before: T): number | T => (Number.isNaN(value) ? before : value);
  const hasBook = !Number.isNaN(tick.bids[0].quantity);
  return {
    ...quote,
    time: or(tick.exchangeTime, quote.time),
    lastTradeTime: or(tick.lastTradeTime, quote.lastTradeTime),
    lastPrice: tick.lastPrice,
    lastQuantity: or(tick.lastQuantity, quote.lastQuantity),
    averagePrice: or(tick.averagePrice, quote.averagePrice),
    volume: or(tick.volume, quote.volume),
    openInterest: or(tick.openInterest, quote.openInterest),
    open: or(tick.open, quote.open),
    high: or(tick.high, quote.high),
    low: or(tick.low, quote.low),
    close: or(tick.previousClose, quote.close),
    buyQuantity: or(tick.buyQuantity, quote.buyQuantity),
    sellQuantity: or(tick.sellQuantity, quote.sellQuantity),
    // Levels that nobody fills come as zeros.
    bids: hasBook ? tick.bids.filter(({ quantity }) => quantity > 0) : quote.bids,
    asks: hasBook ? tick.asks.filter(({ quantity }) => quantity > 0) : quote.asks,
  };
}
