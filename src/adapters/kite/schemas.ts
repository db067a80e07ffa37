import { z } from 'zod';
import { readKiteTime } from '../../domain/kite-time.ts';

/*
 * What Kite's answers have to be. Fields that are not named here pass unseen; those that are have to be right.
 * Shapes: Kite Connect v3 documentation as of 2026-07-14 and the mock replies published with Kite's own clients.
 */

/** JSON without a fraction is a number in JavaScript's sense; money and prices come as rupees. */
const price = z.number();
const quantity = z.int();
const text = z.string();
const textOrNull = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
/** `2021-05-31 09:18:57` in India, or null. */
const instant = z
  .string()
  .nullish()
  .transform((value, context) => {
    if (value === null || value === undefined || value === '') return null;
    const time = readKiteTime(value);
    if (time !== undefined) return time;
    context.addIssue({ code: 'custom', message: `expected a time in India, received "${value}"` });
    return z.NEVER;
  });

export const sessionSchema = z.object({
  user_id: z.string().regex(/^[A-Za-z0-9]{1,32}$/),
  user_name: textOrNull,
  api_key: textOrNull,
  access_token: z.string().regex(/^[\w.~+/=-]{1,512}$/),
  login_time: instant,
});

export const profileSchema = z.object({
  user_id: z.string().regex(/^[A-Za-z0-9]{1,32}$/),
  user_name: textOrNull,
  broker: textOrNull,
  exchanges: z
    .array(text)
    .nullish()
    .transform((value) => value ?? []),
  products: z
    .array(text)
    .nullish()
    .transform((value) => value ?? []),
  order_types: z
    .array(text)
    .nullish()
    .transform((value) => value ?? []),
});

const segmentMargins = z.object({
  enabled: z.boolean().nullish(),
  net: price,
  available: z.object({
    cash: price,
    opening_balance: price.nullish(),
    live_balance: price.nullish(),
    collateral: price.nullish(),
    intraday_payin: price.nullish(),
  }),
  utilised: z.object({
    debits: price.nullish(),
    span: price.nullish(),
    exposure: price.nullish(),
    option_premium: price.nullish(),
    m2m_realised: price.nullish(),
    m2m_unrealised: price.nullish(),
  }),
});
export const marginsSchema = z.object({
  equity: segmentMargins.optional(),
  commodity: segmentMargins.optional(),
});

/** A status or type that is new to us survives with its own name. */
export const orderSchema = z.object({
  order_id: id,
  exchange_order_id: textOrNull,
  parent_order_id: textOrNull,
  status: text,
  status_message: textOrNull,
  status_message_raw: textOrNull,
  order_timestamp: instant,
  exchange_timestamp: instant,
  exchange_update_timestamp: instant,
  variety: text,
  exchange: text,
  tradingsymbol: text,
  instrument_token: quantity.nullish(),
  order_type: text,
  transaction_type: z.enum(['BUY', 'SELL']),
  validity: text,
  product: text,
  quantity: quantity.min(0),
  disclosed_quantity: quantity.min(0).nullish(),
  price: price.min(0),
  trigger_price: price.min(0),
  average_price: price.min(0),
  filled_quantity: quantity.min(0),
  pending_quantity: quantity.min(0).nullish(),
  cancelled_quantity: quantity.min(0).nullish(),
  tag: textOrNull,
  tags: z
    .array(text)
    .nullish()
    .transform((value) => value ?? []),
  placed_by: textOrNull,
});
export type KiteOrder = z.output<typeof orderSchema>;

/** A trade's order time is a clock time without a day and therefore stays text. */
export const tradeSchema = z.object({
  trade_id: z.string().min(1).max(64),
  order_id: id,
  exchange: text,
  tradingsymbol: text,
  instrument_token: quantity.nullish(),
  product: text,
  average_price: price.gt(0),
  quantity: quantity.min(1),
  exchange_order_id: textOrNull,
  transaction_type: z.enum(['BUY', 'SELL']),
  fill_timestamp: instant,
  exchange_timestamp: instant,
});
export type KiteTrade = z.output<typeof tradeSchema>;

/** Prices may be below nothing: crude oil of MCX settled at -2,884 rupees on 2020-04-20. */
const positionSchema = z.object({
  tradingsymbol: text,
  exchange: text,
  instrument_token: quantity,
  product: text,
  quantity,
  overnight_quantity: quantity,
  multiplier: price.gt(0),
  average_price: price,
  close_price: price,
  last_price: price,
  value: price,
  pnl: price,
  m2m: price,
  unrealised: price,
  realised: price,
  buy_quantity: quantity.min(0),
  buy_price: price,
  buy_value: price,
  sell_quantity: quantity.min(0),
  sell_price: price,
  sell_value: price,
  day_buy_quantity: quantity.min(0),
  day_buy_price: price,
  day_buy_value: price,
  day_sell_quantity: quantity.min(0),
  day_sell_price: price,
  day_sell_value: price,
});
export const positionsSchema = z.object({ net: z.array(positionSchema), day: z.array(positionSchema) });
export type KitePosition = z.output<typeof positionSchema>;

export const holdingSchema = z.object({
  tradingsymbol: text,
  exchange: text,
  instrument_token: quantity,
  isin: textOrNull,
  product: text,
  quantity,
  used_quantity: quantity.nullish(),
  t1_quantity: quantity.nullish(),
  realised_quantity: quantity.nullish(),
  authorised_quantity: quantity.nullish(),
  opening_quantity: quantity.nullish(),
  collateral_quantity: quantity.nullish(),
  average_price: price.min(0),
  last_price: price.min(0),
  close_price: price.min(0),
  pnl: price,
  day_change: price.nullish(),
  day_change_percentage: price.nullish(),
});
export type KiteHolding = z.output<typeof holdingSchema>;

const fourPrices = z.object({
  open: price.min(0),
  high: price.min(0),
  low: price.min(0),
  close: price.min(0),
});
const level = z.object({ price: price.min(0), quantity: quantity.min(0), orders: quantity.min(0) });
const ltpShape = { instrument_token: quantity.min(1), last_price: price.min(0) };

export const ltpSchema = z.record(z.string(), z.object(ltpShape));
export const ohlcSchema = z.record(z.string(), z.object({ ...ltpShape, ohlc: fourPrices }));
/** An index has neither depth nor volume. */
export const quoteSchema = z.record(
  z.string(),
  z.object({
    ...ltpShape,
    timestamp: instant,
    last_trade_time: instant,
    last_quantity: quantity.min(0).nullish(),
    average_price: price.min(0).nullish(),
    volume: quantity.min(0).nullish(),
    buy_quantity: quantity.min(0).nullish(),
    sell_quantity: quantity.min(0).nullish(),
    oi: price.min(0).nullish(),
    oi_day_high: price.min(0).nullish(),
    oi_day_low: price.min(0).nullish(),
    net_change: price.nullish(),
    lower_circuit_limit: price.min(0).nullish(),
    upper_circuit_limit: price.min(0).nullish(),
    ohlc: fourPrices,
    depth: z.object({ buy: z.array(level).max(20), sell: z.array(level).max(20) }).nullish(),
  }),
);
export type KiteQuote = z.output<typeof quoteSchema>[string];

export const triggerSchema = z.object({
  id: z.int().min(1),
  user_id: textOrNull,
  type: text,
  status: text,
  created_at: instant,
  updated_at: instant,
  expires_at: instant,
  condition: z.object({
    exchange: text,
    tradingsymbol: text,
    instrument_token: quantity.nullish(),
    trigger_values: z.array(price.gt(0)).min(1).max(2),
    last_price: price.min(0),
  }),
  orders: z.array(
    z.object({
      exchange: text,
      tradingsymbol: text,
      product: text,
      order_type: text,
      transaction_type: z.enum(['BUY', 'SELL']),
      quantity: quantity.min(1),
      price: price.min(0),
      result: z
        .object({
          order_result: z
            .object({ status: text, order_id: textOrNull, rejection_reason: textOrNull })
            .nullish(),
        })
        .nullish(),
    }),
  ),
});
export type KiteTrigger = z.output<typeof triggerSchema>;
export const triggerIdSchema = z.object({ trigger_id: z.int().min(1) });

const chargesSchema = z.object({
  transaction_tax: price,
  transaction_tax_type: textOrNull,
  exchange_turnover_charge: price,
  sebi_turnover_charge: price,
  brokerage: price,
  stamp_duty: price,
  gst: z.object({ igst: price, cgst: price, sgst: price, total: price }),
  total: price,
});
export const orderMarginSchema = z.object({
  type: text,
  exchange: text,
  tradingsymbol: text,
  span: price,
  exposure: price,
  option_premium: price,
  additional: price,
  bo: price,
  cash: price,
  var: price,
  leverage: price.nullish(),
  charges: chargesSchema.nullish(),
  total: price,
});
const orderMarginTotal = orderMarginSchema.partial().extend({ total: price });
export const basketMarginSchema = z.object({
  initial: orderMarginTotal,
  final: orderMarginTotal,
  orders: z.array(orderMarginTotal),
});
export const contractNoteSchema = z.object({
  exchange: text,
  tradingsymbol: text,
  transaction_type: z.enum(['BUY', 'SELL']),
  variety: text,
  product: text,
  order_type: text,
  quantity,
  price,
  charges: chargesSchema,
});
