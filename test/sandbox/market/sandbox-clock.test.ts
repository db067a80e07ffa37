import { describe, expect, test } from '@jest/globals';
import { createSandboxClock } from '#src/sandbox/market/sandbox-clock.ts';
import { HeldClock } from '../../support/scripted-market.ts';

function clocks(speed = 1) {
  const base = new HeldClock();
  return { base, clock: createSandboxClock({ base, start: 1_000_000, speed }) };
}

describe('the clock of the sandbox', () => {
  test('it runs at its speed from its own start', () => {
    const { base, clock } = clocks(60);
    base.step(1_000);
    expect(clock.now()).toBe(1_060_000);
    clock.setSpeed(2);
    base.step(500);
    expect(clock.now()).toBe(1_061_000);
  });

  test('paused, it stands, and a step moves it', () => {
    const { base, clock } = clocks(0);
    base.step(10_000);
    expect(clock.now()).toBe(1_000_000);
    clock.step(250);
    expect(clock.now()).toBe(1_000_250);
  });

  test('timers wake in order, each at its own instant, however late the host is', () => {
    const { base, clock } = clocks(100);
    const woken: [string, number][] = [];
    const note = (name: string) => () => woken.push([name, clock.now()]);
    clock.at(1_000_300, note('third'));
    clock.at(1_000_100, note('first'));
    clock.at(1_000_100, note('second'));
    clock.at(1_000_050, note('called off'))();
    base.step(5_000);
    expect(woken).toEqual([
      ['first', 1_000_100],
      ['second', 1_000_100],
      ['third', 1_000_300],
    ]);
  });

  test('a timer that a timer sets inside a step wakes in the same step', () => {
    const { clock } = clocks(0);
    const woken: number[] = [];
    const beat = () => {
      woken.push(clock.now());
      if (woken.length < 4) clock.at(clock.now() + 100, beat);
    };
    clock.at(1_000_100, beat);
    clock.step(350);
    expect(woken).toEqual([1_000_100, 1_000_200, 1_000_300]);
    expect(clock.now()).toBe(1_000_350);
  });

  test('a timer in the past wakes soon though the clock stands, never inside the call', () => {
    const { base, clock } = clocks(0);
    let woken = 0;
    clock.at(5, () => {
      woken++;
    });
    expect(woken).toBe(0);
    base.step(0);
    expect(woken).toBe(1);
  });

  test('a hold inside a step stops it there, and the rest of the step follows', async () => {
    const { clock } = clocks(0);
    let release: () => void = () => undefined;
    clock.at(1_000_100, () => {
      release = clock.hold();
    });
    clock.step(1_000);
    expect(clock.now()).toBe(1_000_100);
    const settled = clock.settled();
    release();
    await settled;
    expect(clock.now()).toBe(1_001_000);
  });

  test('time goes on from where a hold ended, without a jump', () => {
    const { base, clock } = clocks(10);
    const release = clock.hold();
    base.step(60_000);
    expect(clock.now()).toBe(1_000_000);
    release();
    base.step(10);
    expect(clock.now()).toBe(1_000_100);
  });

  test('a leap inside a timer carries the clock over the night', () => {
    const { base, clock } = clocks(1);
    clock.at(1_000_500, () => clock.step(1_000_000));
    base.step(500);
    expect(clock.now()).toBe(2_000_500);
    base.step(20);
    expect(clock.now()).toBe(2_000_520);
  });
});
