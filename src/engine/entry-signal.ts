import type { EntryOptions } from '../strategy/trade.ts';
import type { StrategyRun } from './strategy-run.ts';

/**
 * Whether a signal makes sense where the strategy stands; one that does not is refused and counted. An opposite position is left for it,
 * and an opposite entry that is still working called off.
 */
export function makesSense(run: StrategyRun, direction: 1 | -1, options: EntryOptions): boolean {
  const { slot } = run;
  const { position } = run.context;
  const side = direction > 0 ? 'BUY' : 'SELL';
  if (slot.over || slot.dayNumber > slot.lastDay) {
    run.refuse(
      'SIGNAL_TOO_LATE',
      () => `${side} in ${slot.instrument.key} after the last session in which it can be held.`,
    );
    return false;
  }
  if (position.quantity * direction < 0) run.exitAll('reversal', options.note);
  else if (position.quantity !== 0 && !options.add) {
    run.refuse(
      'SIGNAL_IN_POSITION',
      () =>
        `${side} while already holding ${position.quantity} ${slot.instrument.key}; add: true would add to it.`,
    );
    return false;
  }
  if (!position.entering || options.add) return true;
  if (run.trades.some((trade) => trade.direction === direction && trade.isWorking('entry'))) {
    run.refuse(
      'SIGNAL_ENTERING',
      () => `${side} in ${slot.instrument.key} while an earlier entry is still working.`,
    );
    return false;
  }
  run.cancelEntries();
  return true;
}
