import type { EpochMs } from '../../domain/time.ts';
import type { EntryRulesByStrategy } from '../entry-rules.ts';
import type { RiskRule } from '../ports.ts';
import { beforeCutOff } from './cut-off.ts';
import { dayLossWithin } from './daily-loss.ts';
import { entryRules } from './entry-rules.ts';
import { belowFreeze } from './freeze.ts';
import { fundsSuffice } from './funds.ts';
import type { HaltView } from './halts.ts';
import { smallEnoughPosition } from './max-position-value.ts';
import { fewEnoughPositions } from './max-positions.ts';
import { notHalted } from './not-halted.ts';
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

/** Beside the limits: the last instant of the warm-up, up to which nothing is opened, what may halt the run, and what single strategies may. */
export interface RiskSurroundings {
  readonly begins?: EpochMs | undefined;
  readonly halts?: HaltView | undefined;
  /** The trader's own rules for single strategies. */
  readonly entryRules?: EntryRulesByStrategy | undefined;
}

/** Every rule in the order in which a trader would want to hear of it: whether at all, the order itself, the day, the account. */
export function riskRules(
  limits: RiskLimits,
  { begins, halts, entryRules: own }: RiskSurroundings = {},
): readonly RiskRule[] {
  return [
    ...(begins === undefined ? [] : [sessionHasBegun(begins)]),
    ...(halts === undefined ? [] : [notHalted(halts)]),
    quantityIsWholeLots,
    belowFreeze,
    productFits,
    beforeCutOff,
    ...(own === undefined || own.size === 0 ? [] : entryRules(own)),
    withinPriceBand(limits.priceBandPercent),
    dayLossWithin(limits.maxDailyLossPercent),
    fewEnoughPositions(limits.maxOpenPositions),
    smallEnoughPosition(limits.maxPositionValuePercent),
    fundsSuffice,
  ];
}
