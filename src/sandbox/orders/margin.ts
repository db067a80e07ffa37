import { isOption } from '../../domain/instrument.ts';
import { kiteMultiplier } from '../../domain/kite-multiplier.ts';
import type { Side } from '../../domain/order.ts';
import type { ContractRules } from '../../domain/rulebook.ts';
import type { Listed } from '../market/market.ts';
import { isCash, type KiteProduct } from './wanted.ts';

/** Orders of one side of a position that may still fill. Rupees. */
export interface Pending {
  quantity: number;
  value: number;
}

export interface Exposure {
  readonly listed: Listed;
  readonly product: KiteProduct;
  /** Signed, as on the wire. */
  readonly quantity: number;
  readonly averagePrice: number;
  readonly buys: Pending;
  readonly sells: Pending;
}

/** What a position with its pending orders ties up, rupees. `premium` is what pending buys of options will pay. */
export interface Block {
  readonly delivery: number;
  readonly span: number;
  readonly exposure: number;
  readonly premium: number;
}

/** Part of a derivative's margin that Kite shows as exposure; the rest is SPAN. An approximation, as the rates are. */
const exposureShare = 0.25;

/** Share of value or strike that an order of one side ties up. Rupees. */
export function marginOf(
  contracts: ContractRules,
  dayNumber: number,
  { instrument }: Listed,
  product: KiteProduct,
  side: Side,
  { quantity, value }: Pending,
): number {
  const rateProduct = product === 'CO' ? 'MIS' : product === 'MTF' ? 'CNC' : product;
  const rate = contracts.marginRate(instrument, dayNumber, rateProduct, side);
  if (side === 'SELL' && isOption(instrument))
    return rate * (instrument.strike ?? 0) * quantity * kiteMultiplier(instrument);
  return rate * value;
}

/** The worse of what the position becomes if its buys fill and if its sells do. */
export function blockOf(contracts: ContractRules, dayNumber: number, held: Exposure): Block {
  const { listed, product, quantity, averagePrice, buys, sells } = held;
  const { instrument } = listed;
  const multiplier = kiteMultiplier(instrument);
  const cash = isCash(instrument);
  if (cash && (product === 'CNC' || product === 'MTF')) {
    const delivery = Math.max(0, quantity) * averagePrice + buys.value;
    return { delivery, span: 0, exposure: 0, premium: 0 };
  }
  const own = Math.abs(quantity) * averagePrice * multiplier;
  const longer = part(Math.max(0, quantity), own, buys, Math.max(0, -quantity));
  const shorter = part(Math.max(0, -quantity), own, sells, Math.max(0, quantity));
  const option = isOption(instrument);
  const long = option ? 0 : marginOf(contracts, dayNumber, listed, product, 'BUY', longer);
  const short = marginOf(contracts, dayNumber, listed, product, 'SELL', shorter);
  const margin = Math.max(long, short);
  const premium = option ? buys.value : 0;
  if (cash) return { delivery: 0, span: 0, exposure: margin, premium };
  return { delivery: 0, span: margin * (1 - exposureShare), exposure: margin * exposureShare, premium };
}

export function totalOf({ delivery, span, exposure, premium }: Block): number {
  return delivery + span + exposure + premium;
}

/** The position's own side grown by pending orders, after these have closed what stands against them. */
function part(own: number, ownValue: number, pending: Pending, against: number): Pending {
  const quantity = own + pending.quantity;
  if (quantity === 0) return { quantity: 0, value: 0 };
  const open = Math.max(0, quantity - against);
  const value = (own > 0 ? ownValue : 0) + pending.value;
  return { quantity: open, value: (value * open) / quantity };
}
