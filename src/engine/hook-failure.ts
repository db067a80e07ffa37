import { codeOf, isAlgoError, messageOf, StrategyError } from '../domain/errors.ts';
import { istText } from '../domain/time.ts';
import type { StrategyRun } from './strategy-run.ts';

/** What a hook threw, with strategy, instrument and bar; failures that are not the strategy's stay as they are. */
export function hookFailure({ name, slot }: StrategyRun, hook: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (isAlgoError(cause) && (code === 'STRATEGY_FAILED' || !code.startsWith('STRATEGY_'))) return cause;
  const when = slot.row >= 0 ? ` at the bar of ${istText(slot.series.time[slot.row])}` : '';
  const said = Reflect.get(Object(cause), 'fix');
  return new StrategyError(
    'STRATEGY_FAILED',
    `Strategy ${name} on ${slot.instrument.key} failed in ${hook}${when}: ${messageOf(cause)}`,
    typeof said === 'string' ? said : `Look at ${hook} in strategies/${name}.ts.`,
    cause,
  );
}

/**
 * What a one-line hook happens to answer is nobody's business; a promise means it would go on later, when nobody listens.
 *
 * @throws StrategyError STRATEGY_ANSWER
 */
export function refusePromise(answer: unknown, hook: string, name: string): void {
  if (typeof answer !== 'object' || answer === null || !('then' in answer)) return;
  throw new StrategyError(
    'STRATEGY_ANSWER',
    `${hook} of ${name} returned a promise.`,
    'Hooks return nothing and never await: call buy, sell or exit instead.',
  );
}
