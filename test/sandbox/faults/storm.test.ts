import { describe, expect, test } from '@jest/globals';
import { controlFaults } from '#src/sandbox/faults/fault-control.ts';
import { faultNames } from '#src/sandbox/faults/fault-names.ts';
import { createFaultPlan } from '#src/sandbox/faults/fault-plan.ts';
import { stormOf } from '#src/sandbox/faults/storm.ts';
import { HeldClock } from '../../support/scripted-market.ts';

describe('a storm', () => {
  test('is the same for the same seed and another for another', () => {
    expect(stormOf(3)).toEqual(stormOf(3));
    expect(stormOf(3)).not.toEqual(stormOf(4));
  });

  test('has about 60 of 100 faults, and each fault in some storms only', () => {
    const storms = Array.from({ length: 200 }, (_, seed) => stormOf(seed).map(({ name }) => name));
    const share = storms.flat().length / (storms.length * faultNames.length);
    expect(share).toBeGreaterThan(0.55);
    expect(share).toBeLessThan(0.65);
    for (const name of faultNames) {
      const storming = storms.filter((names) => names.includes(name)).length;
      expect(storming).toBeGreaterThan(80);
      expect(storming).toBeLessThan(160);
    }
  });

  test('is called up by the control, and takes the place of what was on', () => {
    const plan = createFaultPlan({ seed: 3, clock: new HeldClock() });
    controlFaults(plan, { action: 'set', name: 'too-many' });
    controlFaults(plan, { action: 'storm', seed: 3 });
    expect(plan.list().map(({ name }) => name)).toEqual(stormOf(3).map(({ name }) => name));
  });
});
