import type { Config } from '../config/schema.ts';

/** `market_protection` as Kite takes it: percent, or -1 for the band that it chooses itself. */
export function wireProtection({ orders }: Pick<Config, 'orders'>): number {
  return orders.marketProtection === 'auto' ? -1 : orders.marketProtection;
}
