import { createContext, Script } from 'node:vm';
import { codeOf } from '../../domain/errors.ts';

const script = new Script('work()', { filename: 'time-limit' });
/** What the script calls. */
const held: { work: () => void } = { work: () => undefined };
const context = createContext(held);

/**
 * Calls `work` and stops it when it has not come back after so many milliseconds, an endless loop too. What was stopped runs none of its
 * `catch` and `finally`, so nothing may depend on them. Answers whether it came back; what it throws is passed on.
 *
 * Costs about a tenth of a millisecond, since a thread watches.
 */
export function cameBack(work: () => void, limitMs: number): boolean {
  const outer = held.work;
  held.work = work;
  try {
    script.runInContext(context, { timeout: limitMs });
    return true;
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    held.work = outer;
  }
}
