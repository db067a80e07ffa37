import type { FillRules } from '../../src/adapters/simulated/fill-rules.ts';
import type { RiskLimits } from '../../src/engine/risk/limits.ts';

/** Fills at the prices of the tape: no slippage, no share of the volume. */
export const defaultFillRules: FillRules = {
  price: 'next-open',
  limitTouch: false,
  volumeSharePercent: 100,
  slippage: { kind: 'none', amount: 0, seed: 1 },
};

/** Limits that never speak. */
export const noRiskLimits: RiskLimits = {
  maxOpenPositions: 1_000,
  maxPositionValuePercent: 1_000_000,
  maxDailyLossPercent: 100,
  priceBandPercent: 100,
};
