import { type Instrument, isDerivative } from '../../domain/instrument.ts';
import { kiteTagLength } from '../../domain/kite-limits.ts';
import type { OrderType, Side } from '../../domain/order.ts';
import { KiteRefusal } from '../http/route.ts';
import type { Listed, SandboxMarket } from '../market/market.ts';

export const varieties = ['regular', 'amo', 'co', 'iceberg', 'auction'] as const;
export type Variety = (typeof varieties)[number];
export type KiteProduct = 'CNC' | 'NRML' | 'MIS' | 'MTF' | 'CO';
export type KiteValidity = 'DAY' | 'IOC' | 'TTL';

/** What a client asks for, read from the form and sound in itself. Rupees; units on the wire, so lots on MCX and in currencies. */
export interface Wanted {
  readonly variety: Variety;
  readonly listed: Listed;
  readonly side: Side;
  readonly type: OrderType;
  readonly product: KiteProduct;
  readonly validity: KiteValidity;
  /** Minutes that a TTL order lives. */
  readonly validityTtl: number;
  readonly quantity: number;
  readonly disclosed: number;
  /** 0 where the type has none. */
  readonly price: number;
  readonly trigger: number;
  readonly tag: string | undefined;
  /** Percent; -1 lets the exchange's band decide; 0 is none. */
  readonly marketProtection: number;
  readonly icebergLegs: number;
  readonly icebergQuantity: number;
  readonly auctionNumber: string | undefined;
  readonly autoslice: boolean;
}

/** @throws KiteRefusal InputException in Kite's words */
export function readWanted(market: SandboxMarket, variety: string, form: URLSearchParams): Wanted {
  const type = oneOf(form, 'order_type', ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const);
  const exchange = required(form, 'exchange').toUpperCase();
  const tradingsymbol = required(form, 'tradingsymbol').toUpperCase();
  const listed = market.byKey(`${exchange}:${tradingsymbol}`);
  if (!listed || listed.instrument.kind === 'INDEX')
    throw input('The instrument you are placing an order for has either expired or does not exist.');
  const kind = varietyOf(variety);
  const co = kind === 'co';
  const product = oneOf(form, 'product', ['CNC', 'NRML', 'MIS', 'MTF', 'CO'] as const, co ? 'CO' : undefined);
  return {
    variety: kind,
    listed,
    side: oneOf(form, 'transaction_type', ['BUY', 'SELL'] as const),
    type,
    product: co ? 'CO' : product,
    validity: oneOf(form, 'validity', ['DAY', 'IOC', 'TTL'] as const, 'DAY'),
    validityTtl: whole(form, 'validity_ttl'),
    quantity: whole(form, 'quantity'),
    disclosed: whole(form, 'disclosed_quantity'),
    price: type === 'LIMIT' || type === 'SL' ? decimal(form, 'price') : 0,
    trigger: type === 'SL' || type === 'SL-M' || co ? decimal(form, 'trigger_price') : 0,
    tag: tagOf(form),
    marketProtection: decimal(form, 'market_protection', -1),
    icebergLegs: whole(form, 'iceberg_legs'),
    icebergQuantity: whole(form, 'iceberg_quantity'),
    auctionNumber: form.get('auction_number') ?? undefined,
    autoslice: /^(true|1)$/i.test(form.get('autoslice') ?? ''),
  };
}

export function isCash(instrument: Instrument): boolean {
  return !isDerivative(instrument);
}

export function input(message: string): KiteRefusal {
  return new KiteRefusal('InputException', message);
}

function varietyOf(text: string): Variety {
  const known = varieties.find((variety) => variety === text);
  if (known) return known;
  throw input('Invalid `variety`.');
}

function tagOf(form: URLSearchParams): string | undefined {
  const tag = form.get('tag');
  if (tag === null || tag === '') return undefined;
  if (tag.length > kiteTagLength || !/^[A-Za-z0-9]+$/.test(tag))
    throw input(`Invalid \`tag\`. It should be alphanumeric with at most ${kiteTagLength} characters.`);
  return tag;
}

export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value) return value;
  throw input(`Missing or empty field \`${name}\``);
}

export function oneOf<Value extends string>(
  form: URLSearchParams,
  name: string,
  allowed: readonly Value[],
  usual?: Value,
): Value {
  const given = form.get(name);
  if (!given && usual !== undefined) return usual;
  const text = required(form, name).toUpperCase();
  const known = allowed.find((value) => value.toUpperCase() === text);
  if (known) return known;
  throw input(`Invalid \`${name}\`.`);
}

/** 0 when it is left out. */
export function whole(form: URLSearchParams, name: string): number {
  const value = decimal(form, name);
  if (Number.isSafeInteger(value)) return value;
  throw input(`Invalid \`${name}\`. It should be a whole number.`);
}

export function decimal(form: URLSearchParams, name: string, least = 0): number {
  const text = form.get(name);
  if (text === null || text === '') return 0;
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw input(`Invalid \`${name}\`.`);
}
