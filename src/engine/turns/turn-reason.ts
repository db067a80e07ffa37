import type { OrderRole } from '../../domain/order.ts';
import { istMinuteOfDay } from '../../domain/time.ts';
import type { Stage, TurnStep } from '../../domain/turn.ts';
import { stageOf } from '../../domain/turn-reason.ts';
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
  for (const step of steps) {
    const exit = exitReason(step);
    if (exit) return exit;
  }
  const { slot, product } = run;
  const { flat, entering } = run.context.position;
  if (!flat) return run.holds ? 'IN_POSITION' : 'EXITING';
  if (entering) return 'ENTERING';
  if (decided <= begins) return 'NOT_BEGUN';
  if (slot.over || slot.dayNumber > slot.lastDay) return 'CONTRACT_OVER';
  if (product === 'MIS' && istMinuteOfDay(decided) >= slot.cutOffMinute) return 'AFTER_CUT_OFF';
  return warm ? 'NO_SIGNAL' : 'WARM_UP';
}

/** Where something was wanted, whatever became of it. */
const decidedStages: ReadonlySet<Stage> = new Set(['sizing', 'gatekeeper', 'broker']);

/** Where an order leaves a position, the reason that is. */
function exitReason(step: TurnStep): string | undefined {
  if (step.type !== 'order' || !leaves(step.order.role)) return undefined;
  return `EXIT_${step.order.role.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * The reason of a bar after something happened before the next one: a person closed everything, or a fill that came between two bars
 * made the strategy decide. A decision of the bar's own stands; what merely waited does not.
 */
export function reasonBetweenBars(reason: string, step: TurnStep): string {
  if (decidedStages.has(stageOf(reason))) return reason;
  if (step.type === 'refused') return step.code;
  // The end of a run values what is open, and nobody decided on that.
  if (step.type === 'order' && step.order.role === 'end-of-data') return reason;
  return exitReason(step) ?? reason;
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
