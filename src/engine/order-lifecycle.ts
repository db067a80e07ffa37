import { assert } from '../domain/errors.ts';

/** Where an order stands. `denied` is ours, `rejected` theirs, `unknown` means no answer came. */
export type OrderState = 'sent' | 'working' | 'filled' | 'cancelled' | 'rejected' | 'denied' | 'unknown';

/** Every legal step. Terminal states lead nowhere: an order that ended never comes back. */
const steps: Readonly<Record<OrderState, readonly OrderState[]>> = {
  sent: ['working', 'filled', 'cancelled', 'rejected', 'unknown'],
  working: ['working', 'filled', 'cancelled', 'rejected', 'unknown'],
  unknown: ['working', 'filled', 'cancelled', 'rejected'],
  filled: [],
  cancelled: [],
  rejected: [],
  denied: [],
};

/** Asked several times an order, so it compares words rather than look a list up. */
export function isTerminal(state: OrderState): boolean {
  return state === 'filled' || state === 'cancelled' || state === 'rejected' || state === 'denied';
}

/** @throws InvariantError when the broker tells a story that the table does not know. */
export function stepTo(from: OrderState, to: OrderState): OrderState {
  // The way of nearly every order.
  if (from === 'sent' && to === 'filled') return to;
  if (!steps[from].includes(to)) assert(false, `an order that is ${from} cannot become ${to}`);
  return to;
}
