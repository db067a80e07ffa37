import { codeOf, messageOf } from '../domain/errors.ts';
import type { EpochMs } from '../domain/time.ts';
import { hookFailure } from './hook-failure.ts';
import type { StrategyRun } from './strategy-run.ts';

/** Failures of one strategy on one instrument, and what they come to: the end of the run, or of its decisions there. */
export class RunFailures {
  /** A field, since it is asked for on every bar. */
  disabled = false;
  readonly #run: StrategyRun;
  /** Of the session. */
  #count = 0;

  constructor(run: StrategyRun) {
    this.#run = run;
  }

  newSession(): void {
    if (!this.disabled) this.#count = 0;
  }

  /**
   * Stops the run, or counts the failure and disables the strategy here after some, its position being left as the policy says. One that
   * did not come back is disabled everywhere at once: it would take as long in the next instrument.
   */
  add(cause: unknown): void {
    const run = this.#run;
    const failure = hookFailure(run, run.hook, cause);
    const { isolation, runs, warnings } = run.engine;
    // What is not the strategy's own fault is never the strategy's to survive.
    if (isolation === undefined || codeOf(failure) !== 'STRATEGY_FAILED') throw failure;
    run.act();
    this.#count += 1;
    if (codeOf(cause) === 'STRATEGY_HUNG') {
      run.refuse('STRATEGY_HUNG', () => messageOf(failure));
      for (const other of runs) if (other.name === run.name) other.failures.disable(run.time);
    } else {
      run.refuse('STRATEGY_ERROR', () => messageOf(failure));
      if (this.#count < isolation.errorsMax) return;
      this.disable(run.time);
    }
    warnings.add(
      `${run.name} on ${run.slot.instrument.key} is disabled after ${this.#count} ${this.#count === 1 ? 'failure' : 'failures'}, ${isolation.flatten ? 'its position is closed' : 'its position keeps its stop and target'}. The last: ${messageOf(failure)}`,
    );
  }

  disable(time: EpochMs): void {
    const run = this.#run;
    if (this.disabled) return;
    this.disabled = true;
    run.time = time;
    if (run.engine.isolation?.flatten) run.exitAll('kill');
    else run.cancelEntries();
  }

  /** A bar on which it decides no more. */
  refuse(): void {
    const { name, slot } = this.#run;
    this.#run.refuse(
      'STRATEGY_DISABLED',
      () => `${name} decides no more in ${slot.instrument.key} after it failed.`,
    );
  }
}
