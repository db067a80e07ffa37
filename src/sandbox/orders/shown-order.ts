import { protectedPrice, protectionPercent } from '../../domain/market-protection.ts';
import type { Rulebook } from '../../domain/rulebook.ts';
import { istDayNumber } from '../../domain/time.ts';
import type { SandboxMarket } from '../market/market.ts';
import type { Wanted } from './wanted.ts';

interface Exchange {
  readonly market: SandboxMarket;
  readonly rulebook: Rulebook;
}

/** A protected market order stands in the book as a limit order at the worst price it may have. */
export function shownOrder(
  wanted: Wanted,
  { market, rulebook }: Exchange,
): { readonly type: string; readonly price: number } {
  const { type, side, listed, trigger, price } = wanted;
  if (type === 'LIMIT' || type === 'SL') return { type, price };
  const { instrument } = listed;
  const quote = market.quote(instrument.key);
  const from = type === 'SL-M' ? trigger : (quote?.lastPrice ?? 0);
  if (!(from > 0)) return { type, price: 0 };
  const grid = {
    tick: rulebook.contracts.tickSize(instrument, istDayNumber(market.clock.now()), from) || 0.01,
    lower: quote?.lowerCircuit ?? 0,
    upper: quote?.upperCircuit ?? 0,
  };
  return {
    type: type === 'SL-M' ? 'SL' : 'LIMIT',
    price: protectedPrice(side, from, percentOf(wanted, market), grid),
  };
}

/** Kite's marks of a protected market order. */
export function protectionTags(wanted: Wanted, market: SandboxMarket): string[] {
  const { type } = wanted;
  return type === 'MARKET' || type === 'SL-M' ? ['mktp', `mktp:${percentOf(wanted, market).toFixed(2)}`] : [];
}

function percentOf({ listed: { instrument }, marketProtection }: Wanted, market: SandboxMarket): number {
  return protectionPercent(instrument, market.quote(instrument.key)?.lastPrice ?? 0, marketProtection);
}
