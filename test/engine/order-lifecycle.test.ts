import { describe, expect, test } from '@jest/globals';
import { isTerminal, type OrderState, stepTo } from '../../src/engine/order-lifecycle.ts';

const states: readonly OrderState[] = [
  'sent',
  'working',
  'filled',
  'cancelled',
  'rejected',
  'denied',
  'unknown',
];
const legal: Readonly<Record<OrderState, readonly OrderState[]>> = {
  sent: ['working', 'filled', 'cancelled', 'rejected', 'unknown'],
  working: ['working', 'filled', 'cancelled', 'rejected', 'unknown'],
  unknown: ['working', 'filled', 'cancelled', 'rejected'],
  filled: [],
  cancelled: [],
  rejected: [],
  denied: [],
};

describe('the life of an order', () => {
  const pairs = states.flatMap((from) => states.map((to) => [from, to] as const));

  test.each(pairs)('from %s to %s', (from, to) => {
    if (legal[from].includes(to)) expect(stepTo(from, to)).toBe(to);
    else expect(() => stepTo(from, to)).toThrow(`an order that is ${from} cannot become ${to}`);
  });

  test('what has ended stays ended', () => {
    expect(states.filter(isTerminal)).toEqual(['filled', 'cancelled', 'rejected', 'denied']);
  });
});
