import { z } from 'zod';
import { isTooDeep } from './json-depth.ts';

const orderFrame = z.object({
  order_id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  status: z.string().max(64),
  tag: z.string().nullish(),
  filled_quantity: z.int().min(0),
  quantity: z.int().min(0),
  average_price: z.number().min(0),
  tradingsymbol: z.string().min(1).max(64),
  exchange: z.string().max(16),
  transaction_type: z.enum(['BUY', 'SELL']),
  status_message: z.string().nullish(),
});

/** What is believed of an order frame; everything else is read from the order book. */
export type OrderFrame = z.output<typeof orderFrame>;

/** What a text frame says. `message` is Kite's small talk; `unknown` a kind or a shape that is not known. */
export type TickerText =
  | { readonly kind: 'order'; readonly order: OrderFrame }
  | { readonly kind: 'trouble'; readonly words: string }
  | { readonly kind: 'message' }
  | { readonly kind: 'unknown' };

const wordsLengthMax = 500;
const unknown: TickerText = { kind: 'unknown' };

/** Reads a text frame. Never throws: it is called inside a socket's turn, where an exception would end the process. */
export function readText(frame: string): TickerText {
  if (isTooDeep(frame)) return unknown;
  let document: unknown;
  try {
    document = JSON.parse(frame);
  } catch {
    return unknown;
  }
  const { type, data } = Object(document);
  switch (type) {
    case 'order': {
      const parsed = orderFrame.safeParse(data);
      return parsed.success ? { kind: 'order', order: parsed.data } : unknown;
    }
    case 'error':
      // Anything but text could throw when it is made into one.
      return typeof data === 'string' ? { kind: 'trouble', words: data.slice(0, wordsLengthMax) } : unknown;
    case 'message':
      return { kind: 'message' };
    default:
      return unknown;
  }
}
