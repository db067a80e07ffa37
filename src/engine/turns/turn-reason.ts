import type { OrderRole } from '../../domain/order.ts';
import { istMinuteOfDay } from '../../domain/time.ts';
import type { TurnStep } from '../../domain/turn.ts';
import type { StrategyRun } from '../strategy-run.ts';

/** What has become of an entry order. */
export interface EntryFate {
  readonly quantity: number;
  readonly filled: number;
  readonly end: 'none' | 'unknown' | 'cancelled' | 'expired' | 'rejected';
}

/**
 * How a turn ended that sent no entry: the last refusal, else the exit that was sent, else what kept the strategy from a signal.
 * To be asked when the mark is over.
 */
export function reasonWithoutEntry(
  run: StrategyRun,
  steps: readonly TurnStep[],
  { decided, begins, warm }: { readonly decided: number; readonly begins: number; readonly warm: boolean },
): string {
  const refused = steps.findLast((step) => step.type === 'refused');
  if (refused) return refused.code;
  for (const step of steps)
    if (step.type === 'order' && leaves(step.order.role))
      return `EXIT_${step.order.role.toUpperCase().replaceAll('-', '_')}`;
  const { slot, product } = run;
  const { flat, entering } = run.context.position;
  if (!flat) return run.holds ? 'IN_POSITION' : 'EXITING';
  if (entering) return 'ENTERING';
  if (decided <= begins) return 'NOT_BEGUN';
  if (slot.over || slot.dayNumber > slot.lastDay) return 'CONTRACT_OVER';
  if (product === 'MIS' && istMinuteOfDay(decided) >= slot.cutOffMinute) return 'AFTER_CUT_OFF';
  return warm ? 'NO_SIGNAL' : 'WARM_UP';
}

/** Entries open, and the stop and target of a trade only wait. */
function leaves(role: OrderRole): boolean {
  return role !== 'entry' && role !== 'stop' && role !== 'target';
}

/** How a turn ended that sent entries, by what became of them. */
export function reasonOfEntries(entries: readonly EntryFate[]): string {
  if (entries.every(({ filled, quantity }) => filled === quantity)) return 'ENTRY_FILLED';
  if (entries.some(({ filled }) => filled > 0)) return 'ENTRY_PART_FILLED';
  const ends = new Set(entries.map(({ end }) => end));
  if (ends.has('rejected')) return 'ENTRY_REJECTED';
  if (ends.has('unknown')) return 'ENTRY_UNKNOWN';
  if (ends.has('none')) return 'ENTRY_WORKING';
  return ends.has('expired') ? 'ENTRY_EXPIRED' : 'ENTRY_CANCELLED';
}
