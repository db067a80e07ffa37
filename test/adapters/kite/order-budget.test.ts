import { describe, expect, test } from '@jest/globals';
import { type OrderRequestKind, orderBudget } from '../../../src/adapters/kite/order-budget.ts';
import { Pace } from '../../../src/adapters/kite/pace.ts';

const entry: OrderRequestKind = { exit: false, places: true };
const exit: OrderRequestKind = { exit: true, places: true };
const ages = 1e12;

/** Time that stands still until it is moved, waking sleepers in order. */
function heldTime(start = 1_764_040_000_000) {
  let now = start;
  const sleepers: { at: number; wake: () => void }[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    clock: { now: () => now },
    waiting: {
      sleep: (ms: number) =>
        new Promise<void>((wake) => {
          sleepers.push({ at: now + ms, wake });
        }),
      random: () => 0.5,
    },
    async forward(ms: number) {
      const end = now + ms;
      await settle();
      for (;;) {
        sleepers.sort((one, other) => one.at - other.at);
        if (!sleepers[0] || sleepers[0].at > end) break;
        const next = sleepers.shift();
        now = Math.max(now, next?.at ?? now);
        next?.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

/** Most stamps within any window that includes its start and not its end. */
function busiest(stamps: readonly number[], windowMs: number): number {
  return Math.max(
    0,
    ...stamps.map((from) => stamps.filter((at) => at >= from && at < from + windowMs).length),
  );
}

function sending(options: { perSecond?: number; placedToday?: number } = {}) {
  const time = heldTime();
  const budget = orderBudget({ ...time, ...options });
  const went: { at: number; exit: boolean }[] = [];
  const refused: string[] = [];
  return {
    ...time,
    budget,
    went,
    refused,
    ask(kind: OrderRequestKind, waitMsMax = ages, answerMs = 0) {
      void budget.take(kind, waitMsMax).then(async (turn) => {
        if (turn.kind === 'refused') {
          refused.push(turn.reason);
          return;
        }
        went.push({ at: time.clock.now(), exit: kind.exit });
        if (answerMs > 0) await time.waiting.sleep(answerMs);
        turn.answered();
      });
    },
  };
}

describe('the budget of orders', () => {
  test('never lets more than its limit go in any second or minute', async () => {
    const line = sending({ perSecond: 10 });
    for (let each = 0; each < 900; each++) line.ask(exit, ages, (each * 37) % 400);
    await line.forward(200_000);
    const stamps = line.went.map(({ at }) => at);
    expect(stamps.length).toBe(900);
    expect(busiest(stamps, 1_000)).toBe(10);
    expect(busiest(stamps, 60_000)).toBe(400);
  });

  test('keeps a place in each second, and goes first, for whoever wants to get out', async () => {
    const line = sending();
    for (let each = 0; each < 20; each++) line.ask(entry);
    line.ask(exit);
    await line.forward(0);
    expect(line.went.map((one) => one.exit)).toEqual([false, false, false, false, true]);
  });

  test('a storm of entries leaves exits their share of the minute', async () => {
    const line = sending({ perSecond: 10 });
    for (let each = 0; each < 500; each++) line.ask(entry);
    await line.forward(55_000);
    expect(line.went.length).toBe(360);
    for (let each = 0; each < 40; each++) line.ask(exit);
    await line.forward(4_500);
    expect(line.went.filter((one) => one.exit).length).toBe(40);
  });

  test('of a day is nine tenths for entries, and counts what was placed before a restart', async () => {
    const line = sending({ placedToday: 4_499 });
    line.ask(entry);
    line.ask(entry);
    line.ask(exit);
    line.ask({ exit: true, places: false });
    await line.forward(10);
    expect(line.refused).toEqual(['the account has placed 4500 orders today, and entries may use 4500']);
    expect(line.went.length).toBe(3);
    expect(line.budget.placedToday()).toBe(4_501);
    await line.forward(24 * 3_600_000);
    expect(line.budget.placedToday()).toBe(0);
  });

  test('refuses an order whose turn would come too late', async () => {
    const line = sending({ perSecond: 1 });
    for (let each = 0; each < 5; each++) line.ask(exit, 2_500);
    await line.forward(10_000);
    expect(line.went.length).toBe(3);
    expect(line.refused).toEqual(Array(2).fill("there was no turn for it in time under Kite's limits"));
  });

  test('is not held up by an answer that does not come', async () => {
    const line = sending({ perSecond: 1 });
    line.ask(exit, ages, 60_000);
    line.ask(exit, ages, 60_000);
    await line.forward(2_100);
    expect(line.went.length).toBe(2);
  });

  test.each([0, 11, 2.5])('of %p a second is no budget', (perSecond) => {
    expect(() => orderBudget({ ...heldTime(), perSecond })).toThrow(/from 1 to 10/);
  });
});

test('the pace of reads holds by the server’s clock, however unevenly requests travel', async () => {
  const time = heldTime();
  const pace = new Pace(3, time.clock, time.waiting);
  const arrived: number[] = [];
  for (let each = 0; each < 60; each++) {
    const there = (each * 7_919) % 900;
    void pace.turn(async () => {
      await time.waiting.sleep(there);
      arrived.push(time.clock.now());
      await time.waiting.sleep((each * 104_729) % 300);
    });
  }
  await time.forward(120_000);
  expect(arrived.length).toBe(60);
  expect(busiest(arrived, 1_000)).toBeLessThanOrEqual(3);
});
