import {
  type KiteEndpointClass,
  kiteOrdersPerDay,
  kiteOrdersPerMinute,
  kiteRequestsPerSecond,
} from '../../domain/kite-limits.ts';
import { minuteMs, secondMs } from '../../domain/time.ts';
import type { Clock } from '../../engine/ports.ts';
import { type Caller, KiteRefusal } from './route.ts';

/** One request, for the limits. */
export interface CountedRequest {
  readonly caller: Caller;
  readonly limit: KiteEndpointClass;
  /** Places an order: counts for the minute and the day as well. */
  readonly places: boolean;
}

interface Count {
  /** Number of the second, minute or day that is counted. */
  period: number;
  count: number;
}

/**
 * Kite's limits, by calendar second and minute of real time, because clients pace themselves by it however fast the sandbox's day goes;
 * orders a day by the sandbox's day. Orders are counted by account, everything else by app. Refused requests count too.
 */
export function createLimits(options: {
  readonly base: Clock;
  readonly dayNumber: () => number;
}): (request: CountedRequest) => void {
  const counts = new Map<string, Count>();

  function counted(name: string, period: number): number {
    const known = counts.get(name);
    if (known?.period === period) return ++known.count;
    counts.set(name, { period, count: 1 });
    return 1;
  }

  return ({ caller, limit, places }) => {
    const now = options.base.now();
    const owner = limit === 'order' ? caller.userId : caller.apiKey;
    const inSecond = counted(`${limit} ${owner}`, Math.floor(now / secondMs));
    const inMinute = places ? counted(`minute ${caller.userId}`, Math.floor(now / minuteMs)) : 0;
    const inDay = places ? counted(`day ${caller.userId}`, options.dayNumber()) : 0;
    if (inSecond > kiteRequestsPerSecond[limit])
      throw new KiteRefusal('NetworkException', 'Too many requests', 429);
    if (inMinute > kiteOrdersPerMinute || inDay > kiteOrdersPerDay)
      throw new KiteRefusal('NetworkException', 'Maximum allowed order requests exceeded', 429);
  };
}
