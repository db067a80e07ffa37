import type { EpochMs } from '../../domain/time.ts';
import type { EntryRulesByStrategy } from '../entry-rules.ts';
import type { RiskRule } from '../ports.ts';
import { cooledDown, fewEnoughStops } from './after-stops.ts';
import { affordableAccount, affordableEntry } from './capital.ts';
import { beforeCutOff } from './cut-off.ts';
import { dayLossWithin } from './daily-loss.ts';
import { dayTargetNotReached } from './daily-target.ts';
import { drawdownWithin } from './drawdown.ts';
import { noDuplicate } from './duplicate.ts';
import { fewEnoughToday } from './entries-a-day.ts';
import { entryRules } from './entry-rules.ts';
import { slowEnough } from './entry-throttle.ts';
import { smallEnoughStrategy, smallEnoughUnderlying } from './exposure.ts';
import { notBanned } from './fno-ban.ts';
import { belowFreeze } from './freeze.ts';
import { fundsSuffice } from './funds.ts';
import type { HaltView } from './halts.ts';
import { isSet, type Limit, type RiskLimits } from './limits.ts';
import { fewEnoughEntries } from './max-open-entries.ts';
import { smallEnoughQuantity, smallEnoughValue } from './max-order.ts';
import { smallEnoughPosition } from './max-position-value.ts';
import { fewEnoughPositions } from './max-positions.ts';
import { notHalted } from './not-halted.ts';
import { withinPriceBand } from './price-band.ts';
import { withinCollar } from './price-collar.ts';
import { productFits } from './product.ts';
import { quantityIsWholeLots } from './quantity.ts';
import { sessionHasBegun } from './warm-up.ts';

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
    ...where(limits.maxOrderQuantity, smallEnoughQuantity),
    ...where(limits.maxOrderValue, smallEnoughValue),
    withinPriceBand(limits.priceBandPercent),
    ...where(limits.priceCollarPercent, withinCollar),
    ...where(limits.duplicateSeconds, noDuplicate),

    ...(limits.bans ? [notBanned(limits.bans)] : []),
    dayLossWithin(limits.maxDailyLossPercent),
    ...where(limits.dailyTargetPercent, dayTargetNotReached),
    ...where(limits.maxDrawdownPercent, drawdownWithin),
    ...where(limits.cooldownMinutes, cooledDown),
    ...where(limits.stopGuardStops, (stops) => fewEnoughStops(stops, limits.stopGuardMinutes ?? 60)),
    ...where(limits.maxEntriesPerMinute, slowEnough),
    ...where(limits.maxEntriesPerDay, (most) => fewEnoughToday('maxEntriesPerDay', most)),
    ...where(limits.maxStrategyEntriesPerDay, (most) => fewEnoughToday('maxStrategyEntriesPerDay', most)),
    ...where(limits.maxInstrumentEntriesPerDay, (most) => fewEnoughToday('maxInstrumentEntriesPerDay', most)),

    fewEnoughPositions(limits.maxOpenPositions),
    ...where(limits.maxOpenEntries, fewEnoughEntries),
    smallEnoughPosition(limits.maxPositionValuePercent),
    ...where(limits.maxUnderlyingPercent, smallEnoughUnderlying),
    ...where(limits.maxStrategyPercent, smallEnoughStrategy),
    ...where(limits.maxEntryCapital, affordableEntry),
    ...where(limits.maxDeployedCapital, affordableAccount),
    fundsSuffice,
  ];
}

/** A limit that is off has no rule, so that it costs nothing. */
function where(limit: Limit | undefined, rule: (limit: number) => RiskRule): readonly RiskRule[] {
  return isSet(limit) ? [rule(limit)] : [];
}
