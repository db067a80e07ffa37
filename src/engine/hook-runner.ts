import type { InstrumentKey } from '../domain/instrument.ts';
import type { EpochMs } from '../domain/time.ts';

/** Whose turn it is. */
export interface HookTurn {
  readonly name: string;
  readonly slot: { readonly instrument: { readonly key: InstrumentKey } };
  /** Instant of the bar's close or of the fill; NaN while the strategy is set up. */
  readonly time: EpochMs;
  /** `setup`, `onBar`, `at` or `onFill`. */
  readonly hook: string;
}

/**
 * Calls what a trader wrote where the run has to outlive it. Absent, hooks are called directly, and one that never returns takes the run
 * with it.
 */
export interface HookRunner {
  /** @throws StrategyError STRATEGY_HUNG when `work` did not come back in time; it was stopped and is not called again */
  call(turn: HookTurn, work: () => void): void;
  /**
   * What a hook asks of the engine, which is never stopped half way.
   *
   * @throws StrategyError STRATEGY_HUNG when the hook's time is over
   */
  deed(work: () => void): void;
}
