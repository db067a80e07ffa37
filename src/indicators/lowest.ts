import type { Kernel } from './kernel.ts';
import { checkedPeriod } from './period.ts';
import { WindowExtreme } from './window-extreme.ts';

/**
 * The lowest of the last `period` values, the newest included. For a breakout compare with `prev`, which leaves the
 * newest out.
 *
 * In: any series. Out: the unit of the input; NaN for the first `period - 1` inputs. A NaN input is skipped and
 * answers NaN.
 *
 * @throws ConfigError INDICATOR_PERIOD if `period` is not a whole number of 1 or more
 */
export function lowest(period: number): Kernel {
  return new WindowExtreme(checkedPeriod('lowest', period), -1);
}
