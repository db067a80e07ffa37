import { type Instrument, isDerivative } from '../domain/instrument.ts';
import type { Product } from '../domain/order.ts';
import type { Strategy } from '../strategy/define.ts';

/**
 * The product of a strategy's orders. The profile's word counts; `auto` takes MIS for intraday strategies, CNC for shares
 * and NRML for everything else. Markets without Indian rules know no products and behave as NRML.
 */
export function productOf(wish: Product | 'auto', strategy: Strategy, instrument: Instrument): Product {
  if (instrument.rules === 'none') return 'NRML';
  if (wish !== 'auto') return wish;
  if (strategy.product) return strategy.product;
  if (strategy.intraday) return 'MIS';
  return isDerivative(instrument) || instrument.kind === 'INDEX' ? 'NRML' : 'CNC';
}
