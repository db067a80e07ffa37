import { type Instrument, type InstrumentKey, isOption } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { OrderIntent, OrderType } from '../../domain/order.ts';
import type { OrderForm } from './kite-client.ts';

/** What has to be known to write an order in Kite's words. Prices in rupees. */
export interface FormRules {
  instrument(key: InstrumentKey): Instrument;
  /** Smallest step of a price; 0 for any price. */
  tick(key: InstrumentKey, price: number): number;
  /** Newest trade; undefined when none is known. */
  lastPrice(key: InstrumentKey): number | undefined;
  /**
   * Percent by which an order at market may be worse than the last price, or -1 for the band that Kite chooses. Kite takes no market
   * order without it since April 2026, and keeps one in the book as a limit order at that price.
   */
  readonly marketProtection: number;
  /** Percent beyond its trigger at which a stop on an option is limited: the exchange takes no SL-M there. */
  readonly optionStopPercent: number;
}

/** What an order asks for now; modifying changes it. Units and rupees, NaN where the type has none. */
export interface OrderTerms {
  readonly quantity: number;
  readonly price: number;
  readonly trigger: number;
}

type Prices = Readonly<Record<string, string | number>>;

/** The form that places an order. */
export function placeForm(order: OrderIntent, terms: OrderTerms, tag: string, rules: FormRules): OrderForm {
  const instrument = rules.instrument(order.key);
  return {
    exchange: instrument.exchange,
    tradingsymbol: instrument.tradingsymbol,
    transaction_type: order.side,
    product: order.product,
    // MCX takes no IOC through the API.
    validity: instrument.rules === 'MCX' ? 'DAY' : order.validity,
    quantity: wireQuantity(instrument, terms.quantity),
    tag,
    ...pricesOf(order, terms, rules),
  };
}

/** The form that changes an order to these terms. What `quantity` means to Kite is undocumented, so it goes out only when it changes. */
export function changeForm(
  order: OrderIntent,
  terms: OrderTerms,
  before: OrderTerms,
  rules: FormRules,
): OrderForm {
  const quantity = wireQuantity(rules.instrument(order.key), terms.quantity);
  return { ...pricesOf(order, terms, rules), ...(terms.quantity === before.quantity ? {} : { quantity }) };
}

export function wireQuantity(instrument: Instrument, units: number): number {
  return units / kiteMultiplier(instrument);
}

function pricesOf(order: OrderIntent, { price, trigger }: OrderTerms, rules: FormRules): Prices {
  switch (typeNow(order, trigger, rules)) {
    case 'LIMIT':
      return { order_type: 'LIMIT', price };
    case 'SL':
      return { order_type: 'SL', price, trigger_price: trigger };
    case 'SL-M':
      if (!isOption(rules.instrument(order.key)))
        return { order_type: 'SL-M', trigger_price: trigger, market_protection: rules.marketProtection };
      return {
        order_type: 'SL',
        price: beyond(order, trigger, rules.optionStopPercent, rules),
        trigger_price: trigger,
      };
    case 'MARKET':
      return { order_type: 'MARKET', market_protection: rules.marketProtection };
  }
}

/** A stop whose trigger the price has passed is refused, and what it is for has happened: it leaves at market. */
function typeNow(order: OrderIntent, trigger: number, { lastPrice }: FormRules): OrderType {
  const last = order.role === 'stop' ? lastPrice(order.key) : undefined;
  const passed = last !== undefined && (order.side === 'SELL' ? last <= trigger : last >= trigger);
  return passed ? 'MARKET' : order.type;
}

/** A price that much worse than `from`, on the grid. */
function beyond({ side, key }: OrderIntent, from: number, percent: number, rules: FormRules): number {
  const price = from * (side === 'BUY' ? 1 + percent / 100 : 1 - percent / 100);
  const tick = rules.tick(key, price);
  if (!(tick > 0)) return price;
  const steps = side === 'BUY' ? Math.ceil(price / tick - 1e-6) : Math.floor(price / tick + 1e-6);
  return Math.round(Math.max(steps, 1) * tick * 1e8) / 1e8;
}
