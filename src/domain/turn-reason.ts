import type { Stage } from './turn.ts';

/** Reasons that are not a rule's code, each with where the decision ended and its words. */
const meanings = {
  NOT_BEGUN: ['session', 'before the session begins'],
  CONTRACT_OVER: ['session', 'the contract can no longer be held'],
  AFTER_CUT_OFF: ['session', 'no signal, and after the cut-off for intraday entries'],
  WARM_UP: ['indicators', 'an indicator has had no value yet'],
  NO_SIGNAL: ['signal', 'no signal'],
  IN_POSITION: ['position', 'in a position, no signal'],
  EXITING: ['position', 'an exit is still working'],
  ENTERING: ['position', 'an entry is still working'],
  EXIT: ['broker', 'exit sent'],
  ENTRY_FILLED: ['broker', 'entry sent and filled'],
  ENTRY_PART_FILLED: ['broker', 'entry sent and filled in part'],
  ENTRY_REJECTED: ['broker', 'entry sent and rejected by the broker'],
  ENTRY_EXPIRED: ['broker', 'entry sent and never reached'],
  ENTRY_CANCELLED: ['broker', 'entry sent and cancelled'],
  ENTRY_UNKNOWN: ['broker', 'entry sent, and no answer came'],
  ENTRY_WORKING: ['broker', 'entry sent and still working'],
  STRATEGY_ERROR: ['signal', 'the strategy failed'],
  STRATEGY_HUNG: ['signal', 'the strategy did not come back and is disabled'],
  STRATEGY_DISABLED: ['signal', 'the strategy is disabled after failures'],
  STOP_LOOSENED: ['signal', 'a stop no tighter than the one that stands'],
  SIZE_ZERO: ['sizing', 'sized to nothing'],
  HALT_KILL: ['gatekeeper', 'a signal, and trading was killed'],
  HALT_PAUSE: ['gatekeeper', 'a signal while the session was paused'],
  HALT_OBSERVE: ['gatekeeper', 'a signal while the session only observed'],
  HALT_LOSS: ['gatekeeper', 'a signal after the account had lost what it may'],
  HALT_BREAKER: ['gatekeeper', 'a signal after too many orders were rejected'],
  HALT_START: ['gatekeeper', 'a signal on a bar that was only caught up with'],
  HALT_FEED: ['gatekeeper', 'a signal while the stream was silent'],
  HALT_TOKEN: ['gatekeeper', "a signal while the broker's session was dead"],
  HALT_RECONCILE: ['gatekeeper', "a signal while our positions and the broker's differed"],
  HALT_CLOCK: ['gatekeeper', 'a signal while the clock was wrong'],
  HALT_DISK: ['gatekeeper', 'a signal while the journal could not be written'],
  HALT_INSTRUMENTS: ['gatekeeper', 'a signal while the list of instruments was old'],
} as const satisfies Readonly<Record<string, readonly [Stage, string]>>;
type Meaning = keyof typeof meanings;

/** Where a decision with this reason ended. */
export function stageOf(reason: string): Stage {
  const known = meaningOf(reason);
  if (known) return known[0];
  return reason.startsWith('SIGNAL_') ? 'signal' : 'gatekeeper';
}

/** A reason in words; a rule's code stands for itself. */
export function reasonText(reason: string): string {
  const known = meaningOf(reason);
  if (known) return reason.startsWith('EXIT_') ? `${known[1]}: ${roleOf(reason)}` : known[1];
  return `refused by ${reason}`;
}

function meaningOf(reason: string): readonly [Stage, string] | undefined {
  if (reason.startsWith('EXIT_')) return meanings.EXIT;
  return Object.hasOwn(meanings, reason) ? meanings[reason as Meaning] : undefined;
}

function roleOf(reason: string): string {
  return reason.slice('EXIT_'.length).toLowerCase().replaceAll('_', '-');
}
