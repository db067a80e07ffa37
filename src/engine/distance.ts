import { StrategyError } from '../domain/errors.ts';
import type { Distance } from '../strategy/trade.ts';

/**
 * Price that lies a distance from another, in rupees. `direction` is +1 above and -1 below; a distance given as a price is that price.
 * @throws StrategyError STRATEGY_DISTANCE when it is not a positive number
 */
export function priceAway(from: number, distance: Distance, direction: 1 | -1): number {
  if (typeof distance === 'number') return from * (1 + (direction * checked(distance)) / 100);
  if ('percent' in distance) return from * (1 + (direction * checked(distance.percent)) / 100);
  if ('points' in distance) return from + direction * checked(distance.points);
  return checked(distance.price);
}

function checked(size: number): number {
  if (size > 0 && size < Number.POSITIVE_INFINITY) return size;
  throw new StrategyError(
    'STRATEGY_DISTANCE',
    `A stop or target distance of ${size} was asked for, expected a number above 0.`,
    'Give percent as a number, or { points: 12 } or { price: 98 }; leave it out for none.',
  );
}
