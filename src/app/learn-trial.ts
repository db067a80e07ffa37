import { confined } from '../adapters/system/confined.ts';
import { interruptible } from '../adapters/system/interruptible.ts';
import type { ClosedTrade } from '../domain/run-result.ts';
import type { EpochMs } from '../domain/time.ts';
import { type BeforeAfter, beforeAfter } from '../research/learn/before-after.ts';
import type { StrategySettings } from '../research/learn/proposals.ts';
import { runBacktest } from './backtest-run.ts';
import type { Context } from './context.ts';
import type { OpenedRun } from './kept-runs.ts';
import { recordOfBacktest } from './recorded-runs.ts';
import { sameRun } from './replay-run.ts';

/**
 * A kept backtest run again as it was and with changed rules of its strategies, compared from an instant on. Leaving entries out changes
 * which later ones are possible, and only a run knows that.
 *
 * @throws DataError DATA_REPLAY when the run would not be the same any more
 */
export async function learnTrial(
  context: Context,
  run: OpenedRun,
  patch: Readonly<Record<string, StrategySettings>>,
  part: { readonly from: EpochMs; readonly seed: number },
): Promise<BeforeAfter> {
  const recorded = recordOfBacktest(context, run.id);
  const again = async (rules: typeof patch): Promise<readonly ClosedTrade[]> => {
    const { cast } = await sameRun(context, recorded, rules);
    return interruptible(() => confined(() => runBacktest(cast))).engine.trades();
  };
  return beforeAfter(await again({}), await again(patch), part);
}
