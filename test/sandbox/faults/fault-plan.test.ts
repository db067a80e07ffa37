import { describe, expect, test } from '@jest/globals';
import { controlFaults } from '#src/sandbox/faults/fault-control.ts';
import { faultNames } from '#src/sandbox/faults/fault-names.ts';
import { createFaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import type { FaultRule } from '#src/sandbox/faults/fault-rule.ts';
import { HeldClock } from '../../support/scripted-market.ts';

const place = { method: 'POST', path: '/orders/regular', user: 'AB0001' };
const book = { method: 'GET', path: '/orders', user: 'AB0001' };
const quote = { method: 'GET', path: '/quote/ltp', user: 'AB0001' };

function planOf(rules: readonly FaultRule[], seed = 1) {
  const clock = new HeldClock();
  return { clock, plan: createFaultPlan({ seed, clock, rules }) };
}

function day(seed: number, rules: readonly FaultRule[]): unknown[] {
  const { plan } = planOf(rules, seed);
  return Array.from({ length: 300 }, () => [
    plan.before(place)?.kind,
    plan.after(place)?.kind,
    plan.orderFrame('AB0001'),
    plan.socket('AB0001'),
    plan.order('AB0001'),
  ]);
}

const storm: FaultRule[] = [
  { name: 'timeout-before', probability: 0.1 },
  { name: 'error-html', probability: 0.3 },
  { name: 'truncate', probability: 0.2 },
  { name: 'frame-drop', probability: 0.2 },
  { name: 'frame-swap', probability: 0.2 },
  { name: 'socket-mute', probability: 0.05 },
  { name: 'reject-order', probability: 0.1 },
];

describe('a plan of faults', () => {
  test('without rules lets everything pass', () => {
    const { plan } = planOf([]);
    expect(plan.before(place)).toBeUndefined();
    expect(plan.after(place)).toBeUndefined();
    expect(plan.orderFrame('AB0001')).toEqual({ copies: 1, delayMs: 0, afterNext: false });
    expect(plan.socket('AB0001')).toBeUndefined();
    expect(plan.socketRefusal('AB0001')).toBeUndefined();
    expect(plan.order('AB0001')).toEqual({ rejection: undefined, parts: 1 });
  });

  test('gives the same day for the same seed and another for another', () => {
    expect(day(7, storm)).toEqual(day(7, storm));
    expect(day(7, storm)).not.toEqual(day(8, storm));
  });

  test('a rule strikes at the same events whatever other rules are on', () => {
    const strikes = (rules: readonly FaultRule[]): number[] => {
      const { plan } = planOf(rules);
      return Array.from({ length: 200 }, (_, index) => (plan.before(place)?.kind === 'silence' ? index : -1));
    };
    expect(strikes([{ name: 'timeout-before', probability: 0.2 }])).toEqual(
      strikes([
        { name: 'timeout-before', probability: 0.2 },
        { name: 'error-json', probability: 0.5 },
      ]),
    );
  });

  test('strikes about as often as its probability', () => {
    const { plan } = planOf([{ name: 'too-many', probability: 0.1 }]);
    for (let request = 0; request < 10_000; request++) plan.before(place);
    expect(plan.struck()['too-many']).toBeGreaterThan(900);
    expect(plan.struck()['too-many']).toBeLessThan(1_100);
  });

  test('a rule with a count strikes so many times and is over', () => {
    const { plan } = planOf([{ name: 'too-many', count: 2 }]);
    expect([plan.before(place), plan.before(place), plan.before(place)].map((fault) => fault?.kind)).toEqual([
      'answer',
      'answer',
      undefined,
    ]);
    expect(plan.list()).toEqual([]);
    expect(plan.struck()).toEqual({ 'too-many': 2 });
  });

  test('a rule with a duration ends with it', () => {
    const { plan, clock } = planOf([{ name: 'too-many', forMs: 60_000 }]);
    clock.step(59_999);
    expect(plan.before(place)).toBeDefined();
    clock.step(1);
    expect(plan.before(place)).toBeUndefined();
  });

  test.each([
    ['orders', true],
    ['/orders', true],
    ['orders/regular', true],
    ['orders/amo', false],
    ['order', false],
    ['quote', false],
  ])('a rule for path %s applies to a placement: %s', (path, applies) => {
    const { plan } = planOf([{ name: 'too-many', path }]);
    expect(plan.before(place) !== undefined).toBe(applies);
  });

  test('historical is the path of candles', () => {
    const { plan } = planOf([{ name: 'too-many', path: 'historical' }]);
    expect(plan.before({ method: 'GET', path: '/instruments/historical/408065/day' })).toBeDefined();
    expect(plan.before({ method: 'GET', path: '/instruments' })).toBeUndefined();
  });

  test('a rule may name a method and a user', () => {
    const { plan } = planOf([{ name: 'too-many', method: 'POST', user: 'AB0001' }]);
    expect(plan.before(quote)).toBeUndefined();
    expect(plan.before({ ...place, user: 'CD0002' })).toBeUndefined();
    expect(plan.before(place)).toBeDefined();
  });

  test('a late order is missing from the book and from nowhere else, until its time has come', () => {
    const { plan, clock } = planOf([{ name: 'late-order', count: 1, value: 3_000 }]);
    plan.visible(place, { order_id: '1' });
    plan.visible(place, { order_id: '2' });
    const rows = [{ order_id: '1' }, { order_id: '2' }];
    expect(plan.visible(book, rows)).toEqual([{ order_id: '2' }]);
    expect(plan.visible(quote, { data: 1 })).toEqual({ data: 1 });
    clock.step(3_000);
    expect(plan.visible(book, rows)).toEqual(rows);
  });

  test('an unsorted book has every row', () => {
    const { plan } = planOf([{ name: 'unsorted-orders' }]);
    const rows = Array.from({ length: 20 }, (_, index) => ({ order_id: String(index) }));
    const seen = plan.visible(book, rows);
    expect(seen).not.toEqual(rows);
    expect(seen).toEqual(expect.arrayContaining(rows));
    expect(seen).toHaveLength(20);
  });
});

describe('the control of faults', () => {
  test('switches on, lists and clears', () => {
    const { plan } = planOf([]);
    const set = controlFaults(plan, {
      action: 'set',
      name: 'error-json',
      probability: 0.5,
      count: 3,
      path: 'orders',
      value: 504,
    });
    expect(set).toMatchObject({
      faults: [{ name: 'error-json', probability: 0.5, count: 3, path: 'orders', value: 504, struck: 0 }],
    });
    controlFaults(plan, { action: 'set', name: 'frame-drop' });
    expect(controlFaults(plan, { action: 'clear', name: 'error-json' })).toMatchObject({
      faults: [{ name: 'frame-drop' }],
    });
    expect(controlFaults(plan, { action: 'clear' })).toMatchObject({ faults: [] });
  });

  test.each([
    [{ action: 'set', name: 'too-mony' }, 'name: Unknown fault "too-mony". Did you mean "too-many"?'],
    [{ action: 'set', name: 'frame-drop', path: 'orders' }, 'does not strike requests'],
    [{ action: 'set', name: 'too-many', value: 3 }, 'too-many takes no value'],
    [{ action: 'set', name: 'error-html', value: 200 }, 'takes a status from 400 to 599, received 200'],
    [{ action: 'set', name: 'too-many', probability: 2 }, 'probability'],
    [{ action: 'set', name: 'too-many', colour: 'red' }, 'colour'],
    [{ action: 'burn' }, 'action'],
    [undefined, ''],
  ])('refuses %j', (body, words) => {
    const { plan } = planOf([]);
    const answer = controlFaults(plan, body);
    expect(typeof answer).toBe('string');
    expect(answer).toContain(words);
    expect(plan.list()).toEqual([]);
  });

  test('knows every fault of the catalogue', () => {
    const { plan } = planOf([]);
    for (const name of faultNames)
      expect(controlFaults(plan, { action: 'set', name })).toBeInstanceOf(Object);
    expect(plan.list().map((rule) => rule.name)).toEqual(faultNames);
  });
});
