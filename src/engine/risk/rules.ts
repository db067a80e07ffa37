import type { RiskRule } from '../ports.ts';
import { beforeCutOff } from './cut-off.ts';
import { dayLossWithin } from './daily-loss.ts';
import { belowFreeze } from './freeze.ts';
import { fundsSuffice } from './funds.ts';
import { smallEnoughPosition } from './max-position-value.ts';
import { fewEnoughPositions } from './max-positions.ts';
import { withinPriceBand } from './price-band.ts';
import { productFits } from './product.ts';
import { quantityIsWholeLots } from './quantity.ts';
import { sessionHasBegun } from './warm-up.ts';

export interface RiskLimits {
  readonly maxOpenPositions: number;
  readonly maxPositionValuePercent: number;
  readonly maxDailyLossPercent: number;
  readonly priceBandPercent: number;
}

/**
 * Every rule in the order in which a trader would want to hear of it: the order itself, the day, the account.
 * Up to `begins` nothing is opened at all.
 */
export function riskRules(limits: RiskLimits, begins = Number.NEGATIVE_INFINITY): readonly RiskRule[] {
  return [
    ...(begins === Number.NEGATIVE_INFINITY ? [] : [sessionHasBegun(begins)]),
    quantityIsWholeLots,
    belowFreeze,
    productFits,
    beforeCutOff,
    withinPriceBand(limits.priceBandPercent),
    dayLossWithin(limits.maxDailyLossPercent),
    fewEnoughPositions(limits.maxOpenPositions),
    smallEnoughPosition(limits.maxPositionValuePercent),
    fundsSuffice,
  ];
}
