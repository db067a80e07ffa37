import type { HeldOrder } from './held-order.ts';
import { decimal, input, oneOf, type Wanted, whole } from './wanted.ts';

/** What an order would be with what the form names. @throws KiteRefusal */
export function changedOrder(order: HeldOrder, form: URLSearchParams): Wanted {
  const { wanted } = order;
  const has = (name: string) => (form.get(name) ?? '') !== '';
  const type = has('order_type')
    ? oneOf(form, 'order_type', ['MARKET', 'LIMIT', 'SL', 'SL-M'] as const)
    : wanted.type;
  const quantity = has('quantity') ? whole(form, 'quantity') : wanted.quantity;
  if (quantity <= order.filled) throw input('Invalid `quantity`. More than that has been filled.');
  const limited = type === 'LIMIT' || type === 'SL';
  const stops = type === 'SL' || type === 'SL-M' || wanted.variety === 'co';
  return {
    ...wanted,
    type,
    quantity,
    price: limited ? (has('price') ? decimal(form, 'price') : wanted.price || order.shownPrice) : 0,
    trigger: stops ? (has('trigger_price') ? decimal(form, 'trigger_price') : wanted.trigger) : 0,
    disclosed: has('disclosed_quantity') ? whole(form, 'disclosed_quantity') : wanted.disclosed,
    validity: has('validity') ? oneOf(form, 'validity', ['DAY', 'IOC', 'TTL'] as const) : wanted.validity,
    validityTtl: has('validity_ttl') ? whole(form, 'validity_ttl') : wanted.validityTtl,
    marketProtection: has('market_protection')
      ? decimal(form, 'market_protection', -1)
      : wanted.marketProtection,
  };
}

/** A released order is an ordinary one, and a leg is checked as what it is, not as the whole. */
export function checkedAs({ variety }: Wanted): Wanted['variety'] {
  return variety === 'co' ? 'co' : 'regular';
}
